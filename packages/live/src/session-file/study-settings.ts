import type { LiveSettings } from "@attune/pipeline";
import { profileNamed, type StudySettings, studySettingsSchema } from "@attune/study";
import { SessionError } from "../errors.ts";
import { PAUSE_LAYER } from "../session/pause-layer.ts";
import type { SessionFile } from "./schema.ts";

export interface AnalysisPlan {
  readonly profile: string;
  readonly settings: StudySettings;
  readonly running: LiveSettings;
}

/** The profile with what the session file changes. @throws SessionError (misuse) for settings that no profile has */
export function analysisPlan(file: SessionFile): AnalysisPlan {
  const { profile, settings, running } = file.analysis;
  const base = profileNamed(profile).settings;
  const merged = overlay(base, settings, "analysis.settings") as Record<string, unknown>;
  const parsed = studySettingsSchema.safeParse({ ...merged, alignment: "causal" });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SessionError(
      `analysis.settings.${issue!.path.join(".")} is not right: ${issue!.message}; see "attune analyze --help".`,
      { misuse: true },
    );
  }
  const { states } = parsed.data;
  const require = [...states.require, RUNNING];
  return { profile, settings: { ...parsed.data, states: { ...states, require } }, running };
}

/** Windows in a pause are not used. */
const RUNNING = { person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, states: [PAUSE_LAYER.running] };

/** `changes` laid over `base`, key by key; a key that `base` lacks is a misprint. */
function overlay(base: unknown, changes: unknown, path: string): unknown {
  if (!isRecord(base) || !isRecord(changes)) return changes;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    if (!(key in base))
      throw new SessionError(
        `${path} has no setting called "${key}": there are ${Object.keys(base).sort().join(", ")}.`,
        { misuse: true },
      );
    result[key] = overlay(base[key], value, `${path}.${key}`);
  }
  return result;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
