import { checkDisjoint } from "./model-shape.ts";
import { matrixSize } from "./spectrum.ts";

/** One number for one direction between two people, and the channels that it stands for. */
export interface InterPersonMean {
  /** Source channels: the person who influences. */
  readonly fromIndices: readonly number[];
  /** Sink channels: the person who is influenced. */
  readonly toIndices: readonly number[];
  readonly value: number;
  /** Number of links averaged. */
  readonly nLinks: number;
}

/**
 * The mean of a coupling matrix over all links from one person's channels to another's.
 *
 *     value = mean over j in from, i in to of matrix[i, j]
 *
 * With `matrix` `[sink, source]`. The adult's channels as `fromIndices` and the infant's as `toIndices` give
 * adult -> infant; the other direction is a second call. Average squared values and take the root, if any, at the end.
 *
 * @throws OptionError when a set is empty, out of range, or shares a channel with the other.
 * @see Leong et al., PNAS 2017: four inter-brain links each way.
 */
export function interPersonMean(
  matrix: Float64Array,
  options: { readonly fromIndices: readonly number[]; readonly toIndices: readonly number[] },
): InterPersonMean {
  const { fromIndices, toIndices } = options;
  const n = matrixSize("interPersonMean", matrix.length);
  checkDisjoint("interPersonMean", n, { fromIndices, toIndices });
  let sum = 0;
  for (const i of toIndices) for (const j of fromIndices) sum += matrix[i * n + j];
  const nLinks = fromIndices.length * toIndices.length;
  return { fromIndices, toIndices, value: sum / nLinks, nLinks };
}
