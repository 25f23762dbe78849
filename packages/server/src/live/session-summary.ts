import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type LiveSession, passportText } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Summary } from "@attune/wire/page";
import type { UsableTime } from "./usable-time.ts";

export interface PhaseSpan {
  readonly name: string;
  readonly from: Seconds;
  readonly to: Seconds;
}

export interface SummaryParts {
  readonly session: LiveSession;
  readonly endedAt: Seconds;
  readonly phases: readonly PhaseSpan[];
  readonly usable: UsableTime;
  readonly alarms: Summary["alarms"];
  readonly overrides: Summary["overrides"];
}

/** The sheet before the family leaves. */
export async function summaryOf(parts: SummaryParts): Promise<Summary> {
  const { session, endedAt, usable, alarms, overrides } = parts;
  const { recording, beganAt, totals } = session;
  return {
    kind: "summary",
    recording: recording?.path ?? null,
    isComplete: recording?.health.state === "closed",
    durationSeconds: Number.isNaN(beganAt) ? 0 : Math.max(0, endedAt - beganAt),
    phases: phasesOf(parts),
    usable: session.loaded.file.people.map(({ id }) => ({
      person: id,
      cleanSeconds: usable.totalSeconds(id),
    })),
    conditions: totals.conditions.map(({ condition, nWindows, cleanSeconds }) => ({
      condition,
      nWindows,
      cleanSeconds,
    })),
    alarms,
    overrides: [...overrides],
    timing: passportText(session.passport()),
    files: recording === undefined ? [] : await filesBeside(recording.path),
  };
}

/** The phases of the file in their order, and whatever else there was. */
function phasesOf({ session, phases }: SummaryParts): Summary["phases"] {
  const planned = session.loaded.file.phases;
  const names = new Set([...planned.map(({ name }) => name), ...phases.map(({ name }) => name)]);
  return [...names].map((name) => {
    const spans = phases.filter((phase) => phase.name === name);
    return {
      name,
      seconds: spans.reduce((sum, { from, to }) => sum + to - from, 0),
      plannedSeconds: planned.find((phase) => phase.name === name)?.plannedSeconds ?? null,
      isMissing: spans.length === 0,
    };
  });
}

const holds: readonly (readonly [ending: string, what: string])[] = [
  [".xdf", "every sample, state and event of the session"],
  [".timing.txt", "what its times are worth, to read"],
  [".timing.json", "the same for programs"],
  [".coding.tsv", "coded behaviour, as BORIS reads it"],
  [".states.tsv", "coded states with every correction, for attune analyze --states"],
  [".log.tsv", "every alarm, marker, note and override"],
  [".xdf.journal", "the recording was not finished: attune repair finishes it"],
];

async function filesBeside(path: string): Promise<Summary["files"]> {
  const base = basename(path).replace(/\.xdf$/i, "");
  const names = await readdir(dirname(path)).catch((): string[] => []);
  return holds.flatMap(([ending, what]) =>
    names.includes(`${base}${ending}`)
      ? [{ name: join(dirname(path), `${base}${ending}`), holds: what }]
      : [],
  );
}
