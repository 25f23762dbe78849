import type { MvarModel } from "../mvar/model.ts";
import { checkModel, noiseVariance } from "./model-shape.ts";
import { precisionNormalised } from "./precision-normalised.ts";
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
  return precisionNormalised("ipdc", model, options, noiseVariance(model));
}
