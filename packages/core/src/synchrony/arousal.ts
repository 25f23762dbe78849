import { OptionError, ShapeError } from "../errors.ts";
import { quantile } from "../statistics/index.ts";
import { standardiseSeries } from "./centre-series.ts";
import { samplesOf } from "./sample-count.ts";
import { SpacedMoments } from "./spaced-moments.ts";

/** The series of one person that make up arousal, all on one grid. */
export interface ArousalSeries {
  /** Beats per minute, or any series that rises with arousal. */
  readonly heartRate: Float64Array;
  /** ln(ms^2); enters with its sign turned. */
  readonly lnRsa?: Float64Array;
  /** Any unit. */
  readonly movement?: Float64Array;
}

/**
 * Arousal of one person as the mean of what is known of it, each in SD of the session.
 *
 *     arousal(t) = mean of z(heart rate), -z(ln RSA), z(movement)
 *
 * Epochs of 1 min for day-long recordings, 1 s in the laboratory. A composite for describing sessions: it mixes
 * both branches of the autonomic nervous system and is not a measure of either.
 *
 * @param series   each `[nSamples]`, NaN where missing; leave out what was not recorded
 * @param options  `fewestComponents`: components that must be valid at a moment, default all that were given
 * @returns `[nSamples]`, NaN where too little is known
 * @throws ShapeError when lengths differ; OptionError for an impossible number of components
 * @see Wass et al., "Parents mimic and influence their infant's autonomic state ...", Current Biology 29:2415 (2019)
 */
export function arousalComposite(
  series: ArousalSeries,
  options: { readonly fewestComponents?: number } = {},
): Float64Array {
  const n = series.heartRate.length;
  const components: { z: Float64Array; sign: 1 | -1 }[] = [];
  for (const [x, sign] of [
    [series.heartRate, 1],
    [series.lnRsa, -1],
    [series.movement, 1],
  ] as const) {
    if (x === undefined) continue;
    if (x.length !== n)
      throw new ShapeError("arousalComposite", `series of ${n} samples like heartRate`, `${x.length}`);
    components.push({ z: standardiseSeries(x), sign });
  }
  const { fewestComponents = components.length } = options;
  if (!Number.isInteger(fewestComponents) || fewestComponents < 1 || fewestComponents > components.length)
    throw new OptionError(
      `arousalComposite: fewestComponents must be 1 to ${components.length}, got ${fewestComponents}.`,
    );
  const out = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    let sum = 0;
    let count = 0;
    for (const { z, sign } of components) {
      if (Number.isNaN(z[t])) continue;
      sum += sign * z[t];
      count++;
    }
    out[t] = count >= fewestComponents ? sum / count : Number.NaN;
  }
  return out;
}

export interface ArousalPeakOptions {
  /** Hz. */
  readonly samplingRate: number;
  /** Share of samples that may be peaks; default 0.05, the top 5 %. */
  readonly topShare?: number;
  /** Between peaks; default 60 s. */
  readonly minimumSeparationSeconds?: number;
}

/**
 * Moments of high arousal: samples at or above the quantile, the highest first, none nearer than the separation to a
 * higher one.
 *
 * @param arousal `[nSamples]`, NaN where missing
 * @returns sample indices, rising
 * @throws OptionError for options outside their range
 */
export function arousalPeaks(arousal: Float64Array, options: ArousalPeakOptions): Int32Array {
  const { samplingRate, topShare = 0.05, minimumSeparationSeconds = 60 } = options;
  if (!(topShare > 0 && topShare < 1))
    throw new OptionError(`arousalPeaks: topShare must lie between 0 and 1, got ${topShare}.`);
  const separation = samplesOf(
    "arousalPeaks: minimumSeparationSeconds",
    minimumSeparationSeconds,
    samplingRate,
  );
  const threshold = quantile(
    arousal.filter((value) => !Number.isNaN(value)),
    1 - topShare,
  );
  const candidates: number[] = [];
  for (let t = 0; t < arousal.length; t++) if (arousal[t] >= threshold) candidates.push(t);
  candidates.sort((s, t) => arousal[t] - arousal[s] || s - t);
  const spaced = new SpacedMoments(separation);
  for (const t of candidates) spaced.take(t);
  return Int32Array.from(spaced.moments).sort();
}
