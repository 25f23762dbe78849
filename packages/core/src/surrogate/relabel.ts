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

/** Where in a repeated stimulus a window lies. */
export interface StimulusPosition {
  /** Which song or clip. */
  readonly stimulus: string;
  /** Its how-manieth presentation in the session. */
  readonly repetition: number;
  /** Window index counted from the start of the presentation. */
  readonly position: number;
}

/**
 * Pairs the adult during one repetition of a stimulus with the infant during the next one, at the same place in the
 * stimulus; the last repetition goes with the first.
 *
 * Destroys what belongs to this moment. Keeps the dyad, the stimulus and the montage, so a response that both have to
 * the stimulus stays aligned. Tests coupling beyond shared input: the one test within a dyad that can reject a common
 * drive, provided that the stimulus is the same each time.
 *
 * @param windows `[n]`
 * @param lag     how many repetitions later, default 1
 * @returns `[n]`: infant window for each adult window, -1 where no window lies at that place or only its own
 */
export function repetitionSwap(windows: readonly StimulusPosition[], lag = 1): Int32Array {
  const key = (stimulus: string, repetition: number, position: number) =>
    `${repetition} ${position} ${stimulus}`;
  const places = new Map<string, number>();
  const repetitions = new Map<string, number[]>();
  windows.forEach(({ stimulus, repetition, position }, i) => {
    places.set(key(stimulus, repetition, position), i);
    const known = repetitions.get(stimulus) ?? [];
    if (!known.includes(repetition)) known.push(repetition);
    repetitions.set(stimulus, known);
  });
  for (const known of repetitions.values()) known.sort((a, b) => a - b);
  return Int32Array.from(windows, ({ stimulus, repetition, position }, i) => {
    const known = repetitions.get(stimulus) as number[];
    const count = known.length;
    const partner = known[(((known.indexOf(repetition) + lag) % count) + count) % count];
    const found = places.get(key(stimulus, partner, position));
    return found === undefined || found === i ? -1 : found;
  });
}
