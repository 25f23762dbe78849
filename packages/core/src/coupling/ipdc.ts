import type { MvarModel } from "../mvar/model.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { checkModel } from "./model-shape.ts";
import { identity, solve } from "./real-matrix.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * Information partial directed coherence: GPDC that takes correlated noise into account.
 *
 *     iPDC_ij(f)^2 = (|A_ij(f)|^2 / s_i^2) / (a_j(f)^* S^-1 a_j(f)),   a_j = column j of A(f)
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, a magnitude in [0, 1]:
 * the coherence between the innovation of i and the part of j that nothing else explains. Equals GPDC when the noise
 * covariance S is diagonal. Columns need not add up to 1. NaN when S is singular.
 *
 * @see Takahashi, Baccalá, Sameshima, Biol Cybern 2010, eq. 14.
 */
export function ipdc(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("ipdc", model);
  const n = model.nChannels;
  const transform = new CoefficientTransform(n, model.order, options.frequencies, options.samplingRate);
  const nFrequencies = transform.frequencies.length;
  const values = new Float64Array(nFrequencies * n * n);
  const covariance = model.noiseCovariance;
  const precision = solve(covariance, identity(n), n, n) ?? new Float64Array(n * n).fill(Number.NaN);
  const real = new Float64Array(n * n);
  const imaginary = new Float64Array(n * n);
  for (let f = 0; f < nFrequencies; f++) {
    transform.executeAt(f, real, imaginary, model.coefficients);
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) {
          total +=
            precision[k * n + l] *
            (real[k * n + j] * real[l * n + j] + imaginary[k * n + j] * imaginary[l * n + j]);
        }
      }
      for (let i = 0; i < n; i++) {
        const q = i * n + j;
        const power = (real[q] * real[q] + imaginary[q] * imaginary[q]) / covariance[i * n + i];
        values[f * n * n + q] = Math.sqrt(power / total);
      }
    }
  }
  return { frequencies: transform.frequencies, values, measure: "ipdc" };
}
