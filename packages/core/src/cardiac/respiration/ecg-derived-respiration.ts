import { OptionError } from "../../errors.ts";
import type { Population } from "../interbeat/population.ts";

export interface EcgDerivedRespirationOptions {
  /** Hz. */
  readonly samplingRate: number;
  /** `[nBeats]`, s, rising: R peaks. */
  readonly beatTimes: ArrayLike<number>;
  readonly population: Population;
  /** s, time of the first ECG sample. Default 0. */
  readonly startTime?: number;
}

export interface EcgDerivedRespiration {
  /** `[n]`, s: the beats whose QRS lies inside the recording. */
  readonly times: Float64Array;
  /** `[n]`, in the unit of the ECG. NaN where the QRS has a missing sample. */
  readonly values: Float64Array;
}

const halfQrsSeconds: Record<Population, number> = { adult: 0.06, infant: 0.035, child: 0.045 };

/**
 * Breathing read off the ECG, offline: the chest's movement turns the heart's axis, and the QRS from top to bottom
 * changes its height from beat to beat. One value per beat; make it uniform with
 * `interbeatSeries({ times, intervals: values }, ...)`.
 *
 * Its sign depends on the lead: it tells rate and timing, not which half of the breath is inspiration, and its depth
 * cannot be compared between people. Nothing above half the heart rate can be seen (infant at 140 bpm: 1.17 Hz), and
 * of two preterm recordings with a belt it found the breathing rate in one. A belt is better; say in the report
 * which of the two was used. Top to bottom ignores the baseline and the polarity of the lead.
 *
 * @param ecg `[nSamples]`
 * @throws OptionError when the sampling rate is below 100 Hz.
 * @see Moody, Mark, Zoccola, Mantero, "Derivation of respiratory signals from multi-lead ECGs", Computers in
 *   Cardiology 12, 1985.
 */
export function ecgDerivedRespiration(
  ecg: ArrayLike<number>,
  { samplingRate, beatTimes, population, startTime = 0 }: EcgDerivedRespirationOptions,
): EcgDerivedRespiration {
  if (!(samplingRate >= 100))
    throw new OptionError(`ecgDerivedRespiration samplingRate must be 100 Hz or more, got ${samplingRate}`);
  const half = Math.round(halfQrsSeconds[population] * samplingRate);
  const times: number[] = [];
  const values: number[] = [];
  for (let k = 0; k < beatTimes.length; k++) {
    const centre = Math.round((beatTimes[k] - startTime) * samplingRate);
    if (centre - half < 0 || centre + half >= ecg.length) continue;
    times.push(beatTimes[k]);
    values.push(peakToPeak(ecg, centre - half, centre + half));
  }
  return { times: Float64Array.from(times), values: Float64Array.from(values) };
}

function peakToPeak(x: ArrayLike<number>, from: number, to: number): number {
  let [low, high] = [x[from], x[from]];
  for (let n = from + 1; n <= to; n++) {
    low = Math.min(low, x[n]);
    high = Math.max(high, x[n]);
  }
  return high - low;
}
