import { OptionError } from "../../errors.ts";
import type { UniformSeries } from "../series/interbeat-series.ts";
import type { RsaBand } from "./bands.ts";
import { GainCorrection } from "./gain-correction.ts";
import { logVariance } from "./log-variance.ts";
import { PorgesBohrerFilter, type PorgesBohrerOptions } from "./porges-bohrer-filter.ts";

export interface RsaOptions extends PorgesBohrerOptions {
  /** s, default 30. */
  readonly epochSeconds?: number;
  /** s: time of sample 0 of the series and start of the first epoch. Default 0. */
  readonly startTime?: number;
  /**
   * Undo the chain's gain where each epoch has its power: without it, breathing at 0.12 Hz reads 3 ln(ms^2) lower
   * than at 0.25 Hz. See `rsaFrequencyResponse` for the gain. What is left: up to 0.15 ln(ms^2) inside 0.16-0.35 Hz
   * (infant 0.3-0.95 Hz), about 1 at the edges of the adult band. Default false.
   */
  readonly correctGain?: boolean;
}

export interface RsaEpochs {
  /** `[nEpochs]`, ln(ms^2); NaN where less than 80 % of an epoch is valid. */
  readonly values: Float64Array;
  /** `[nEpochs]`, s. */
  readonly startTimes: Float64Array;
  /** `[nEpochs]`, share of the epoch with valid filtered samples. */
  readonly coverage: Float64Array;
  /** ln of the variance of all valid filtered samples, never gain-corrected; NaN for fewer than two. */
  readonly whole: number;
  /** The filtered series, ms, valid samples only; its first sample lies `delaySamples` after that of the input. */
  readonly filtered: UniformSeries;
  readonly band: RsaBand;
  readonly epochSeconds: number;
  readonly gainCorrected: boolean;
}

/**
 * Add it to a value of NeuroKit2's `RSA_PorgesBohrer` to compare with `rsaPorgesBohrer`: NeuroKit takes
 * ln(variance / 1000). It also resamples at 2 Hz, knows the adult band only, and averages its 30 s epochs, so an
 * infant's values remain incomparable (the band reaches beyond 1 Hz).
 */
export const neurokitRsaOffset = Math.log(1000);

/**
 * Respiratory sinus arrhythmia by the method of Porges and Bohrer: the series minus its moving cubic, band-passed,
 * ln of the variance in epochs. Unit ln(ms^2).
 *
 * Filters give valid samples only, so the first and the last 12.4 s (infant 10.0 s) of a recording carry no value
 * and an epoch there is usually NaN. Epochs begin with the series; a last part epoch is dropped. Missing input is
 * never bridged: a NaN takes 24.8 s (infant 20 s) of filtered samples with it.
 *
 * @param interbeatInterval `[nSamples]`, ms, uniform, NaN where missing: `interbeatSeries(...).values`
 * @throws OptionError when epochs are shorter than 2 samples or the band does not fit.
 * @see Porges, Bohrer, "The analysis of periodic processes in psychophysiological research", 1990.
 */
export function rsaPorgesBohrer(interbeatInterval: ArrayLike<number>, options: RsaOptions): RsaEpochs {
  const { samplingRate, epochSeconds = 30, startTime = 0, correctGain = false } = options;
  const epochSamples = Math.round(epochSeconds * samplingRate);
  if (!(epochSamples >= 2))
    throw new OptionError(`rsaPorgesBohrer epochSeconds must hold 2 samples or more, got ${epochSeconds} s`);
  const filter = new PorgesBohrerFilter(options);
  const delay = filter.delaySamples;
  const y = new Float64Array(Math.max(0, interbeatInterval.length - 2 * delay));
  for (let n = 0; n < interbeatInterval.length; n++)
    if (filter.push(interbeatInterval[n])) y[n - 2 * delay] = filter.output;

  const nEpochs = Math.floor(interbeatInterval.length / epochSamples);
  const correction = correctGain ? new GainCorrection(epochSamples, filter) : undefined;
  const values = new Float64Array(nEpochs);
  const startTimes = new Float64Array(nEpochs);
  const coverage = new Float64Array(nEpochs);
  for (let epoch = 0; epoch < nEpochs; epoch++) {
    const from = epoch * epochSamples - delay;
    startTimes[epoch] = startTime + (epoch * epochSamples) / samplingRate;
    values[epoch] = logVariance(y, from, epochSamples) + (correction?.execute(y, from) ?? 0);
    let nValid = 0;
    for (let i = Math.max(0, from); i < Math.min(y.length, from + epochSamples); i++)
      if (!Number.isNaN(y[i])) nValid++;
    coverage[epoch] = nValid / epochSamples;
  }
  const valid = y.filter((value) => !Number.isNaN(value));
  return {
    values,
    startTimes,
    coverage,
    whole: logVariance(valid, 0, valid.length),
    filtered: { startTime: startTime + delay / samplingRate, samplingRate, values: y },
    band: filter.band,
    epochSeconds: epochSamples / samplingRate,
    gainCorrected: correctGain,
  };
}
