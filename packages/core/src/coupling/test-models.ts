import type { MvarModel } from "../mvar/model.ts";
import { mulberry32 } from "../random/index.ts";

/** Models for this folder's tests. */

export interface ModelParts {
  readonly nChannels: number;
  /** [lag, sink, source, value], all but the lag counted from 0. */
  readonly terms: readonly (readonly [lag: number, sink: number, source: number, value: number])[];
  readonly noise?: ArrayLike<number>;
}

export function modelOf({ nChannels: n, terms, noise }: ModelParts): MvarModel {
  const order = Math.max(...terms.map(([lag]) => lag));
  const coefficients = new Float64Array(order * n * n);
  for (const [lag, sink, source, value] of terms) coefficients[((lag - 1) * n + sink) * n + source] = value;
  const white = Float64Array.from({ length: n * n }, (_, q) => (q % (n + 1) === 0 ? 1 : 0));
  return {
    nChannels: n,
    order,
    coefficients,
    noiseCovariance: noise === undefined ? white : Float64Array.from(noise),
    nObservations: 1000,
    spectralRadius: Number.NaN,
    status: "ok",
  };
}

/** A stable model with every coefficient and every noise covariance filled. */
export function randomModel(nChannels: number, order: number, seed: number): MvarModel {
  const uniform = mulberry32(seed);
  const n = nChannels;
  // Row sums of absolute values stay below 0.9, which keeps every root inside the unit circle.
  const coefficients = Float64Array.from(
    { length: order * n * n },
    () => ((2 * uniform() - 1) * 0.9) / (n * order),
  );
  const mixing = Float64Array.from({ length: n * n }, (_, q) => (q % (n + 1) === 0 ? 1 : uniform() - 0.5));
  const noiseCovariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) noiseCovariance[i * n + j] += mixing[i * n + k] * mixing[j * n + k];
  return {
    nChannels: n,
    order,
    coefficients,
    noiseCovariance,
    nObservations: 1000,
    spectralRadius: Number.NaN,
    status: "ok",
  };
}

/** The same process with channel c measured in units 1 / scale[c]. */
export function rescaled(model: MvarModel, scale: ArrayLike<number>): MvarModel {
  const n = model.nChannels;
  return {
    ...model,
    coefficients: model.coefficients.map((value, q) => {
      const sink = Math.floor(q / n) % n;
      return (value * scale[sink]) / scale[q % n];
    }),
    noiseCovariance: model.noiseCovariance.map((value, q) => value * scale[Math.floor(q / n)] * scale[q % n]),
  };
}

/** The same process with channels in another order: new channel c is old channel `order[c]`. */
export function reordered(model: MvarModel, order: readonly number[]): MvarModel {
  const n = model.nChannels;
  const pick = (matrix: Float64Array) =>
    matrix.map((_, q) => {
      const slice = q - (q % (n * n));
      const sink = order[Math.floor(q / n) % n];
      return matrix[slice + sink * n + order[q % n]];
    });
  return { ...model, coefficients: pick(model.coefficients), noiseCovariance: pick(model.noiseCovariance) };
}

/** Equal steps over 0..rate/2, both ends, for trapezoid means. */
export function wholeAxis(steps: number, samplingRate: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, k) => (k * samplingRate) / (2 * steps));
}

/** The mean over 0..rate/2 of entry q of each slice, by the trapezoid rule. */
export function axisMean(values: ArrayLike<number>, sliceLength: number, q: number): number {
  const steps = values.length / sliceLength - 1;
  let sum = 0;
  for (let f = 0; f <= steps; f++) sum += (f === 0 || f === steps ? 0.5 : 1) * values[f * sliceLength + q];
  return sum / steps;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let largest = 0;
  for (let q = 0; q < a.length; q++) {
    const difference = Math.abs(a[q] - b[q]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
