import type { Hello, Timeline } from "@attune/wire/page";
import { byPerson } from "../parts/person-order.ts";
import { isInLane, type Lane } from "../traces/paint-lanes.ts";

/** What stands in the timeline from the top down. */
export type TimelineRow =
  | { readonly kind: "lane"; readonly lane: Lane }
  | { readonly kind: "rejected" }
  | { readonly kind: "gaps" }
  | { readonly kind: "coupling"; readonly from: string; readonly to: string };

/** Heights in CSS pixels: of each kind of row, of what is between them, and of the axis above. */
export interface TimelineMeasures extends Readonly<Record<TimelineRow["kind"], number>> {
  readonly between: number;
  readonly axis: number;
}

export const ROOMY: TimelineMeasures = {
  lane: 17,
  rejected: 13,
  gaps: 13,
  coupling: 40,
  between: 3,
  axis: 20,
};
/** On a low screen, so that the signals keep their room and no row has to be scrolled to. */
export const LOW: TimelineMeasures = {
  lane: 13,
  rejected: 11,
  gaps: 11,
  coupling: 26,
  between: 2,
  axis: 18,
};

/** Every layer that is coded or has been seen, what was rejected and lost, and coupling for each direction of a band. */
export function timelineRows(
  timeline: Timeline,
  layers: Hello["coding"]["layers"],
  band: string,
  people: Hello["people"] = [],
): TimelineRow[] {
  const lanes = new Map<string, Lane>();
  for (const { person, layer } of [...layers, ...timeline.intervals])
    if (layer !== "phase" && layer !== "pause") lanes.set(`${person}.${layer}`, { person, layer });
  const directions = new Map<string, TimelineRow>();
  for (const { band: of, from, to } of timeline.couplings)
    if (of === band) directions.set(`${from} ${to}`, { kind: "coupling", from, to });
  return [
    ...byPerson([...lanes.values()], people).map((lane) => ({ kind: "lane" as const, lane })),
    { kind: "lane", lane: { person: "session", layer: "phase" } },
    { kind: "rejected" },
    { kind: "gaps" },
    ...directions.values(),
  ];
}

export const rowsHeight = (rows: readonly TimelineRow[], measures: TimelineMeasures): number =>
  rows.reduce((sum, { kind }) => sum + measures[kind] + measures.between, measures.axis);

/** Seconds of every state of a layer, for those who cannot see the bands. Open states count up to the end. */
export function secondsPerState(timeline: Timeline, lane: Lane): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const interval of timeline.intervals) {
    if (!isInLane(lane, interval)) continue;
    const length = Math.max(0, (interval.offset ?? timeline.to) - interval.onset);
    sums.set(interval.state, (sums.get(interval.state) ?? 0) + length);
  }
  return sums;
}

/** A round number of seconds between two labels of the axis, at least `leastSeconds`. */
export function labelSeconds(leastSeconds: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  return steps.find((step) => step >= leastSeconds) ?? 7200;
}
