import { ShapeError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { blockGranger } from "./conditional-granger.ts";
import { blockGrangerFromGram, type LaggedGram, reverseLaggedGram } from "./gram-granger.ts";
import { modelAutocovariance } from "./model-autocovariance.ts";
import { checkModel } from "./model-shape.ts";
import { solve } from "./real-matrix.ts";

export interface DirectionOptions {
  readonly fromIndices: readonly number[];
  readonly toIndices: readonly number[];
}

/** Net influence from one block of channels to another, and what time reversal leaves of it. */
export interface TimeReversedDifference extends DirectionOptions {
  /** F(from -> to) - F(to -> from), nats, as recorded. */
  readonly forwardNet: number;
  /** The same, played backwards. */
  readonly reversedNet: number;
  /** D = forwardNet - reversedNet: above 0 when `from` leads `to`, near 0 for noise or mixing shared without a delay. */
  readonly difference: number;
}

/**
 * The test of direction that mixed or shared noise does not fool: net Granger causality minus that of time reversed.
 *
 *     D = [F(from -> to) - F(to -> from)]_forward - [F(from -> to) - F(to -> from)]_reversed
 *
 * D > 0 says that `from` leads `to`. Nats. Zero-lag mixing and unequal noise survive reversal and cancel; a delay turns
 * around. The reversed net need not change its sign, so judge D against surrogates and not the flip.
 *
 * Both models may be pooled fits: of the windows as recorded, and of the same windows reversed in time. The exact reverse
 * of a model, rather than a second fit, is `timeReversedModel(model)`. Other channels are held constant.
 *
 * @throws ShapeError when the models have different channels.
 * @see Haufe, Nikulin, Müller, Nolte, NeuroImage 64:120, 2013; Winkler, Panknin, Bartz, Müller, Haufe, IEEE Trans Signal
 * Process 2016.
 */
export function timeReversedDifference(
  options: DirectionOptions & { readonly forward: MvarModel; readonly reversed: MvarModel },
): TimeReversedDifference {
  const { forward, reversed, fromIndices, toIndices } = options;
  if (forward.nChannels !== reversed.nChannels)
    throw new ShapeError("timeReversedDifference", `${forward.nChannels} channels`, `${reversed.nChannels}`);
  return difference(
    fromIndices,
    toIndices,
    (from, to) => blockGranger(forward, { from, to }),
    (from, to) => blockGranger(reversed, { from, to }),
  );
}

/**
 * {@link timeReversedDifference} straight from the second moments of the windows: two regressions per direction, and the
 * reversal costs nothing because it only mirrors the lags. Quick enough for surrogates.
 */
export function timeReversedDifferenceFromGram(
  gram: LaggedGram,
  options: DirectionOptions,
): TimeReversedDifference {
  const backwards = reverseLaggedGram(gram);
  return difference(
    options.fromIndices,
    options.toIndices,
    (from, to) => blockGrangerFromGram(gram, { from, to }),
    (from, to) => blockGrangerFromGram(backwards, { from, to }),
  );
}

/**
 * The model of the same process played backwards.
 *
 * A stationary MVAR process of order p, reversed, is one of order p too, with the covariances R_k transposed; its
 * coefficients solve the Yule-Walker equations of those. Exact: no data, no estimation. All NaN for an unstable model.
 *
 * @see Whittle, Biometrika 50:129, 1963.
 */
export function timeReversedModel(model: MvarModel): MvarModel {
  checkModel("timeReversedModel", model);
  const { nChannels: n, order: p } = model;
  const d = n * p;
  const covariance = modelAutocovariance(model, p);
  // Reversed R_k = R_k' = R_{-k}: entry (i, j) at lag k of the reversed process.
  const reversed = (lag: number, i: number, j: number): number =>
    lag >= 0 ? covariance[(lag * n + j) * n + i] : covariance[(-lag * n + i) * n + j];
  // R_l = sum_r B_r R_{l-r} for l = 1..p, transposed so that the unknowns stand in a column.
  const toeplitz = new Float64Array(d * d);
  const right = new Float64Array(d * n);
  for (let l = 0; l < p; l++) {
    for (let j = 0; j < n; j++) {
      for (let r = 0; r < p; r++)
        for (let k = 0; k < n; k++) toeplitz[(l * n + j) * d + r * n + k] = reversed(l - r, k, j);
      for (let i = 0; i < n; i++) right[(l * n + j) * n + i] = reversed(l + 1, i, j);
    }
  }
  const solution = solve(toeplitz, right, d, n) ?? new Float64Array(d * n).fill(Number.NaN);
  const coefficients = new Float64Array(d * n);
  for (let r = 0; r < p; r++)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) coefficients[(r * n + i) * n + k] = solution[(r * n + k) * n + i];
  const noiseCovariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = reversed(0, i, j);
      for (let r = 0; r < p; r++)
        for (let k = 0; k < n; k++) value -= coefficients[(r * n + i) * n + k] * reversed(-(r + 1), k, j);
      noiseCovariance[i * n + j] = value;
      noiseCovariance[j * n + i] = value;
    }
  }
  return { ...model, coefficients, noiseCovariance };
}

type Influence = (from: readonly number[], to: readonly number[]) => number;

function difference(
  fromIndices: readonly number[],
  toIndices: readonly number[],
  forward: Influence,
  reversed: Influence,
): TimeReversedDifference {
  const forwardNet = forward(fromIndices, toIndices) - forward(toIndices, fromIndices);
  const reversedNet = reversed(fromIndices, toIndices) - reversed(toIndices, fromIndices);
  return { fromIndices, toIndices, forwardNet, reversedNet, difference: forwardNet - reversedNet };
}
