import type { InterbeatIntervals } from "../interbeat/interbeat-intervals.ts";
import type { Population } from "../interbeat/population.ts";

/** Breaths as times in s, rising: `onsets[i]` begins inspiration, `peaks[i]` ends it, `onsets[i] < peaks[i]`. */
export interface Breaths {
  readonly onsets: ArrayLike<number>;
  readonly peaks: ArrayLike<number>;
}

export interface PeakToTrough {
  /** `[nBreaths]`, ms, 0 or more; NaN where a phase holds no interval. */
  readonly perBreath: Float64Array;
  /** Mean over the breaths that have a value, ms. */
  readonly mean: number;
}

const extensionSeconds: Record<Population, number> = { adult: 0.75, infant: 0.3, child: 0.5 };

/**
 * RSA breath by breath: the longest interval of expiration minus the shortest of inspiration.
 *
 *     max IBI in [peak_i, onset_(i+1) + ext] - min IBI in [onset_i, peak_i + ext],   0 if negative
 *
 * The heart answers late, hence the extension: adult 0.75 s, infant 0.30 s. The child's 0.5 s lies between them and
 * follows no publication. Report breathing rate and depth beside it (`respirationEpochs`): both move RSA.
 *
 * @param intervals interbeat intervals by closing beat, s and ms; NaN is skipped
 * @param breaths n onsets and peaks give n - 1 breaths
 * @see Grossman, van Beek, Wientjes, "A comparison of three quantification methods for estimation of respiratory
 *   sinus arrhythmia", Psychophysiology 27, 1990.
 */
export function rsaPeakToTrough(
  { times, intervals }: InterbeatIntervals,
  { onsets, peaks }: Breaths,
  options: { readonly population: Population; readonly extensionSeconds?: number },
): PeakToTrough {
  const extension = options.extensionSeconds ?? extensionSeconds[options.population];
  const nBreaths = Math.max(0, Math.min(onsets.length - 1, peaks.length));
  const perBreath = new Float64Array(nBreaths);
  let sum = 0;
  let count = 0;
  let first = 0;
  for (let breath = 0; breath < nBreaths; breath++) {
    const [onset, peak, next] = [onsets[breath], peaks[breath], onsets[breath + 1]];
    let shortest = Number.POSITIVE_INFINITY;
    let longest = Number.NEGATIVE_INFINITY;
    while (first < times.length && times[first] < onset) first++;
    for (let k = first; k < times.length && times[k] <= next + extension; k++) {
      const interval = intervals[k];
      if (Number.isNaN(interval)) continue;
      if (times[k] <= peak + extension) shortest = Math.min(shortest, interval);
      if (times[k] >= peak) longest = Math.max(longest, interval);
    }
    const difference = longest - shortest;
    perBreath[breath] = Number.isFinite(difference) ? Math.max(0, difference) : Number.NaN;
    if (Number.isNaN(perBreath[breath])) continue;
    sum += perBreath[breath];
    count++;
  }
  return { perBreath, mean: sum / count };
}
