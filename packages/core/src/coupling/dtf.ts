import type { MvarModel } from "../mvar/model.ts";
import { modelPartialCoherence } from "./model-coherence.ts";
import { checkModel, noiseVariance } from "./model-shape.ts";
import type { CouplingMeasure, CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";
import { TransferFunction } from "./transfer-function.ts";

/**
 * Directed transfer function: total influence, through every path, of one channel on another.
 *
 *     DTF_ij(f) = |H_ij(f)| / sqrt( sum_k |H_ik(f)|^2 ),   H(f) = A(f)^-1
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, a magnitude in [0, 1];
 * the squares of a row add up to 1 over the sources. Indirect paths show as influence. NaN where A(f) is singular.
 *
 * @see Kamiński, Blinowska, Biol Cybern 1991, eq. 9.
 */
export function dtf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  return rowNormalised("dtf", model, options, new Float64Array(model.nChannels).fill(1));
}

/**
 * Generalised DTF, which is directed coherence: DTF with each source weighted by its noise.
 *
 *     gDTF_ij(f) = s_j |H_ij(f)| / sqrt( sum_k s_k^2 |H_ik(f)|^2 )
 *
 * Read like {@link dtf}. With uncorrelated noise its square is the share of channel i's power that came from j.
 *
 * @see Baccalá, Sameshima, Ballester, do Valle, Timo-Iaria, Appl Signal Process 1998.
 */
export function gdtf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  return rowNormalised("gdtf", model, options, noiseVariance(model));
}

/**
 * Full-frequency DTF: the denominator is summed over all given frequencies, so that values of one sink can be compared
 * across frequencies.
 *
 *     ffDTF_ij(f) = |H_ij(f)| / sqrt( sum_{f'} sum_k |H_ik(f')|^2 )
 *
 * Read like {@link dtf}. The squares of a row add up to 1 over sources **and** frequencies: the scaling of Korzeniewska
 * and of SIFT. SCoT multiplies the square by the number of frequencies. The given frequencies are the analysed band.
 *
 * @see Korzeniewska, Mańczak, Kamiński, Blinowska, Kasicki, J Neurosci Methods 2003, eq. 6.
 */
export function ffDtf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  const { frequencies, values } = transferPower("ffDtf", model, options);
  const n = model.nChannels;
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let f = 0; f < frequencies.length; f++)
      for (let j = 0; j < n; j++) total += values[(f * n + i) * n + j];
    for (let f = 0; f < frequencies.length; f++) {
      for (let j = 0; j < n; j++) {
        const q = (f * n + i) * n + j;
        values[q] = Math.sqrt(values[q] / total);
      }
    }
  }
  return { frequencies, values, measure: "ffDtf" };
}

/**
 * Direct DTF: full-frequency DTF where a direct connection exists.
 *
 *     dDTF_ij(f) = |partial coherence_ij(f)| ffDTF_ij(f)
 *
 * Both factors are magnitudes, and the ffDTF is scaled as in {@link ffDtf}; not normalised further ({@link dDtf08} is).
 * Read `[sink, source]`.
 *
 * @see Korzeniewska et al., J Neurosci Methods 2003, eq. 8.
 */
export function dDtf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  const full = ffDtf(model, options);
  const partial = modelPartialCoherence(model, options);
  const values = full.values.map((value, q) => value * partial.values[q]);
  return { frequencies: full.frequencies, values, measure: "dDtf" };
}

function rowNormalised(
  measure: CouplingMeasure,
  model: MvarModel,
  options: SpectrumOptions,
  sourceWeight: Float64Array,
): CouplingSpectrum {
  const { frequencies, values } = transferPower(measure, model, options);
  const n = model.nChannels;
  for (let row = 0; row < values.length; row += n) {
    let total = 0;
    for (let j = 0; j < n; j++) {
      values[row + j] *= sourceWeight[j];
      total += values[row + j];
    }
    for (let j = 0; j < n; j++) values[row + j] = Math.sqrt(values[row + j] / total);
  }
  return { frequencies, values, measure };
}

/** |H_ij(f)|^2, `[freq, sink, source]`. */
export function transferPower(kernel: string, model: MvarModel, options: SpectrumOptions) {
  checkModel(kernel, model);
  const n = model.nChannels;
  const transfer = new TransferFunction(n, model.order, options.frequencies, options.samplingRate);
  const { frequencies, real, imaginary } = transfer;
  const values = new Float64Array(frequencies.length * n * n);
  for (let f = 0; f < frequencies.length; f++) {
    transfer.executeAt(f, model.coefficients);
    for (let q = 0; q < n * n; q++) values[f * n * n + q] = real[q] * real[q] + imaginary[q] * imaginary[q];
  }
  return { frequencies, values };
}
