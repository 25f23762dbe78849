import { mulberry32, normal } from "../../random/index.ts";

export type BeatShape = "adult" | "infant" | "ventricular" | "paced";

export interface SyntheticBeat {
  /** Seconds, where the R wave has its summit. */
  readonly time: number;
  readonly shape: BeatShape;
  /** Height of the R wave, millivolts. Default 1. */
  readonly height?: number;
  /** Height of the T wave over that of the R wave, instead of the shape's own. */
  readonly tWave?: number;
}

/** Waves as Gaussians: seconds from the R summit, share of the R height, standard deviation in seconds. T comes last. */
const WAVES: Readonly<Record<BeatShape, readonly (readonly [number, number, number])[]>> = {
  adult: [
    [-0.16, 0.12, 0.02],
    [-0.026, -0.12, 0.008],
    [0, 1, 0.011],
    [0.027, -0.25, 0.01],
    [0.26, 0.3, 0.045],
  ],
  infant: [
    [-0.09, 0.12, 0.012],
    [-0.015, -0.12, 0.005],
    [0, 1, 0.0065],
    [0.016, -0.3, 0.006],
    [0.14, 0.25, 0.025],
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

/** A trace with these beats and nothing else, by the sum of Gaussian waves of McSharry et al., IEEE TBME 50:289 (2003). */
export function renderEcg(
  samplingRate: number,
  seconds: number,
  beats: readonly SyntheticBeat[],
): Float64Array {
  const samples = new Float64Array(Math.round(samplingRate * seconds));
  for (const { time, shape, height = 1, tWave } of beats) {
    const waves = WAVES[shape];
    for (const [i, [offset, share, width]] of waves.entries()) {
      const size = height * (i === waves.length - 1 && tWave !== undefined ? tWave : share);
      const middle = time + offset;
      const from = Math.max(0, Math.ceil((middle - 5 * width) * samplingRate));
      const to = Math.min(samples.length - 1, Math.floor((middle + 5 * width) * samplingRate));
      for (let n = from; n <= to; n++) {
        const z = (n / samplingRate - middle) / width;
        samples[n] += size * Math.exp(-0.5 * z * z);
      }
    }
  }
  return samples;
}

/**
 * Beat times with respiratory variation, the same for every sampling rate.
 *
 * @param variation share of the interval by which breathing changes it; `irregularity` is random, as in atrial fibrillation
 */
export function rhythm(
  seconds: number,
  interval: number,
  { variation = 0.04, irregularity = 0, seed = 1 } = {},
): number[] {
  const uniform = mulberry32(seed);
  const times: number[] = [];
  for (let time = 0.4; time < seconds - 0.3; ) {
    times.push(time);
    const breath = variation * Math.sin(2 * Math.PI * 0.25 * time);
    time += interval * (1 + breath + irregularity * (2 * uniform() - 1));
  }
  return times;
}

/** Adds white noise of this standard deviation, low-pass filtered a little as an amplifier does. */
export function addNoise(samples: Float64Array, deviation: number, seed = 2): void {
  const draw = normal(mulberry32(seed));
  for (let n = 0; n < samples.length; n++) samples[n] += deviation * draw();
}

/** Adds a sine, such as mains or breathing. */
export function addSine(samples: Float64Array, samplingRate: number, hertz: number, height: number): void {
  for (let n = 0; n < samples.length; n++)
    samples[n] += height * Math.sin((2 * Math.PI * hertz * n) / samplingRate);
}
