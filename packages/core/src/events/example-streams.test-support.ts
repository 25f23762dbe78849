import { mulberry32, normal, type Uniform } from "../random/index.ts";
import type { Intervals } from "./intervals.ts";
import { intervals } from "./intervals.ts";

/** Intervals as `[onset, offset]` pairs. */
export const stream = (...pairs: readonly (readonly [number, number])[]): Intervals =>
  intervals(
    Float64Array.from(pairs, ([onset]) => onset),
    Float64Array.from(pairs, ([, offset]) => offset),
  );

export const pairsOf = ({ onsets, offsets }: Intervals): number[][] =>
  Array.from(onsets, (onset, i) => [onset, offsets[i]]);

/** Disjoint intervals with whole numbers as edges, from pairs of a gap and a length; some of no length, some touching. */
export function streamOfSteps(steps: readonly (readonly [number, number])[]): Intervals {
  const pairs: [number, number][] = [];
  let at = 0;
  for (const [gap, length] of steps) {
    const onset = at + gap;
    if (onset + length > 60) break;
    pairs.push([onset, onset + length]);
    at = onset + length;
  }
  return stream(...pairs);
}

/** The whole seconds that a stream covers. */
export const cells = ({ onsets, offsets }: Intervals, end = 60): boolean[] =>
  Array.from({ length: end }, (_, i) => onsets.some((onset, k) => onset <= i && i + 1 <= offsets[k]));

/** Vocalisations in bursts: memory that makes naive tests reject too often. */
export function bursts(seconds: number, uniform: Uniform): Intervals {
  const pairs: [number, number][] = [];
  for (let at = 0; ; ) {
    at += uniform() < 0.3 ? 4 + 16 * uniform() : 0.3 + 1.5 * uniform();
    const offset = at + 0.3 + uniform();
    if (offset >= seconds) return stream(...pairs);
    pairs.push([at, offset]);
    at = offset;
  }
}

/** First-order autoregressive noise: as slow as windowed coupling. */
export function slowSeries(n: number, phi: number, seed: number): Float64Array {
  const draw = normal(mulberry32(seed));
  const out = new Float64Array(n);
  for (let i = 0, x = 0; i < n; i++) {
    x = phi * x + draw();
    out[i] = x;
  }
  return out;
}

/** Every event of a stream answered about `delay` later. */
export const answered = (acts: Intervals, delay: number, seed: number): Intervals => {
  const uniform = mulberry32(seed);
  const pairs: [number, number][] = [];
  for (const onset of acts.onsets) {
    const from = Math.max(pairs.at(-1)?.[1] ?? 0, onset + delay + 0.2 * uniform());
    pairs.push([from, from + 0.3]);
  }
  return stream(...pairs);
};
