import { ShapeError } from "../errors.ts";
import { permutation, shuffle, type Uniform } from "../random/index.ts";

/**
 * Permutes every channel on its own across windows (`allChannelShuffle`): channel c of surrogate window i comes from
 * window `out[c * nWindows + i]`.
 *
 * Destroys every relation between channels, inside the heads too, which moves the null of what lies between them
 * (uncoupled dyads: .060 real, .068 under this null). Keeps the spectrum of each channel. For replication of earlier
 * analyses only.
 *
 * @returns `[nChannels, nWindows]`, one independent permutation per row
 * @throws OptionError when nWindows is not an integer >= 0
 */
export function allChannelShuffle(nChannels: number, nWindows: number, uniform: Uniform): Int32Array {
  const out = new Int32Array(nChannels * nWindows);
  for (let c = 0; c < nChannels; c++) out.set(permutation(nWindows, uniform), c * nWindows);
  return out;
}

/**
 * Reassigns condition labels to gaze episodes at random; all windows of an episode follow their episode.
 *
 * Destroys the label. Keeps coupling, the number of episodes per condition and the dependence of windows within an
 * episode, which is why episodes and not windows are permuted. Tests a difference between conditions, never coupling
 * itself. With every window its own episode this is `jointShuffle`.
 *
 * @param labels `[nEpisodes]`, not changed
 * @param strata `[nEpisodes]`, labels change places only between episodes of equal stratum (block, session); absent:
 *        all in one
 * @returns `[nEpisodes]`, the same labels in another order
 * @throws ShapeError when strata have another length
 */
export function permuteEpisodeLabels<T>(
  labels: readonly T[],
  uniform: Uniform,
  strata?: ArrayLike<number | string>,
): T[] {
  if (strata !== undefined && strata.length !== labels.length)
    throw new ShapeError(
      "permuteEpisodeLabels",
      `${labels.length} strata, one per label`,
      `${strata.length}`,
    );
  const members = new Map<number | string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const stratum = strata === undefined ? 0 : strata[i];
    const known = members.get(stratum);
    if (known === undefined) members.set(stratum, [i]);
    else known.push(i);
  }
  const out = labels.slice();
  for (const places of members.values()) {
    const drawn = places.slice();
    shuffle(drawn, uniform);
    for (let k = 0; k < places.length; k++) out[places[k]] = labels[drawn[k]];
  }
  return out;
}
