import type { Hello } from "@attune/wire/page";
import { type Tone, toneOf } from "../parts/tone.ts";

export interface TraceRow {
  readonly streamId: string;
  /** Index in the stream. */
  readonly channel: number;
  readonly label: string;
  readonly unit: string;
  readonly kind: "eeg" | "ecg" | "other";
  /** Microvolts of one unit; undefined where the unit is not a voltage, and the row scales itself. */
  readonly microvolts: number | undefined;
  readonly top: number;
  readonly height: number;
}

export interface TraceGroup {
  readonly person: string | null;
  readonly role: "adult" | "infant" | "child" | "nobody";
  readonly tone: Tone;
  readonly top: number;
  readonly bottom: number;
  readonly rows: readonly TraceRow[];
}

const ORDER = { adult: 0, child: 1, infant: 2, nobody: 3 } as const;
const MICROVOLTS: Readonly<Record<string, number>> = {
  V: 1e6,
  volts: 1e6,
  mV: 1e3,
  millivolts: 1e3,
  uV: 1,
  µV: 1,
  μV: 1,
  microvolts: 1,
  nV: 1e-3,
};
/** An electrocardiogram gets the room of this many EEG rows. */
const TALL_ROW = 3;
/** Share of a group's height that stays free above and below. */
const SPACE_BETWEEN_GROUPS = 10;

/**
 * Rows from the top down: the adult's electrodes, then the adult's heart, then the infant's. Gaze streams have no traces.
 *
 * @param isEverything channels that are neither EEG nor ECG, too
 */
export function layOutTraces(hello: Hello, height: number, isEverything = true): TraceGroup[] {
  const roles = new Map(hello.people.map(({ id, role }) => [id, role]));
  const drafts = new Map<string | null, Omit<TraceRow, "top" | "height">[]>();
  for (const { id, role } of hello.people) if (role !== undefined) drafts.set(id, []);
  for (const stream of hello.streams) {
    if (stream.samplingRate <= 0) continue;
    stream.channels.forEach(({ label, unit, person, signal }, channel) => {
      if (signal === "gaze") return;
      const kind = signal === "eeg" || signal === "ecg" ? signal : "other";
      if (kind === "other" && !isEverything) return;
      const row = { streamId: stream.id, channel, label, unit, kind, microvolts: MICROVOLTS[unit] } as const;
      const rows = drafts.get(person);
      if (rows === undefined) drafts.set(person, [row]);
      else rows.push(row);
    });
  }
  const roleOf = (person: string | null) => (person === null ? "nobody" : (roles.get(person) ?? "nobody"));
  const groups = [...drafts]
    .filter(([, rows]) => rows.length > 0)
    .sort(([a], [b]) => ORDER[roleOf(a)] - ORDER[roleOf(b)]);
  const weight = ({ kind }: { kind: TraceRow["kind"] }): number => (kind === "eeg" ? 1 : TALL_ROW);
  const weights = groups.flatMap(([, rows]) => rows.map(weight)).reduce((sum, w) => sum + w, 0);
  const free = Math.max(0, height - SPACE_BETWEEN_GROUPS * groups.length);

  let y = 0;
  return groups.map(([person, rows]) => {
    const top = y;
    y += SPACE_BETWEEN_GROUPS / 2;
    const ofKind = (kind: TraceRow["kind"]) => rows.filter((row) => row.kind === kind);
    const placed = [...ofKind("eeg"), ...ofKind("ecg"), ...ofKind("other")].map((row) => {
      const rowHeight = (free * weight(row)) / Math.max(1, weights);
      const at = { ...row, top: y, height: rowHeight };
      y += rowHeight;
      return at;
    });
    y += SPACE_BETWEEN_GROUPS / 2;
    const tone = toneOf(hello.people, person ?? "");
    return { person, role: roleOf(person), tone, top, bottom: y, rows: placed };
  });
}
