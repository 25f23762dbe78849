import { OptionError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { modelSpectrum } from "./model-coherence.ts";
import { checkDisjoint, checkModel } from "./model-shape.ts";
import { sharedVariance } from "./shared-variance.ts";
import type { SpectrumOptions } from "./spectrum.ts";

export interface MultipleCoherenceOptions extends SpectrumOptions {
  /** Channels that explain, such as those of the other head. Default: all but the explained one. */
  readonly predictors?: readonly number[];
}

/** One number per frequency and channel. */
export interface MultipleCoherence {
  /** Hz. */
  readonly frequencies: Float64Array;
  /** `[freq, channel]`, magnitudes. */
  readonly values: Float64Array;
}

/**
 * Multiple coherence from a fitted model: how much of a channel at a frequency is a linear function of others.
 *
 *     R_i(f)^2 = Spec_iz(f) Spec_zz(f)^-1 Spec_zi(f) / Spec_ii(f),   z the predictors
 *
 * With all other channels as predictors, 1 - R_i^2 = 1 / (Spec_ii (Spec^-1)_ii). `values[f * n + i]` is R_i, a magnitude in
 * [0, 1]: the square root of a regression's R^2, frequency by frequency. 0 where nothing is shared, 1 where the channel
 * is a filtered sum of the others. Grows with the number of predictors. NaN where the predictors repeat each other, for a
 * model of one channel, and for a channel that is among the given predictors.
 *
 * @throws OptionError when predictors are named and empty, repeated or out of range.
 * @see Bendat, Piersol, "Random Data", 4th ed., 2010, section 7.3.
 */
export function modelMultipleCoherence(
  model: MvarModel,
  options: MultipleCoherenceOptions,
): MultipleCoherence {
  checkModel("modelMultipleCoherence", model);
  const n = model.nChannels;
  const { predictors } = options;
  if (predictors !== undefined) {
    if (predictors.length === 0)
      throw new OptionError("modelMultipleCoherence: predictors names no channel.");
    checkDisjoint("modelMultipleCoherence", n, { predictors });
  }
  const { frequencies, real, imaginary } = modelSpectrum(model, options);
  const values = new Float64Array(frequencies.length * n).fill(Number.NaN);
  for (let i = 0; i < n; i++) {
    const others = predictors ?? Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    if (others.length === 0 || others.includes(i)) continue;
    for (let f = 0; f < frequencies.length; f++)
      values[f * n + i] = Math.sqrt(sharedVariance(real, imaginary, f * n * n, n, [i], others));
  }
  return { frequencies, values };
}
