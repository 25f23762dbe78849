import type { MvarModel } from "../mvar/model.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { identity, solve } from "./real-matrix.ts";
import type { CouplingMeasure, CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * What information PDC and the PDC factor have in common:
 *
 *     values_ij(f)^2 = (|A_ij(f)|^2 / variance_i) / (a_j(f)^* S^-1 a_j(f)),   a_j = column j of A(f)
 *
 * @param variance `[nChannels]`, one for each sink
 * @returns `[freq, sink, source]`, magnitudes; NaN when S is singular
 */
export function precisionNormalised(
  measure: CouplingMeasure,
  model: MvarModel,
  options: SpectrumOptions,
  variance: Float64Array,
): CouplingSpectrum {
  const n = model.nChannels;
  const transform = new CoefficientTransform(n, model.order, options.frequencies, options.samplingRate);
  const nFrequencies = transform.frequencies.length;
  const values = new Float64Array(nFrequencies * n * n);
  const precision =
    solve(model.noiseCovariance, identity(n), n, n) ?? new Float64Array(n * n).fill(Number.NaN);
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
        const power = (real[q] * real[q] + imaginary[q] * imaginary[q]) / variance[i];
        values[f * n * n + q] = Math.sqrt(power / total);
      }
    }
  }
  return { frequencies: transform.frequencies, values, measure };
}
