import { OptionError, ShapeError } from "../errors.ts";

/** `[lag, sink, source, value]`: value times source, lag samples ago, is added to sink. Lag in samples, >= 1. */
export type VarTerm = readonly [lag: number, sink: number, source: number, value: number];

export interface SimulateVarOptions {
  readonly nChannels: number;
  /** `[order, sink, source]`, or a list of terms, which are added in the order of the list. */
  readonly coefficients: Float64Array | readonly VarTerm[];
  readonly nSamples: number;
  /** Samples that are generated and dropped first. Default 1000. */
  readonly burnIn?: number;
  /** Standard normal numbers, one per channel and sample: time outside, channel inside. */
  readonly normal: () => number;
  /** Standard deviations of the innovations, one per channel. Default 1. */
  readonly sd?: ArrayLike<number>;
  /** `[sink, source, value]`: value times the normal number of source is added to the innovation of sink. */
  readonly mixing?: readonly (readonly [sink: number, source: number, value: number])[];
  /** `[n, n]`, lower triangular L with L L' = S, instead of `sd` and `mixing`. */
  readonly noiseCholesky?: Float64Array;
}

/**
 * A realisation of a vector autoregressive process,
 *
 *     x_i(t) = e_i(t) + sum over terms of value * x_source(t - lag),   e = sd g + mixing g   or   e = L g
 *
 * Sums run in the order given, without fused operations, so the same generator gives the same bits everywhere. The
 * past before the first sample is zero; `burnIn` drops what remembers it.
 *
 * @returns `[nChannels, nSamples]`
 */
export function simulateVar(options: SimulateVarOptions): Float64Array {
  const { nChannels: n, nSamples, burnIn = 1000, normal, sd, mixing = [], noiseCholesky } = options;
  if (sd !== undefined && sd.length !== n) throw new ShapeError("simulateVar", `${n} sd`, String(sd.length));
  if (noiseCholesky !== undefined && (sd !== undefined || mixing.length > 0))
    throw new OptionError("simulateVar takes noiseCholesky or sd and mixing, not both: leave one out.");
  const terms =
    "subarray" in options.coefficients ? listTerms(options.coefficients, n) : options.coefficients;
  checkTerms(terms, n);
  const total = burnIn + nSamples;
  const x = new Float64Array(n * total);
  const g = new Float64Array(n);
  for (let t = 0; t < total; t++) {
    for (let i = 0; i < n; i++) g[i] = normal();
    for (let i = 0; i < n; i++) {
      if (noiseCholesky === undefined) x[i * total + t] = (sd === undefined ? 1 : sd[i]) * g[i];
      else for (let j = 0; j <= i; j++) x[i * total + t] += noiseCholesky[i * n + j] * g[j];
    }
    for (const [i, j, value] of mixing) x[i * total + t] += value * g[j];
    for (const [lag, i, j, value] of terms) {
      if (t >= lag) x[i * total + t] += value * x[j * total + t - lag];
    }
  }
  const out = new Float64Array(n * nSamples);
  for (let i = 0; i < n; i++) out.set(x.subarray(i * total + burnIn, (i + 1) * total), i * nSamples);
  return out;
}

function listTerms(coefficients: Float64Array, n: number): VarTerm[] {
  if (coefficients.length % (n * n) !== 0)
    throw new ShapeError("simulateVar", `coefficients [order, ${n}, ${n}]`, String(coefficients.length));
  const terms: VarTerm[] = [];
  for (let at = 0; at < coefficients.length; at++) {
    const value = coefficients[at];
    if (value !== 0) terms.push([Math.floor(at / (n * n)) + 1, Math.floor(at / n) % n, at % n, value]);
  }
  return terms;
}

function checkTerms(terms: readonly VarTerm[], n: number): void {
  for (const [lag, sink, source] of terms) {
    if (!(lag >= 1 && sink >= 0 && sink < n && source >= 0 && source < n))
      throw new OptionError(
        `simulateVar got the term [${lag}, ${sink}, ${source}]: a lag is >= 1, a channel is in 0..${n - 1}.`,
      );
  }
}
