import type { MvarModel } from "../mvar/model.ts";
import { checkModel } from "./model-shape.ts";
import { identity, solve } from "./real-matrix.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";
import { TransferFunction } from "./transfer-function.ts";

/**
 * Information directed transfer function: gDTF that takes correlated noise into account.
 *
 *     iDTF_ij(f)^2 = r_j |H_ij(f)|^2 / (h_i(f) S h_i(f)^*),   h_i = row i of H(f) = A(f)^-1,   r_j = 1 / (S^-1)_jj
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, through every path, a
 * magnitude in [0, 1]: the coherence between channel i and the part of the innovation of j that no other innovation
 * shares (variance r_j). Equals `gdtf` when the noise covariance S is diagonal. Of two channels,
 * -ln(1 - iDTF^2) is Geweke's spectral Granger causality. NaN when S or A(f) is singular.
 *
 * @see Takahashi, Baccalá, Sameshima, Biol Cybern 103:463, 2010.
 */
export function idtf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("idtf", model);
  const { nChannels: n, noiseCovariance } = model;
  const transfer = new TransferFunction(n, model.order, options.frequencies, options.samplingRate);
  const { frequencies, real, imaginary } = transfer;
  const precision = solve(noiseCovariance, identity(n), n, n) ?? new Float64Array(n * n).fill(Number.NaN);
  const values = new Float64Array(frequencies.length * n * n);
  for (let f = 0; f < frequencies.length; f++) {
    transfer.executeAt(f, model.coefficients);
    for (let i = 0; i < n; i++) {
      const row = i * n;
      let power = 0;
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) {
          power +=
            noiseCovariance[k * n + l] *
            (real[row + k] * real[row + l] + imaginary[row + k] * imaginary[row + l]);
        }
      }
      for (let j = 0; j < n; j++) {
        const q = row + j;
        const gain = real[q] * real[q] + imaginary[q] * imaginary[q];
        values[f * n * n + q] = Math.sqrt(gain / (precision[j * n + j] * power));
      }
    }
  }
  return { frequencies, values, measure: "idtf" };
}
