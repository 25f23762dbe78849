import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type LogEntry, passportText, type TimingPassport } from "@attune/live";
import type { Summary } from "@attune/wire/page";
import type { ReplayCursor } from "./replay-cursor.ts";
import type { ReplayFacts } from "./replay-facts.ts";
import { besideOf } from "./replay-sheets.ts";

/** The sheet of a recorded session, once everything in it is analysed. @param end a cursor at the end of the recording */
export async function replaySummary(
  facts: ReplayFacts,
  end: ReplayCursor,
  log: readonly LogEntry[],
): Promise<Summary> {
  const { path } = facts.recording;
  const passport = await readPassport(path);
  return {
    kind: "summary",
    recording: path,
    isComplete: facts.recording.damage.length === 0,
    durationSeconds: facts.to - facts.from,
    phases: phasesOf(facts),
    usable: facts.people.map(({ id }) => ({ person: id, cleanSeconds: end.usable.totalSeconds(id) })),
    conditions: end.totals.totals.conditions.map(({ condition, nWindows, cleanSeconds }) => ({
      condition,
      nWindows,
      cleanSeconds,
    })),
    alarms: log.flatMap(({ at, level, source, message }) =>
      level === "alarm" ? [{ at, source, message }] : [],
    ),
    overrides: overridesOf(facts),
    timing: passport === undefined ? "" : passportText(passport),
    files: await filesBeside(path),
  };
}

/** The timing passport that was written when the session ended; undefined where there is none that can be read. */
async function readPassport(recordingPath: string): Promise<TimingPassport | undefined> {
  try {
    const text = await readFile(`${besideOf(recordingPath)}.timing.json`, "utf8");
    // What is not known is null in JSON.
    const unknown = (_key: string, value: unknown): unknown => (value === null ? Number.NaN : value);
    const passport = JSON.parse(text, unknown) as TimingPassport;
    // A table of another kind under this name fails here and not on a page.
    passportText(passport);
    return passport;
  } catch {
    return undefined;
  }
}

/** What the times of the recording are worth, in a line. */
export async function timingLine(recordingPath: string): Promise<string | undefined> {
  const passport = await readPassport(recordingPath);
  return passport?.streams
    .map(({ streamId, verdict, remarks }) => `${streamId}: ${[verdict, ...remarks].join(", ")}`)
    .join("; ");
}

/** The phases of the session file in their order, and whatever else there was. */
function phasesOf({ file, states, to }: ReplayFacts): Summary["phases"] {
  const changes = states.filter(({ person, layer }) => person === "session" && layer === "phase");
  const spans = changes.map(({ state, at }, k) => ({
    name: state,
    seconds: (changes[k + 1]?.at ?? to) - at,
  }));
  const planned = file?.phases ?? [];
  const names = new Set([...planned.map(({ name }) => name), ...spans.map(({ name }) => name)]);
  names.delete("none");
  return [...names].map((name) => {
    const own = spans.filter((span) => span.name === name);
    return {
      name,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      plannedSeconds: planned.find((phase) => phase.name === name)?.plannedSeconds ?? null,
      isMissing: own.length === 0,
    };
  });
}

/** `override CHECK ABOUT: REASON`, as a session enters it when it begins. */
function overridesOf({ events }: ReplayFacts): Summary["overrides"] {
  return events.flatMap(({ label }) => {
    const match = /^override (\S+) (.+?): (.+)$/s.exec(label);
    return match === null ? [] : [{ check: match[1]!, about: match[2]!, reason: match[3]! }];
  });
}

const holds: readonly (readonly [ending: RegExp, what: string])[] = [
  [/^\.xdf$/i, "every sample, state and event of the session"],
  [/^\.timing\.txt$/, "what its times are worth, to read"],
  [/^\.timing\.json$/, "the same for programs"],
  [/^\.coding\.tsv$/, "behaviour coded during the session, as BORIS reads it"],
  [/^\.coding-[\w-]+\.tsv$/, "behaviour coded over the recording"],
  [/^\.log\.tsv$/, "every alarm, marker, note and override"],
  [/^\.log-replay\.tsv$/, "notes and bad spans entered over the recording"],
  [/^\.xdf\.journal$/, "the recording was not finished: attune repair finishes it"],
];

async function filesBeside(path: string): Promise<Summary["files"]> {
  const base = basename(besideOf(path));
  const names = await readdir(dirname(path)).catch((): string[] => []);
  return holds.flatMap(([ending, what]) =>
    names
      .filter((name) => name.startsWith(base) && ending.test(name.slice(base.length)))
      .map((name) => ({ name: join(dirname(path), name), holds: what })),
  );
}
