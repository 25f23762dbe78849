import type { MvarModel } from "../mvar/model.ts";
import { transferPower } from "./dtf.ts";
import { modelPartialCoherence } from "./model-coherence.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

/**
 * Direct DTF normalised over all pairs and frequencies, so that links of different sinks can be compared.
 *
 *     dDTF08_ij(f) = |H_ij(f)| |P_ij(f)| / sqrt( sum_{f'} sum_{k,l} |H_kl(f')|^2 |P_kl(f')|^2 ),   P partial coherence
 *
 * Read `[sink, source]`, magnitudes. The sums run over the given frequencies and over all pairs, each channel with
 * itself included, so the squares of the whole result add up to 1: a value depends on which frequencies were
 * asked for.
 *
 * @see Korzeniewska, Crainiceanu, Kuś, Franaszczuk, Crone, Hum Brain Mapp 29:1170, 2008.
 */
export function dDtf08(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  const { frequencies, values } = transferPower("dDtf08", model, options);
  const partial = modelPartialCoherence(model, options).values;
  let total = 0;
  for (let q = 0; q < values.length; q++) {
    values[q] *= partial[q] * partial[q];
    total += values[q];
  }
  for (let q = 0; q < values.length; q++) values[q] = Math.sqrt(values[q] / total);
  return { frequencies, values, measure: "dDtf08" };
}
