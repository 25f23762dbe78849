import type { MvarModel } from "../mvar/model.ts";
import { checkModel } from "./model-shape.ts";
import { precisionNormalised } from "./precision-normalised.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * Partial directed coherence factor: the factors into which partial coherence falls apart.
 *
 *     PDCF_ij(f) = |A_ij(f)| / sqrt( a_j(f)^* S^-1 a_j(f) ),   a_j = column j of A(f)
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, a magnitude. Not
 * bounded by 1 and not free of scale: in the units of channel i, because the noise of the sink is not divided out. With
 * that division it is {@link ipdc}; with unit, uncorrelated noise it is {@link pdc}. NaN when S is singular.
 *
 * @see Baccalá, Sameshima, Biol Cybern 84:463, 2001.
 */
export function pdcf(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("pdcf", model);
  return precisionNormalised("pdcf", model, options, new Float64Array(model.nChannels).fill(1));
}
