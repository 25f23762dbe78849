import { OptionError } from "../errors.ts";
import { counterRandom } from "../random/index.ts";
import { againstNull, type CovariationNull, requireSeed } from "./covariation-null.ts";

export interface BeatCoincidenceOptions {
  /** Length of the recording that both series of beats cover. */
  readonly durationSeconds: number;
  /** Reach of the histogram; default 0.5 s. */
  readonly reachSeconds?: number;
  /** Default 0.01 s. */
  readonly binSeconds?: number;
  /** Intervals at which a leak would show; default 0.05 s. */
  readonly leakLagSeconds?: number;
  /** Nearest shift of the null, both directions around the recording; default 5 s. */
  readonly minimumShiftSeconds?: number;
  /** Default 199. */
  readonly nSurrogates?: number;
  /** Surrogate k draws from (seed, "beatCoincidence", k). */
  readonly seed: number;
}

export interface BeatCoincidence {
  /** `[nBins]`, seconds, centres; positive where the second member's beat comes later. */
  readonly centres: Float64Array;
  /** `[nBins]`, pairs of beats at that interval. */
  readonly counts: Float64Array;
  /** Pairs per bin if the hearts had nothing to do with each other. */
  readonly expected: number;
  /** The fullest bin among those at which a leak would show. */
  readonly peakInterval: number;
  readonly peakCount: number;
  /** Share of the first member's beats in that bin beyond the mean under the null. */
  readonly excess: number;
  /** Count of the fullest bin against recordings shifted against each other. */
  readonly test: CovariationNull;
}

/**
 * Do the two people's R peaks coincide more often than hearts that beat on their own? Beats that a detector found in
 * the partner's leaked QRS pile up at one short interval.
 *
 * @param first  R-peak times, seconds from the start of the recording, rising
 * @param second the same of the other person, on the same clock
 * @returns p NaN where the recording is shorter than two minimum shifts or somebody has no beats
 * @throws OptionError for options outside their range
 */
export function beatCoincidence(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BeatCoincidenceOptions,
): BeatCoincidence {
  const { durationSeconds: duration, reachSeconds = 0.5, binSeconds = 0.01, leakLagSeconds = 0.05 } = options;
  const { minimumShiftSeconds = 5, nSurrogates = 199 } = options;
  const seed = requireSeed("beatCoincidence", nSurrogates, options.seed);
  if (!(duration > 0 && binSeconds > 0 && leakLagSeconds >= 0 && leakLagSeconds <= reachSeconds))
    throw new OptionError(
      "beatCoincidence needs a positive durationSeconds and binSeconds, and 0 <= leakLagSeconds <= reachSeconds.",
    );
  // An odd number of bins, the middle one around 0.
  const half = Math.round(reachSeconds / binSeconds);
  const near = Math.min(half, Math.ceil(leakLagSeconds / binSeconds - 1e-9));
  const a = Float64Array.from(first);
  const b = Float64Array.from(second);
  const counts = histogram(a, b, half, binSeconds);
  const fullest = (bins: Float64Array, middle: number): number => {
    let best = middle - near;
    for (let k = middle - near; k <= middle + near; k++) if (bins[k] > bins[best]) best = k;
    return best;
  };
  const peak = fullest(counts, half);
  const hasNull = duration >= 2 * minimumShiftSeconds && a.length > 0 && b.length > 0;
  const values = new Float64Array(hasNull ? nSurrogates : 0);
  const shifted = new Float64Array(b.length);
  for (let k = 0; k < values.length; k++) {
    const uniform = counterRandom(seed, "beatCoincidence", k);
    const shift = minimumShiftSeconds + uniform() * (duration - 2 * minimumShiftSeconds);
    for (let i = 0; i < b.length; i++) shifted[i] = (b[i] + shift) % duration;
    const bins = histogram(a, shifted.sort(), near, binSeconds);
    values[k] = bins[fullest(bins, near)];
  }
  const test = againstNull(
    "circularShift",
    a.length > 0 && b.length > 0 ? counts[peak] : Number.NaN,
    values,
    seed,
  );
  return {
    centres: Float64Array.from({ length: 2 * half + 1 }, (_, k) => (k - half) * binSeconds),
    counts,
    expected: (a.length * b.length * binSeconds) / duration,
    peakInterval: (peak - half) * binSeconds,
    peakCount: counts[peak],
    excess: (counts[peak] - test.mean) / a.length,
    test,
  };
}

/** Intervals from each time of a to each of b within reach, in 2 half + 1 bins; both rising. */
function histogram(a: Float64Array, b: Float64Array, half: number, bin: number): Float64Array {
  const counts = new Float64Array(2 * half + 1);
  const reach = (half + 0.5) * bin;
  let from = 0;
  for (let i = 0; i < a.length; i++) {
    while (from < b.length && b[from] < a[i] - reach) from++;
    for (let j = from; j < b.length && b[j] <= a[i] + reach; j++) {
      const k = Math.floor((b[j] - a[i]) / bin + half + 0.5);
      if (k >= 0 && k <= 2 * half) counts[k]++;
    }
  }
  return counts;
}
