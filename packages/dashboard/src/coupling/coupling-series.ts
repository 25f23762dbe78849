import type { Timeline } from "@attune/wire/page";
import { NULL_BAND_SDS } from "./read-evidence.ts";

type Point = Timeline["couplings"][number];
type Column = (number | null)[];

/** Columns for one chart: a direction of a band, all conditions on one axis of time. */
export interface CouplingSeries {
  readonly times: number[];
  readonly conditions: readonly {
    readonly condition: string;
    /** Only where it may be read. */
    readonly trusted: Column;
    /** Where it may not; joined to what follows. */
    readonly untrusted: Column;
    readonly nullLow: Column;
    readonly nullHigh: Column;
  }[];
}

/**
 * Sorts what became known into columns. No number is made up: a condition has a null wherever it was not estimated at that time. Of
 * two estimates of a condition at one time the later row counts.
 */
export function couplingSeries(
  points: readonly Point[],
  direction: { readonly band: string; readonly from: string; readonly to: string },
  zero: number,
): CouplingSeries {
  const own = points.filter(
    (p) => p.band === direction.band && p.from === direction.from && p.to === direction.to,
  );
  const times = [...new Set(own.map(({ at }) => at))].sort((a, b) => a - b);
  const index = new Map(times.map((at, n) => [at, n]));
  const names = [...new Set(own.map(({ condition }) => condition))];
  const conditions = names.map((condition) => {
    const empty = (): Column => new Array<number | null>(times.length).fill(null);
    const columns = { condition, trusted: empty(), untrusted: empty(), nullLow: empty(), nullHigh: empty() };
    for (const point of own) {
      if (point.condition !== condition) continue;
      const n = index.get(point.at)!;
      columns.trusted[n] = point.isTrusted ? point.value : null;
      columns.untrusted[n] = point.isTrusted ? null : point.value;
      const hasNull = point.nullMean !== null && point.nullSd !== null;
      columns.nullLow[n] = hasNull ? Math.max(0, point.nullMean! - NULL_BAND_SDS * point.nullSd!) : null;
      columns.nullHigh[n] = hasNull ? point.nullMean! + NULL_BAND_SDS * point.nullSd! : null;
    }
    return columns;
  });
  return { times: times.map((at) => at - zero), conditions };
}
