import type { Matrix } from "./plain-autoregression.ts";

/** Undirected measures between two series of phases or analytic signals, from their definitions. */
export interface PlainSignal {
  readonly real: number[];
  readonly imaginary: number[];
  readonly phases: number[];
}

export function plvPlain(a: PlainSignal, b: PlainSignal): number {
  let cosines = 0;
  let sines = 0;
  for (let t = 0; t < a.phases.length; t++) {
    const difference = a.phases[t]! - b.phases[t]!;
    cosines += Math.cos(difference);
    sines += Math.sin(difference);
  }
  return Math.hypot(cosines, sines) / a.phases.length;
}

export function wpliPlain(a: PlainSignal, b: PlainSignal): number {
  let sum = 0;
  let total = 0;
  for (let t = 0; t < a.real.length; t++) {
    const imaginary = a.imaginary[t]! * b.real[t]! - a.real[t]! * b.imaginary[t]!;
    sum += imaginary;
    total += Math.abs(imaginary);
  }
  return total === 0 ? 0 : Math.abs(sum) / total;
}

/** All pairs by circular correlation: the sines about the circular mean once a channel, their correlation once a pair. */
export function circularCorrelationMatrixPlain(signals: PlainSignal[]): Matrix {
  const sines = signals.map(({ phases }) => {
    const mean = circularMean(phases);
    return phases.map((phase) => Math.sin(phase - mean));
  });
  return allPairsPlain(sines, (a, b) => {
    let sum = 0;
    let powerA = 0;
    let powerB = 0;
    for (let t = 0; t < a.length; t++) {
      sum += a[t]! * b[t]!;
      powerA += a[t]! ** 2;
      powerB += b[t]! ** 2;
    }
    return sum / Math.sqrt(powerA * powerB);
  });
}

/** Every pair once; the matrix is symmetric. */
export function allPairsPlain<Signal>(signals: Signal[], measure: (a: Signal, b: Signal) => number): Matrix {
  const matrix: Matrix = signals.map(() => []);
  for (let i = 0; i < signals.length; i++) {
    for (let j = i; j < signals.length; j++) {
      const value = measure(signals[i]!, signals[j]!);
      matrix[i]![j] = value;
      matrix[j]![i] = value;
    }
  }
  return matrix;
}

function circularMean(phases: number[]): number {
  let cosines = 0;
  let sines = 0;
  for (const phase of phases) {
    cosines += Math.cos(phase);
    sines += Math.sin(phase);
  }
  return Math.atan2(sines, cosines);
}
