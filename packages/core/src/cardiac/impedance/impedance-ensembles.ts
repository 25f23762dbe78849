import { OptionError } from "../../errors.ts";
import type { Population } from "../interbeat/population.ts";
import type { PreEjectionPeriod } from "./pre-ejection-period.ts";

export interface ImpedanceOptions {
  /** Hz, of both signals: 500 or more, for 2 ms. */
  readonly samplingRate: number;
  /** `[nBeats]`, s, rising: R peaks that were kept as they came. */
  readonly beatTimes: ArrayLike<number>;
  readonly population: Population;
  /** s, 30 to 60; default 60. */
  readonly epochSeconds?: number;
  /** s, time of the first sample and start of the first epoch. Default 0. */
  readonly startTime?: number;
  /** `[nSamples]`: the ECG beside dZ/dt, R upwards, for the Q onset. Without it periods run from R. */
  readonly ecg?: Float64Array;
}

export interface ImpedanceEnsemble {
  /** s. */
  readonly startTime: number;
  /** s. */
  readonly epochSeconds: number;
  readonly nBeats: number;
  /** `[nSamples]`, mean dZ/dt about R. */
  readonly ensemble: Float64Array;
  /** `[nSamples]`, ms from R. */
  readonly time: Float64Array;
  /** ms from R: the systolic maximum of dZ/dt. */
  readonly zPoint: number;
  /** ms from R: candidate opening of the aortic valve, from the R-Z time. */
  readonly bPoint: number;
  /** ms from R: candidate closing, the deepest point after Z. */
  readonly xPoint: number;
  /** ms from R, 0 or less: candidate Q onset; 0 without an ECG. */
  readonly qOnset: number;
  /** ms, X - B. */
  readonly leftVentricularEjectionTime: number;
  /** B - Q, ms, as a candidate that nobody has checked. */
  readonly preEjectionPeriod: PreEjectionPeriod;
  /** Always: the marks are proposals for the eye, in infants above all. */
  readonly needsVisualCheck: true;
}

interface Search {
  readonly before: number;
  readonly after: number;
  readonly z: readonly [number, number];
}

// s from R. An infant's next beat is near, so its window is short.
const searches: Record<Population, Search> = {
  adult: { before: 0.1, after: 0.5, z: [0.06, 0.25] },
  infant: { before: 0.08, after: 0.33, z: [0.04, 0.18] },
  child: { before: 0.1, after: 0.4, z: [0.05, 0.22] },
};
const fewestBeats = 15;
const onsetSlopeShare = 0.05;

/**
 * Ensemble averages of impedance cardiography, locked to R, one per epoch, with candidate marks.
 *
 *     RB = 1.233 RZ - 0.0032 RZ^2 - 31.59 ms   (RZ in ms);   PEP = B - Q onset
 *
 * The formula was fitted to adults; in infants it is no more than a place to look first. Every mark must be checked
 * by eye before its PEP is used, and says so. Beats with a missing sample are left out; an epoch with fewer than 15
 * beats has NaN marks, and so has one whose maximum or minimum lies on the edge of its search window. Offline.
 *
 * @param dZdt `[nSamples]`, Ohm/s, drawn the usual way: systole upwards
 * @throws OptionError when the epoch or the sampling rate is out of range.
 * @see Lozano et al., "Where to B in dZ/dt", Psychophysiology 44, 2007 (RB from RZ).
 */
export function impedanceEnsembles(dZdt: Float64Array, options: ImpedanceOptions): ImpedanceEnsemble[] {
  const { samplingRate, beatTimes, population, epochSeconds = 60, startTime = 0, ecg } = options;
  if (!(samplingRate >= 200))
    throw new OptionError(`impedanceEnsembles samplingRate must be 200 Hz or more, got ${samplingRate}`);
  if (!(epochSeconds >= 30 && epochSeconds <= 60))
    throw new OptionError(`impedanceEnsembles epochSeconds must lie in 30..60, got ${epochSeconds}`);
  const search = searches[population];
  const before = Math.round(search.before * samplingRate);
  const after = Math.round(search.after * samplingRate);
  const length = before + after + 1;
  const time = Float64Array.from({ length }, (_, n) => ((n - before) * 1000) / samplingRate);
  const nEpochs = Math.floor(dZdt.length / samplingRate / epochSeconds + 1e-9);

  return Array.from({ length: nEpochs }, (_, epoch) => {
    const from = startTime + epoch * epochSeconds;
    const to = from + epochSeconds;
    const centres: number[] = [];
    for (let k = 0; k < beatTimes.length; k++)
      if (beatTimes[k] >= from && beatTimes[k] < to)
        centres.push(Math.round((beatTimes[k] - startTime) * samplingRate));
    const { ensemble, nBeats } = average(dZdt, centres, before, length);
    const enough = nBeats >= fewestBeats;
    const at = (seconds: number) => before + Math.round(seconds * samplingRate);
    const z = enough ? inner(ensemble, at(search.z[0]), at(search.z[1]), 1) : -1;
    const x = z < 0 ? -1 : inner(ensemble, z, length - 1, -1);
    const ms = (index: number) => (index < 0 ? Number.NaN : time[index]);
    const zPoint = ms(z);
    const bPoint = 1.233 * zPoint - 0.0032 * zPoint * zPoint - 31.59;
    const qOnset = ecg && enough ? qrsOnset(average(ecg, centres, before, length).ensemble, before, time) : 0;
    return {
      startTime: from,
      epochSeconds,
      nBeats,
      ensemble,
      time,
      zPoint,
      bPoint,
      xPoint: ms(x),
      qOnset,
      leftVentricularEjectionTime: ms(x) - bPoint,
      preEjectionPeriod: {
        startTime: from,
        epochSeconds,
        preEjectionPeriod: bPoint - qOnset,
        source: "candidate" as const,
        checked: false,
      },
      needsVisualCheck: true as const,
    };
  });
}

function average(
  signal: Float64Array,
  centres: readonly number[],
  before: number,
  length: number,
): { ensemble: Float64Array; nBeats: number } {
  const ensemble = new Float64Array(length);
  let nBeats = 0;
  for (const centre of centres) {
    const from = centre - before;
    if (from < 0 || from + length > signal.length) continue;
    const beat = signal.subarray(from, from + length);
    if (beat.some(Number.isNaN)) continue;
    for (let n = 0; n < length; n++) ensemble[n] += beat[n];
    nBeats++;
  }
  for (let n = 0; n < length; n++) ensemble[n] /= nBeats;
  return { ensemble, nBeats };
}

/** Place of the largest (sign 1) or smallest (sign -1) value, -1 if it lies on the edge. */
function inner(x: Float64Array, from: number, to: number, sign: 1 | -1): number {
  let best = from;
  for (let n = from; n <= to; n++) if (sign * x[n] > sign * x[best]) best = n;
  return best === from || best === to ? -1 : best;
}

/** ms from R: where, going back from R's steepest rise, the slope has died down to 5 % or turned. */
function qrsOnset(ecg: Float64Array, r: number, time: Float64Array): number {
  let steepest = r;
  for (let n = 1; n <= r; n++) if (ecg[n] - ecg[n - 1] > ecg[steepest] - ecg[steepest - 1]) steepest = n;
  const slope = ecg[steepest] - ecg[steepest - 1];
  for (let n = steepest - 1; n > 0; n--) if (ecg[n] - ecg[n - 1] < onsetSlopeShare * slope) return time[n];
  return Number.NaN;
}
