import { ShapeError } from "../errors.ts";
import { type ClockLine, clockResidual, fitClockHuber, fitClockMedian } from "./clock-line.ts";
import { medianAbsoluteDeviation, medianOf } from "./order-statistics.ts";

/** Offsets `[first, last]` (inclusive) that were measured on one uninterrupted run of the stream's clock. */
export interface ClockRange {
  readonly first: number;
  readonly last: number;
}

/** The clock of one such run: which model, and how well the offsets agree with it. */
export interface ClockFit {
  readonly range: ClockRange;
  readonly model: "huber" | "median";
  readonly line: ClockLine;
  /** Seconds; 1.4826 MAD of the offsets about the line. */
  readonly residual: number;
}

/**
 * Where a stream's clock was reset (its computer restarted, the device was swapped) during a recording.
 *
 * A reset lies between two offsets when time runs backward or stalls (dt < 0, or |dt - median| > 5 s and
 * > 5 MAD) and the offset jumps there too (|dv| - median > 1 s and > 10 MAD). MAD unscaled.
 *
 * @see pyxdf 1.17, `clock_reset_threshold_*`.
 */
export function splitClockResets(times: Float64Array, offsets: Float64Array): ClockRange[] {
  const n = times.length;
  if (offsets.length !== n) throw new ShapeError("splitClockResets", `${n} offsets`, `${offsets.length}`);
  if (n === 0) return [];
  const dt = new Float64Array(n - 1);
  const dv = new Float64Array(n - 1);
  for (let i = 0; i + 1 < n; i++) {
    dt[i] = times[i + 1] - times[i];
    dv[i] = Math.abs(offsets[i + 1] - offsets[i]);
  }
  const interval = medianOf(dt);
  const step = medianOf(dv);
  const dtMad = medianAbsoluteDeviation(dt, interval) + Number.EPSILON;
  const dvMad = medianAbsoluteDeviation(dv, step) + Number.EPSILON;
  const ranges: ClockRange[] = [];
  let first = 0;
  for (let i = 0; i + 1 < n; i++) {
    const timeAway = Math.abs(dt[i] - interval);
    const offsetAway = Math.abs(dv[i] - step);
    const timeGlitch = dt[i] < 0 || (timeAway / dtMad > 5 && timeAway > 5);
    if (timeGlitch && offsetAway / dvMad > 10 && offsetAway > 1) {
      ranges.push({ first, last: i });
      first = i + 1;
    }
  }
  ranges.push({ first, last: n - 1 });
  return ranges;
}

/**
 * Whether the last offset cannot belong to the clock that the others describe: its distance in time is more than
 * ten times the usual one, or its value lies more than 10 scaled MAD from the median. Some recorders write such
 * an offset, and a few samples with it, when a stream closes.
 */
export function isLastOffsetOdd(times: Float64Array, offsets: Float64Array): boolean {
  const n = times.length;
  if (n < 3) return false;
  const earlier = new Float64Array(n - 2);
  for (let i = 0; i + 2 < n; i++) earlier[i] = times[i + 1] - times[i];
  const lastStep = Math.abs(times[n - 1] - times[n - 2]);
  if (lastStep > 10 * medianOf(earlier)) return true;
  const known = offsets.subarray(0, n - 1);
  const middle = medianOf(known);
  const spread = 1.4826 * medianAbsoluteDeviation(known, middle);
  return spread > 0 && Math.abs(offsets[n - 1] - middle) / spread > 10;
}

/**
 * Clock of every uninterrupted run of a stream's offsets.
 *
 * `rule: "pyxdf"` fits the Huber line always. `rule: "cautious"` (default) fits it from 6 offsets over 30 s on;
 * below that a slope would be noise (two offsets 5 s apart make 140 ppm out of 7e-4 s), so the median stands with
 * drift zero. A range whose line is not determined is left uncorrected under "pyxdf" (offset 0) and
 * gets the median under "cautious".
 */
export function fitClockModel(
  times: Float64Array,
  offsets: Float64Array,
  rule: "cautious" | "pyxdf" = "cautious",
): ClockFit[] {
  return splitClockResets(times, offsets).map((range) => {
    const t = times.subarray(range.first, range.last + 1);
    const v = offsets.subarray(range.first, range.last + 1);
    const enough = t.length >= 6 && Math.abs(t[t.length - 1] - t[0]) >= 30;
    const huber = rule === "pyxdf" || enough ? fitClockHuber(t, v) : undefined;
    const uncorrected: ClockLine = { referenceTime: t[0], offset: 0, slope: 0 };
    const line = huber ?? (rule === "pyxdf" ? uncorrected : fitClockMedian(t, v)) ?? uncorrected;
    const model = huber === undefined || t.length === 1 ? "median" : "huber";
    return { range, model, line, residual: clockResidual(t, v, line) };
  });
}

/**
 * Which samples belong to which run of the clock: the next run begins at the first stamp that is nearer to the
 * first offset of the next run than to the last offset of this one.
 *
 * @returns index of the first sample of each run; `result[0]` is 0.
 */
export function splitSamplesAtResets(
  stamps: Float64Array,
  times: Float64Array,
  ranges: readonly ClockRange[],
): number[] {
  const starts = [0];
  let sample = 0;
  for (let r = 0; r + 1 < ranges.length; r++) {
    const endOfThis = times[ranges[r].last];
    const startOfNext = times[ranges[r + 1].first];
    while (
      sample < stamps.length &&
      Math.abs(stamps[sample] - startOfNext) >= Math.abs(stamps[sample] - endOfThis)
    )
      sample++;
    starts.push(sample);
  }
  return starts;
}
