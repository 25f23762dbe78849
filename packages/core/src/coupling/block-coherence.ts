import { OptionError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { modelSpectrum } from "./model-coherence.ts";
import { checkDisjoint, checkModel } from "./model-shape.ts";
import { sharedVariance } from "./shared-variance.ts";
import type { CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";

export interface BlockCoherenceOptions extends SpectrumOptions {
  /** Channels of each block, such as those of each head. */
  readonly blocks: readonly (readonly number[])[];
}

/**
 * Coherence between blocks of channels, such as two heads as wholes, from a fitted model:
 *
 *     C_ab(f)^2 = 1 - det Spec_{a+b}(f) / ( det Spec_aa(f) det Spec_bb(f) )
 *
 * `values[(f * b + i) * b + j]` is the coherence of blocks i and j: a magnitude in [0, 1], symmetric, 1 on the diagonal.
 * Blocks of one channel give `modelCoherence`. Unchanged when channels within a block are mixed or rescaled, so neither a
 * common reference inside a head nor its gain matters. -ln(1 - C^2) is Geweke's measure of total linear dependence
 * at that frequency, both directions and what happens at once together; it has no direction. Large blocks are coherent by
 * chance: compare with a null of the same sizes. NaN where a block is singular.
 *
 * @throws OptionError when blocks overlap, are empty, or are fewer than two.
 * @see Nedungadi, Ding, Rangarajan, Biol Cybern 104:197, 2011; Geweke, J Am Stat Assoc 77:304, 1982.
 */
export function modelBlockCoherence(model: MvarModel, options: BlockCoherenceOptions): CouplingSpectrum {
  checkModel("modelBlockCoherence", model);
  const { blocks } = options;
  if (blocks.length < 2)
    throw new OptionError(
      `modelBlockCoherence: needs at least two blocks of channels, got ${blocks.length}.`,
    );
  const n = model.nChannels;
  checkDisjoint(
    "modelBlockCoherence",
    n,
    Object.fromEntries(blocks.map((block, b) => [`block ${b}`, block])),
  );
  const { frequencies, real, imaginary } = modelSpectrum(model, options);
  const count = blocks.length;
  const values = new Float64Array(frequencies.length * count * count);
  for (let f = 0; f < frequencies.length; f++) {
    for (let a = 0; a < count; a++) {
      const row = (f * count + a) * count;
      values[row + a] = 1;
      for (let b = 0; b < a; b++) {
        const shared = sharedVariance(real, imaginary, f * n * n, n, blocks[a], blocks[b]);
        values[row + b] = Math.sqrt(shared);
        values[(f * count + b) * count + a] = values[row + b];
      }
    }
  }
  return { frequencies, values, measure: "blockCoherence" };
}
