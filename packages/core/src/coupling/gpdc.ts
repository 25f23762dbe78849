import type { MvarModel } from "../mvar/model.ts";
import { GpdcPlan, PdcPlan } from "./gpdc-plan.ts";
import { checkModel, noiseVariance } from "./model-shape.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * Generalised partial directed coherence of one model: direct influence, free of the channels' scales.
 *
 *     GPDC_ij(f) = (|A_ij(f)| / s_i) / sqrt( sum_k |A_kj(f)|^2 / s_k^2 )
 *
 * `values[(f * n + i) * n + j]` is the influence **of channel j (source) on channel i (sink)**, a magnitude in [0, 1];
 * the squares of a column add up to 1. NaN for a degenerate model.
 *
 * @see Baccalá, Sameshima, Takahashi, DSP 2007. For many models of one shape use {@link GpdcPlan}.
 */
export function gpdc(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("gpdc", model);
  const n = model.nChannels;
  const plan = new GpdcPlan(n, model.order, options.frequencies, options.samplingRate);
  const values = new Float64Array(plan.frequencies.length * n * n);
  plan.execute(values, model.coefficients, noiseVariance(model));
  return { frequencies: plan.frequencies, values, measure: "gpdc" };
}

/**
 * Partial directed coherence of one model: direct influence, in the units of the channels.
 *
 *     PDC_ij(f) = |A_ij(f)| / sqrt( sum_k |A_kj(f)|^2 )
 *
 * Read like {@link gpdc}. When noise variances differ it can point at links that carry almost nothing; prefer `gpdc`.
 *
 * @see Baccalá, Sameshima, Biol Cybern 2001, eq. 18.
 */
export function pdc(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("pdc", model);
  const n = model.nChannels;
  const plan = new PdcPlan(n, model.order, options.frequencies, options.samplingRate);
  const values = new Float64Array(plan.frequencies.length * n * n);
  plan.execute(values, model.coefficients);
  return { frequencies: plan.frequencies, values, measure: "pdc" };
}
