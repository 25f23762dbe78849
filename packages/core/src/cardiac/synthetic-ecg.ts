import { OptionError } from "../errors.ts";
import { counterRandom, normal } from "../random/index.ts";

/** A wave of a beat: seconds from the R summit, height in millivolts, standard deviation in seconds. */
export type EcgWave = readonly [seconds: number, millivolts: number, deviation: number];

export type EcgShape = "adult" | "child" | "infant" | "ventricular" | "paced";

/** Waves of a beat in the order P, Q, R, S, T as far as it has them; T comes last. Schematic: heights of one good lead. */
export const ECG_SHAPES: Readonly<Record<EcgShape, readonly EcgWave[]>> = {
  adult: [
    [-0.16, 0.12, 0.02],
    [-0.026, -0.12, 0.008],
    [0, 1, 0.011],
    [0.027, -0.25, 0.01],
    [0.26, 0.3, 0.045],
  ],
  child: [
    [-0.12, 0.11, 0.015],
    [-0.02, -0.11, 0.006],
    [0, 1, 0.009],
    [0.022, -0.28, 0.008],
    [0.2, 0.3, 0.035],
  ],
  infant: [
    [-0.09, 0.1, 0.012],
    [-0.015, -0.1, 0.005],
    [0, 0.9, 0.0065],
    [0.016, -0.27, 0.006],
    [0.14, 0.2, 0.025],
  ],
  ventricular: [
    [0, 1.4, 0.032],
    [0.09, -0.5, 0.04],
    [0.3, -0.4, 0.06],
  ],
  paced: [
    [-0.05, 1.5, 0.001],
    [0, 1, 0.03],
    [0.06, -0.4, 0.03],
    [0.3, -0.3, 0.06],
  ],
};

/** A wave ends after so many standard deviations: 4 parts in a million of its height are left. */
const DEVIATIONS = 5;
/** Seconds on either side of a beat that its waves may reach. */
const REACH_SECONDS = 0.6;

/** `waves` may differ from beat to beat: it is then asked for the number of the beat. */
export type WavesOfBeats = readonly EcgWave[] | ((beat: number) => readonly EcgWave[]);

export interface SyntheticEcgOptions {
  /** Hz. */
  readonly samplingRate: number;
  /** `[nBeats]`, seconds, rising: the R summits. More may be added behind those that have been read. */
  readonly beats: ArrayLike<number>;
  /** One of `ECG_SHAPES`, or other waves that lie within 0.6 s of the R summit. */
  readonly waves: WavesOfBeats;
  /** Added to the waves: millivolts at a time in seconds, such as breathing. Default none. */
  readonly baseline?: (seconds: number) => number;
  /** White noise: standard deviation in millivolts, and what seeds it (`counterRandom`). Default none. */
  readonly noise?: { readonly deviation: number; readonly key: readonly (number | string)[] };
}

/**
 * An electrocardiogram with known beats, in millivolts: every beat is a sum of Gaussian waves, to which a baseline and noise come.
 *
 *     x(t) = sum_beats sum_waves height exp(-(t - beat - seconds)^2 / (2 deviation^2)) + baseline(t) + noise
 *
 * Sample n lies at n / samplingRate seconds. It depends on n alone: any order and any length of reading gives the same bits. It is
 * made a second at a time, of which the last one is kept, so reading on costs one `exp` per sample of a wave and
 * allocates nothing but the noise's generator once a second.
 *
 * @see McSharry, Clifford, Tarassenko & Smith, "A dynamical model for generating synthetic electrocardiogram signals", IEEE TBME
 *   50:289 (2003): the Gaussian waves. The beats are given here, not the model's; heights and widths are ours.
 */
export class SyntheticEcg {
  readonly #options: SyntheticEcgOptions;
  readonly #block: Float64Array;
  #held = Number.NaN;

  /** @throws OptionError when the sampling rate is below 1 Hz */
  constructor(options: SyntheticEcgOptions) {
    if (!(options.samplingRate >= 1))
      throw new OptionError(`SyntheticEcg samplingRate must be 1 Hz or more, got ${options.samplingRate}`);
    this.#options = options;
    this.#block = new Float64Array(Math.round(options.samplingRate));
  }

  /** Fills `out` with the samples from number `firstSample` on, 0 or more. */
  read(out: Float64Array, firstSample = 0): void {
    const size = this.#block.length;
    for (let n = 0; n < out.length; ) {
      const block = Math.floor((firstSample + n) / size);
      if (block !== this.#held) this.#make(block);
      const from = firstSample + n - block * size;
      const length = Math.min(size - from, out.length - n);
      out.set(this.#block.subarray(from, from + length), n);
      n += length;
    }
  }

  #make(block: number): void {
    const { samplingRate, beats, waves, baseline, noise } = this.#options;
    const out = this.#block;
    // Times within the block: a long recording loses no digits.
    const start = (block * out.length) / samplingRate;
    const end = start + out.length / samplingRate;
    this.#held = block;
    out.fill(0);
    for (
      let b = firstFrom(beats, start - REACH_SECONDS);
      b < beats.length && beats[b] < end + REACH_SECONDS;
      b++
    )
      for (const [seconds, millivolts, deviation] of wavesOf(waves, b)) {
        const middle = beats[b] + seconds - start;
        const from = Math.max(0, Math.ceil((middle - DEVIATIONS * deviation) * samplingRate));
        const to = Math.min(out.length - 1, Math.floor((middle + DEVIATIONS * deviation) * samplingRate));
        for (let k = from; k <= to; k++) {
          const z = (k / samplingRate - middle) / deviation;
          out[k] += millivolts * Math.exp(-0.5 * z * z);
        }
      }
    if (baseline !== undefined)
      for (let k = 0; k < out.length; k++) out[k] += baseline(start + k / samplingRate);
    if (noise === undefined || noise.deviation === 0) return;
    const draw = normal(counterRandom(...noise.key, block));
    for (let k = 0; k < out.length; k++) out[k] += noise.deviation * draw();
  }
}

/** Millivolts of the waves at one moment, for devices whose samples lie on no grid: no baseline, no noise. */
export function ecgAt(seconds: number, beats: ArrayLike<number>, waves: WavesOfBeats): number {
  let sum = 0;
  for (
    let b = firstFrom(beats, seconds - REACH_SECONDS);
    b < beats.length && beats[b] < seconds + REACH_SECONDS;
    b++
  )
    for (const [offset, millivolts, deviation] of wavesOf(waves, b)) {
      const z = (seconds - beats[b] - offset) / deviation;
      if (Math.abs(z) <= DEVIATIONS) sum += millivolts * Math.exp(-0.5 * z * z);
    }
  return sum;
}

const wavesOf = (waves: WavesOfBeats, beat: number): readonly EcgWave[] =>
  typeof waves === "function" ? waves(beat) : waves;

function firstFrom(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
