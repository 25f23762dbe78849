import { mulberry32, normal } from "../../random/index.ts";
import { ECG_SHAPES, type EcgShape, SyntheticEcg } from "../synthetic-ecg.ts";

export interface SyntheticBeat {
  /** Seconds, where the R wave has its summit. */
  readonly time: number;
  readonly shape: EcgShape;
  /** Factor on every wave. Default 1. */
  readonly height?: number;
  /** Height of the T wave in millivolts before that factor, instead of the shape's own. */
  readonly tWave?: number;
}

/** A trace with these beats and nothing else. */
export function renderEcg(
  samplingRate: number,
  seconds: number,
  beats: readonly SyntheticBeat[],
): Float64Array {
  const inOrder = [...beats].sort((a, b) => a.time - b.time);
  const waves = inOrder.map(({ shape, height = 1, tWave }) =>
    ECG_SHAPES[shape].map(([offset, millivolts, deviation], i, all) => {
      const own = i === all.length - 1 && tWave !== undefined ? tWave : millivolts;
      return [offset, height * own, deviation] as const;
    }),
  );
  const samples = new Float64Array(Math.round(samplingRate * seconds));
  const times = inOrder.map(({ time }) => time);
  new SyntheticEcg({ samplingRate, beats: times, waves: (beat) => waves[beat]! }).read(samples);
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
