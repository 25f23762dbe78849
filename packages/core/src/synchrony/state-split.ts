import { OptionError, ShapeError } from "../errors.ts";
import { median, permutationP } from "../statistics/index.ts";
import { samplesOf } from "./sample-count.ts";
import { Moments, type StateMoments, stateContrast } from "./state-moments.ts";

/** Windows with a value each, as `windowedCrossCorrelation` returns them. */
export interface ValuedWindows {
  /** `[nWindows]`, such as Fisher z; NaN for no value. */
  readonly z: Float64Array;
  /** `[nWindows]`, seconds from the first sample. */
  readonly starts: Float64Array;
  readonly windowSeconds: number;
}

export interface StateSplitOptions {
  /** Hz, of the state stream; the windows must start on its grid. */
  readonly samplingRate: number;
  /** Share of a window in the state from which it counts as in; default 0.5. */
  readonly minimumShare?: number;
  /** Nearest circular shift of the state stream, both directions; default 30 s. */
  readonly minimumShiftSeconds?: number;
  /** From one shift to the next; default 10 s. */
  readonly stepSeconds?: number;
}

/** A windowed measure in and out of a state. */
export interface StateSplit {
  readonly inside: StateMoments & { readonly median: number };
  readonly outside: StateMoments & { readonly median: number };
  /** Windows partly in the state, or with unknown stretches; left out. */
  readonly nMixed: number;
  /** Windows without a value; counted nowhere else. */
  readonly nWithoutValue: number;
  /** Mean inside minus mean outside; NaN with fewer than 3 windows on a side. */
  readonly difference: number;
  /** Hedges' g of the difference; NaN likewise. Overlapping windows are not independent: it describes. */
  readonly hedgesG: number;
  /** Two-sided, by circular shifts of the state stream; NaN likewise or without shifts. */
  readonly p: number;
  readonly nShifts: number;
}

/**
 * Splits a windowed measure by a state of either member or of both (stress, task phase, mutual gaze, touch, crying).
 *
 * A window is in where at least half of it lies in the state, out where none of it does, and left out otherwise. The
 * test rotates the state stream against the windows: it keeps how long and how often the state is, and how slowly
 * the measure drifts.
 *
 * @param windows  the measure
 * @param state    `[nSamples]` of the session: 1 in the state, 0 not, NaN unknown, which is not the same as not
 * @throws ShapeError when a window reaches beyond the state stream; OptionError for options outside their range
 */
export function splitByState(
  windows: ValuedWindows,
  state: Float64Array,
  options: StateSplitOptions,
): StateSplit {
  const { samplingRate, minimumShare = 0.5, minimumShiftSeconds = 30, stepSeconds = 10 } = options;
  if (!(minimumShare > 0 && minimumShare <= 1))
    throw new OptionError(`splitByState: minimumShare must lie in (0, 1], got ${minimumShare}.`);
  const n = state.length;
  const length = samplesOf("splitByState: windowSeconds", windows.windowSeconds, samplingRate);
  const minimumShift = samplesOf("splitByState: minimumShiftSeconds", minimumShiftSeconds, samplingRate);
  const step = samplesOf("splitByState: stepSeconds", stepSeconds, samplingRate);
  const starts = Int32Array.from(windows.starts, (start) => Math.round(start * samplingRate));
  if (windows.z.length !== starts.length)
    throw new ShapeError("splitByState", `${starts.length} values, one per window`, `${windows.z.length}`);
  for (const start of starts)
    if (start < 0 || start + length > n)
      throw new ShapeError("splitByState", `windows inside ${n} samples of state`, `one from ${start} on`);

  // Twice around, so that a rotated window is still one stretch.
  const inState = new Float64Array(2 * n + 1);
  const unknown = new Float64Array(2 * n + 1);
  for (let t = 0; t < 2 * n; t++) {
    const value = state[t % n];
    inState[t + 1] = inState[t] + (value > 0 ? 1 : 0);
    unknown[t + 1] = unknown[t] + (Number.isNaN(value) ? 1 : 0);
  }
  const label = (start: number, shift: number): -1 | 0 | 1 => {
    const from = (start - shift + n) % n;
    const share = (inState[from + length] - inState[from]) / length;
    if (share >= minimumShare) return 1;
    return share === 0 && unknown[from + length] === unknown[from] ? 0 : -1;
  };
  const differenceAt = (shift: number): number => {
    const sums = [0, 0];
    const counts = [0, 0];
    for (let w = 0; w < starts.length; w++) {
      const side = label(starts[w], shift);
      if (side < 0 || Number.isNaN(windows.z[w])) continue;
      sums[side] += windows.z[w];
      counts[side]++;
    }
    return counts[0] < 3 || counts[1] < 3 ? Number.NaN : sums[1] / counts[1] - sums[0] / counts[0];
  };

  const inside: number[] = [];
  const outside: number[] = [];
  let nMixed = 0;
  let nWithoutValue = 0;
  for (let w = 0; w < starts.length; w++) {
    const side = label(starts[w], 0);
    if (Number.isNaN(windows.z[w])) nWithoutValue++;
    else if (side < 0) nMixed++;
    else (side === 1 ? inside : outside).push(windows.z[w]);
  }
  const contrast = stateContrast(momentsOf(inside), momentsOf(outside));
  const shifted: number[] = [];
  for (let shift = minimumShift; shift <= n - minimumShift; shift += step)
    shifted.push(Math.abs(differenceAt(shift)));
  return {
    inside: { ...momentsOf(inside), median: median(inside) },
    outside: { ...momentsOf(outside), median: median(outside) },
    nMixed,
    nWithoutValue,
    ...contrast,
    p: shifted.length === 0 ? Number.NaN : permutationP(Math.abs(contrast.difference), shifted),
    nShifts: shifted.length,
  };
}

function momentsOf(values: readonly number[]): StateMoments {
  const moments = new Moments();
  for (const value of values) moments.add(value);
  return moments.summary();
}

/**
 * A state stream on the grid of the series: sample k is in the state when its moment lies in one of the intervals,
 * the onset included, the offset not.
 *
 * @param intervals onset and offset in seconds from the first sample, in any order
 * @returns `[nSamples]` of 0 and 1
 */
export function stateStream(
  intervals: readonly (readonly [onset: number, offset: number])[],
  nSamples: number,
  samplingRate: number,
): Float64Array {
  const out = new Float64Array(nSamples);
  for (const [onset, offset] of intervals) {
    // The moment k / rate must not lie before the onset by rounding alone.
    const from = Math.max(0, Math.ceil(onset * samplingRate - 1e-9));
    const to = Math.min(nSamples, Math.ceil(offset * samplingRate - 1e-9));
    if (to > from) out.fill(1, from, to);
  }
  return out;
}
