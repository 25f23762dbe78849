import type { Hearts, Timeline } from "@attune/wire/page";

type Interval = Timeline["intervals"][number];

/** A stretch of a strip. */
export interface Segment {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

export interface Layer {
  readonly person: string;
  readonly layer: string;
}

const REST = /^(unknown|uncoded|uncodable|n\/a|na|none|no|off|silent|silence|quiet|absent|no-touch)$/i;
const NOT_VOICE = /vegetative|breath|burp|hiccup|cough|sneeze/i;

/** What holds in a layer between two times; rest and unknown are left out, a state that still holds goes to the end. */
export function segmentsOf(
  intervals: readonly Interval[],
  { person, layer }: Layer,
  from: number,
  to: number,
): Segment[] {
  return intervals
    .filter((each) => each.person === person && each.layer === layer && !REST.test(each.state))
    .map(({ state, onset, offset }) => ({
      state,
      from: Math.max(from, onset),
      to: Math.min(to, offset ?? to),
    }))
    .filter((segment) => segment.to > segment.from);
}

/** Where somebody's voice is heard; breathing and hiccups are none. */
export const voiceOf = (
  intervals: readonly Interval[],
  person: string,
  from: number,
  to: number,
): Segment[] =>
  segmentsOf(intervals, { person, layer: "voice" }, from, to).filter(({ state }) => !NOT_VOICE.test(state));

/** Where both have a segment. */
export function overlapsOf(a: readonly Segment[], b: readonly Segment[]): Segment[] {
  return a
    .flatMap((x) =>
      b.map((y) => ({ state: "both", from: Math.max(x.from, y.from), to: Math.min(x.to, y.to) })),
    )
    .filter(({ from, to }) => to > from)
    .sort((x, y) => x.from - y.from);
}

/** Layers that split the windows, voices left out: they have rows of their own. */
export function bandLayers(totals: Hearts["totals"]): Layer[] {
  const layers = new Map<string, Layer>();
  for (const { byLayer } of totals)
    for (const { person, layer } of byLayer)
      if (layer !== "voice") layers.set(`${person}\n${layer}`, { person, layer });
  return [...layers.values()];
}

/** Seconds of every state, for those who cannot see the strips. */
export function secondsOf(segments: readonly Segment[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { state, from, to } of segments) sums.set(state, (sums.get(state) ?? 0) + to - from);
  return sums;
}
