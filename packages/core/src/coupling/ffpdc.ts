import type { MvarModel } from "../mvar/model.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { checkModel } from "./model-shape.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * Full-frequency PDC: the denominator is summed over all given frequencies, so that values of one source can be compared
 * across frequencies.
 *
 *     ffPDC_ij(f) = |A_ij(f)| / sqrt( sum_{f'} sum_k |A_kj(f')|^2 )
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, a magnitude in [0, 1]; the
 * squares of a column add up to 1 over sinks **and** frequencies, as those of a row of {@link ffDtf} do. SCoT multiplies
 * the square by the number of frequencies. In the units of the channels, like {@link pdc}. The given frequencies are the
 * analysed band.
 *
 * @see Baccalá, Sameshima, Biol Cybern 2001 (PDC); Korzeniewska et al., J Neurosci Methods 2003 (the normalisation).
 */
export function ffPdc(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("ffPdc", model);
  const n = model.nChannels;
  const transform = new CoefficientTransform(n, model.order, options.frequencies, options.samplingRate);
  const { frequencies } = transform;
  const values = new Float64Array(frequencies.length * n * n);
  const totals = new Float64Array(n);
  for (let f = 0; f < frequencies.length; f++) {
    const power = values.subarray(f * n * n, (f + 1) * n * n);
    transform.powerAt(f, power, model.coefficients);
    for (let q = 0; q < n * n; q++) totals[q % n] += power[q];
  }
  for (let q = 0; q < values.length; q++) values[q] = Math.sqrt(values[q] / totals[q % n]);
  return { frequencies, values, measure: "ffPdc" };
}
