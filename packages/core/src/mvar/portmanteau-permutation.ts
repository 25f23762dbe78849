import { OptionError } from "../errors.ts";
import { shuffle, type Uniform } from "../random/index.ts";
import { permutationP } from "../statistics/index.ts";
import type { MvarModel } from "./model.ts";
import { type PortmanteauKind, portmanteauStatistic, whitenResiduals } from "./portmanteau-statistic.ts";
import { residuals } from "./residuals.ts";

export interface PortmanteauPermutationOptions {
  /** Lags h, at least 1. */
  readonly maxLag: number;
  /** Default 1000. */
  readonly nPermutations?: number;
  /** Source of randomness, such as `mulberry32(seed)`. */
  readonly uniform: Uniform;
  /** Default `"ljung-box"`. */
  readonly kind?: PortmanteauKind;
}

export interface PortmanteauPermutation {
  readonly kind: PortmanteauKind;
  readonly statistic: number;
  /** Small: residuals still carry structure. Never below 1 / (nPermutations + 1); NaN when the residuals are degenerate. */
  readonly p: number;
  readonly nPermutations: number;
  readonly maxLag: number;
}

/**
 * Are the residuals white? The statistic of `portmanteau` against the same statistic of the same residuals in random order:
 *
 *     p = (1 + #{shuffled >= observed}) / (1 + nPermutations)
 *
 * Samples of all channels move together, across windows too, so that the covariance at lag 0 stays. Nothing is assumed about
 * the distribution of the residuals or their number; heavy tails and short windows are no matter. Shuffled residuals do not
 * know that a fit of order p has already taken out most of what was at lags 1..p, for which the chi-square form
 * subtracts K^2 p degrees of freedom: the test errs towards "white", by little when maxLag is several times the order.
 *
 * Costs nPermutations times the statistic, O(K^2 T maxLag) each.
 *
 * @throws OptionError when maxLag or nPermutations is not a positive whole number
 * @see Billinger, Brunner, Müller-Putz, Front Neuroinform 8:22, 2014 (SCoT, whose whiteness test this is); Hosking, JASA 75, 1980.
 */
export function portmanteauPermutation(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: PortmanteauPermutationOptions,
): PortmanteauPermutation {
  const { nChannels: n } = model;
  const { maxLag, nPermutations = 1000, uniform, kind = "ljung-box" } = options;
  if (!(Number.isInteger(maxLag) && maxLag >= 1))
    throw new OptionError(`portmanteauPermutation needs maxLag as an integer >= 1, got ${maxLag}.`);
  if (!(Number.isInteger(nPermutations) && nPermutations >= 1))
    throw new OptionError(
      `portmanteauPermutation needs nPermutations as an integer >= 1, got ${nPermutations}.`,
    );
  const white = whitenResiduals(residuals(model, windows), n);
  if (white === undefined) return { kind, statistic: Number.NaN, p: Number.NaN, nPermutations, maxLag };
  const statistic = portmanteauStatistic(white, n, kind, maxLag);
  const samples = samplesOf(white, n);
  const shuffled = white.map((window) => new Float64Array(window.length));
  const order = Int32Array.from({ length: samples.length / n }, (_, t) => t);
  const shuffledStatistics = new Float64Array(nPermutations);
  for (let k = 0; k < nPermutations; k++) {
    shuffle(order, uniform);
    deal(shuffled, samples, order, n);
    shuffledStatistics[k] = portmanteauStatistic(shuffled, n, kind, maxLag);
  }
  return { kind, statistic, p: permutationP(statistic, shuffledStatistics), nPermutations, maxLag };
}

/** All samples of all windows, `[nSamples, n]`: one sample's channels side by side. */
function samplesOf(windows: readonly Float64Array[], n: number): Float64Array {
  const out = new Float64Array(windows.reduce((sum, window) => sum + window.length, 0));
  let at = 0;
  for (const window of windows) {
    const nRows = window.length / n;
    for (let t = 0; t < nRows; t++) for (let i = 0; i < n; i++) out[at++] = window[i * nRows + t];
  }
  return out;
}

/** Fills the windows with the samples in the given order. */
function deal(windows: readonly Float64Array[], samples: Float64Array, order: Int32Array, n: number): void {
  let next = 0;
  for (const window of windows) {
    const nRows = window.length / n;
    for (let t = 0; t < nRows; t++) {
      const from = order[next++] * n;
      for (let i = 0; i < n; i++) window[i * nRows + t] = samples[from + i];
    }
  }
}
