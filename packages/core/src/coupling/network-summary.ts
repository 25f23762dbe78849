import { OptionError, ShapeError } from "../errors.ts";
import { checkDisjoint } from "./model-shape.ts";
import { matrixSize } from "./spectrum.ts";

export interface NetworkSummaryOptions {
  /** Channels of each person; channels in none are left out. */
  readonly people: readonly (readonly number[])[];
  /**
   * A link exists where its value exceeds this: one number, or `[sink, source]` such as the 95th percentile of the null.
   */
  readonly threshold: number | Float64Array;
}

/** A network of several heads in three numbers. */
export interface NetworkSummary {
  /** Sum of the values of the links between people. */
  readonly strength: number;
  /** Share of the possible links between people that exist, in [0, 1]. */
  readonly density: number;
  /** Modularity of the division into people, in [-1, 1]; high when the heads form networks of their own. NaN without links. */
  readonly divisibility: number;
}

/**
 * Strength, density and divisibility of a coupling matrix of several people.
 *
 *     density      = #{links i <- j between people} / #{pairs between people}
 *     strength     = sum of w_ij over these links
 *     divisibility = (1 / W) sum over i, j of one person of ( w_ij - in_i out_j / W )
 *
 * w is the matrix where it exceeds the threshold and 0 elsewhere, without its diagonal; W its sum, in_i and out_j the
 * sums of its row and column. Ordered pairs count, so both directions of a pair of channels are two links.
 *
 * @param matrix `[sink, source]`, not negative; squared values are usual
 * @throws OptionError when fewer than two people are named, or a channel stands twice; ShapeError when the threshold does not fit
 * @see Leicht, Newman, Phys Rev Lett 100:118703, 2008 (modularity of directed networks); De Vico Fallani et al., PLoS ONE
 *   5:e14187, 2010 (divisibility of two brains); Santamaria et al., NeuroImage 207:116341, 2020 (mothers and infants).
 */
export function networkSummary(matrix: Float64Array, options: NetworkSummaryOptions): NetworkSummary {
  const { people, threshold } = options;
  const n = matrixSize("networkSummary", matrix.length);
  if (people.length < 2)
    throw new OptionError(`networkSummary: needs the channels of at least two people, got ${people.length}.`);
  checkDisjoint("networkSummary", n, Object.fromEntries(people.map((each, p) => [`person ${p}`, each])));
  if (typeof threshold !== "number" && threshold.length !== matrix.length)
    throw new ShapeError("networkSummary", `a threshold of ${matrix.length} numbers`, `${threshold.length}`);
  const owner = new Int32Array(n).fill(-1);
  people.forEach((channels, person) => {
    for (const channel of channels) owner[channel] = person;
  });
  const into = new Float64Array(n);
  const outOf = new Float64Array(n);
  let total = 0;
  let inside = 0;
  let strength = 0;
  let links = 0;
  let possible = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j || owner[i] < 0 || owner[j] < 0) continue;
      const between = owner[i] !== owner[j];
      if (between) possible++;
      const value = matrix[i * n + j];
      if (!(value > (typeof threshold === "number" ? threshold : threshold[i * n + j]))) continue;
      total += value;
      into[i] += value;
      outOf[j] += value;
      if (!between) inside += value;
      else {
        strength += value;
        links++;
      }
    }
  }
  let expected = 0;
  for (const channels of people) {
    let sumIn = 0;
    let sumOut = 0;
    for (const channel of channels) {
      sumIn += into[channel];
      sumOut += outOf[channel];
    }
    expected += (sumIn * sumOut) / total;
  }
  return { strength, density: links / possible, divisibility: (inside - expected) / total };
}
