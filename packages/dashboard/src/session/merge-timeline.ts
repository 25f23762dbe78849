import type { Timeline } from "@attune/wire/page";

type Interval = Timeline["intervals"][number];

export const EMPTY_TIMELINE: Timeline = {
  kind: "timeline",
  isWhole: true,
  from: 0,
  to: 0,
  intervals: [],
  events: [],
  gaps: [],
  couplings: [],
  rejected: [],
};

/**
 * What was known and what came, as a new whole. The same thing told twice stands there once, as it was told last, so that a page
 * that reconnects may be told too much and never too little.
 */
export function mergeTimeline(known: Timeline, more: Timeline): Timeline {
  if (more.isWhole || known === EMPTY_TIMELINE) return { ...more, isWhole: true };
  return {
    kind: "timeline",
    isWhole: true,
    from: Math.min(known.from, more.from),
    to: Math.max(known.to, more.to),
    intervals: mergeIntervals(known.intervals, more.intervals),
    events: joined(known.events, more.events, ({ at, label, source }) => `${at} ${source} ${label}`),
    gaps: joined(known.gaps, more.gaps, ({ streamId, from }) => `${from} ${streamId}`),
    couplings: joined(
      known.couplings,
      more.couplings,
      ({ at, condition, from, to, band }) => `${at} ${condition} ${from} ${to} ${band}`,
    ),
    rejected: joined(known.rejected, more.rejected, ({ at }) => `${at}`),
  };
}

/** An interval that was open is closed by its own end, or by the next state of its layer. */
function mergeIntervals(known: readonly Interval[], more: readonly Interval[]): Interval[] {
  if (more.length === 0) return known as Interval[];
  const merged = joined(known, more, ({ person, layer, onset }) => `${onset} ${person} ${layer}`);
  const next = new Map<string, number>();
  for (let i = merged.length - 1; i >= 0; i--) {
    const each = merged[i]!;
    const layer = `${each.person} ${each.layer}`;
    const end = next.get(layer);
    if (each.offset === null && end !== undefined) merged[i] = { ...each, offset: end };
    next.set(layer, each.onset);
  }
  return merged;
}

/** By time, each once. Only the tail that the new ones reach back to is looked at, so that a long session stays cheap. */
function joined<Row extends { readonly at: number } | { readonly onset: number } | { readonly from: number }>(
  known: readonly Row[],
  more: readonly Row[],
  identity: (row: Row) => string,
): Row[] {
  if (more.length === 0) return known as Row[];
  const since = more.reduce((least, row) => Math.min(least, timeOf(row)), Number.POSITIVE_INFINITY);
  let tail = known.length;
  while (tail > 0 && timeOf(known[tail - 1]!) >= since) tail--;
  const rows = new Map<string, Row>();
  for (const row of known.slice(tail)) rows.set(identity(row), row);
  for (const row of more) rows.set(identity(row), row);
  return [...known.slice(0, tail), ...[...rows.values()].sort((a, b) => timeOf(a) - timeOf(b))];
}

type Timed = { readonly at: number } | { readonly onset: number } | { readonly from: number | string };

function timeOf(row: Timed): number {
  if ("at" in row) return row.at;
  if ("onset" in row) return row.onset;
  return Number(row.from);
}
