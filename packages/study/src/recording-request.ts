import { basename } from "node:path";
import type { LiveSettings } from "@attune/pipeline";
import type { OpenOptions, Recording } from "@attune/recording";
import type { Coupling } from "@attune/signal";
import type { AnalysisProgress, AnalysisRequest } from "./analyse.ts";
import type { PersonRequest } from "./people.ts";
import { attuneVersion, hashOf } from "./provenance.ts";
import type { Provenance } from "./result.ts";
import type { StudySettings } from "./settings.ts";

/** One recording to analyse, and how. */
export interface RecordingRequest {
  readonly path: string;
  readonly open?: OpenOptions;
  /** A table of coded states; it replaces states that the recording carries itself. */
  readonly statesPath?: string;
  readonly people: readonly PersonRequest[];
  readonly profile: string;
  readonly settings: StudySettings;
  readonly live?: LiveSettings;
  readonly chunkSeconds?: number;
  /** Replay speed, N times real time; as fast as possible when absent. It changes no number. */
  readonly pace?: number;
  readonly onProgress?: (progress: AnalysisProgress) => void;
  readonly onCoupling?: (coupling: Coupling) => void;
}

/** What a request says about the analysis, whatever the recording holds. */
export function shared(
  request: RecordingRequest,
): Pick<AnalysisRequest, "profile" | "settings" | "live"> &
  Pick<AnalysisRequest, "onProgress" | "onCoupling"> {
  const { profile, settings, live, onProgress, onCoupling } = request;
  return {
    profile,
    settings,
    ...(live === undefined ? {} : { live }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onCoupling === undefined ? {} : { onCoupling }),
  };
}

export async function provenanceOf(recording: Recording, settings: StudySettings): Promise<Provenance> {
  return {
    attuneVersion,
    settingsHash: hashOf(settings),
    inputs: [{ name: basename(recording.path), sha256: await recording.sha256() }],
    seed: settings.seed,
    alignment: settings.alignment,
    filterPhase: settings.filter.phase,
  };
}
