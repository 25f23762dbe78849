import { quantileOfSorted } from "../../clock/order-statistics.ts";
import { requireRising } from "./interbeat-intervals.ts";

/** Beat numbers, counted from 0 in the beat train given, rising in each class. */
export interface LipponenTarvainenArtefacts {
  /** A beat that came too early or too late, with the opposite error beside it. */
  readonly ectopic: number[];
  /** A beat was missed before this one. */
  readonly missed: number[];
  /** This beat is no beat. */
  readonly extra: number[];
  /** The interval up to this beat is longer than its surroundings, and none of the other classes fits. */
  readonly long: number[];
  /** Shorter than its surroundings, likewise. */
  readonly short: number[];
}

const slope = 0.13;
const intercept = 0.17;
const thresholdFactor = 5.2;
const thresholdWindow = 91;
const medianWindow = 11;

/**
 * Beat classes of Lipponen and Tarvainen. The interval up to beat k is RR_k, and its mean stands for RR_0.
 *
 *     dRR_k = (RR_k - RR_(k-1)) / Th1_k,   Th = 5.2 (Q3 - Q1) / 2 of |.| over 91 beats centred on k
 *     mRR_k = (RR_k - median of 11) / Th2_k, doubled where negative
 *     S12 the more extreme neighbour of dRR_k of its sign, S22 the less extreme of the two that follow
 *     ectopic  dRR > 1 and S12 < -0.13 dRR - 0.17, or the mirror image
 *     long     dRR > 1 and S22 < -1;  short  dRR < -1 and S22 > 1;  either where |mRR| > 3
 *     missed   long and |RR / 2 - median| < Th2;  extra  short and |RR_k + RR_(k+1) - median| < Th2
 *
 * Windows are cut short at the ends; the last two beats are not judged. Bigeminy inflates the thresholds until
 * nothing exceeds them: with every other beat ectopic the method finds none, and the raw intervals must be looked at.
 *
 * @param beatTimes `[nBeats]`, s, rising. Nothing is found in fewer than 4 beats
 * @throws OptionError when the times do not rise.
 * @see Lipponen, Tarvainen, "A robust algorithm for heart rate variability time series artefact correction using
 *   novel beat classification", J. Med. Eng. Technol. 43, 2019.
 */
export function lipponenTarvainenArtefacts(beatTimes: ArrayLike<number>): LipponenTarvainenArtefacts {
  requireRising("lipponenTarvainenArtefacts", beatTimes);
  const found = {
    ectopic: [] as number[],
    missed: [] as number[],
    extra: [] as number[],
    long: [] as number[],
    short: [] as number[],
  };
  const n = beatTimes.length;
  if (n < 4) return found;
  const rr = differencesMeanFirst(beatTimes);
  const dRR = differencesMeanFirst(rr);
  divide(dRR, rollingThreshold(dRR));
  const medianRR = new Float64Array(n);
  rolling(rr, medianWindow, (sorted, k) => {
    medianRR[k] = quantileOfSorted(sorted, 0.5);
  });
  const mRR = rr.map((value, k) => (value < medianRR[k] ? 2 : 1) * (value - medianRR[k]));
  const threshold2 = rollingThreshold(mRR);
  divide(mRR, threshold2);
  const { s12, s22 } = subspaces(dRR);

  for (let k = 0; k < n - 2; ) {
    const d = dRR[k];
    if (!(Math.abs(d) > 1)) {
      k++;
      continue;
    }
    if ((d > 1 && s12[k] < -slope * d - intercept) || (d < -1 && s12[k] > -slope * d + intercept)) {
      found.ectopic.push(k);
      k++;
      continue;
    }
    // The beat after a large difference may be the one at fault, if the difference that follows it is larger still.
    const last = Math.abs(dRR[k + 1]) < Math.abs(dRR[k + 2]) ? k + 1 : k;
    for (let j = k; j <= last; j++) {
      const long = dRR[j] > 1 && s22[j] < -1;
      const short = dRR[j] < -1 && s22[j] > 1;
      if (!long && !short && !(Math.abs(mRR[j]) > 3)) continue;
      if (short && Math.abs(rr[j] + rr[j + 1] - medianRR[j]) < threshold2[j]) found.extra.push(j);
      else if (long && Math.abs(rr[j] / 2 - medianRR[j]) < threshold2[j]) found.missed.push(j);
      else (rr[j] > medianRR[j] ? found.long : found.short).push(j);
    }
    k = last + 1;
  }
  return found;
}

/** First differences; their mean takes the place of the first, which has none. */
function differencesMeanFirst(x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(x.length);
  let sum = 0;
  for (let k = 1; k < x.length; k++) {
    out[k] = x[k] - x[k - 1];
    sum += out[k];
  }
  out[0] = sum / (x.length - 1);
  return out;
}

function divide(x: Float64Array, by: Float64Array): void {
  for (let k = 0; k < x.length; k++) x[k] /= by[k];
}

/** Calls `visit` with the sorted values of the window centred on k, cut short at the ends. */
function rolling(x: Float64Array, width: number, visit: (sorted: Float64Array, k: number) => void): void {
  const half = (width - 1) / 2;
  const scratch = new Float64Array(width);
  for (let k = 0; k < x.length; k++) {
    const window = x.subarray(Math.max(0, k - half), Math.min(x.length, k + half + 1));
    const sorted = scratch.subarray(0, window.length);
    sorted.set(window);
    visit(sorted.sort(), k);
  }
}

function rollingThreshold(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  rolling(x.map(Math.abs), thresholdWindow, (sorted, k) => {
    out[k] = (thresholdFactor * (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25))) / 2;
  });
  return out;
}

/** Neighbours of each difference, mirrored at both ends. */
function subspaces(d: Float64Array): { s12: Float64Array; s22: Float64Array } {
  const n = d.length;
  const at = (k: number) => d[k < 0 ? -k : k >= n ? 2 * n - 2 - k : k];
  const s12 = new Float64Array(n);
  const s22 = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const [before, after, second] = [at(k - 1), at(k + 1), at(k + 2)];
    if (d[k] > 0) s12[k] = Math.max(before, after);
    else if (d[k] < 0) s12[k] = Math.min(before, after);
    s22[k] = d[k] >= 0 ? Math.min(after, second) : Math.max(after, second);
  }
  return { s12, s22 };
}
