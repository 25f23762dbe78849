import { logDeterminant } from "../linalg/index.ts";
import { checkDisjoint } from "./model-shape.ts";
import { submatrix } from "./real-matrix.ts";

/**
 * Sums of products of all samples and their lags, z_t z_t' with z_t = [x_t; x_{t-1}; …; x_{t-p}], over all rows of one or
 * several windows. A `LagMoments` is one.
 */
export interface LaggedGram {
  readonly nChannels: number;
  readonly order: number;
  /** `[(order + 1) n, (order + 1) n]`, index `lag * n + channel`, lag 0 being the present. */
  readonly gram: Float64Array;
  /** Rows that were summed. */
  readonly nRows: number;
}

/**
 * The gram of the same windows played backwards, without touching the data: the lags change places.
 *
 *     G_rev[(a, i), (b, j)] = G[(p - a, i), (p - b, j)]
 */
export function reverseLaggedGram(gram: LaggedGram): LaggedGram {
  const { nChannels: n, order: p } = gram;
  const d = (p + 1) * n;
  const mirrored = Array.from({ length: d }, (_, a) => (p - Math.floor(a / n)) * n + (a % n));
  return { nChannels: n, order: p, gram: submatrix(gram.gram, d, mirrored, mirrored), nRows: gram.nRows };
}

/**
 * Granger causality of one block of channels on another from two regressions of the same order.
 *
 *     F_{from->to | rest} = ln( det S_to without the past of `from` / det S_to with it )
 *
 * Read as `blockGranger`, in nats, from 0 upwards. Both regressions are least squares on the same rows, so it needs no
 * fitted model and is quick enough for surrogates. The reduced regression stops at the same order though the reduced
 * process has no finite order: slightly above `blockGranger` of the full model. NaN when the gram is not positive
 * definite (too few rows, or channels that depend on each other).
 *
 * @throws OptionError when a block is empty or a channel stands in both.
 * @see Geweke, J Am Stat Assoc 77:304, 1982, eq. 3.1.
 */
export function blockGrangerFromGram(
  gram: LaggedGram,
  options: {
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly conditional?: boolean;
  },
): number {
  const { nChannels: n, order: p } = gram;
  const { from, to, conditional = true } = options;
  checkDisjoint("blockGrangerFromGram", n, { from, to });
  const everyone = Array.from({ length: n }, (_, i) => i);
  const predictors = conditional ? everyone : everyone.filter((i) => from.includes(i) || to.includes(i));
  const reduced = predictors.filter((i) => !from.includes(i));
  const gain = residualLogDeterminant(gram, to, reduced, p) - residualLogDeterminant(gram, to, predictors, p);
  return Number.isFinite(gain) ? gain : Number.NaN;
}

/** ln det of the residual sums of squares of `to`, regressed on p lags of `predictors`. */
function residualLogDeterminant(
  gram: LaggedGram,
  to: readonly number[],
  predictors: readonly number[],
  p: number,
): number {
  const n = gram.nChannels;
  const d = (p + 1) * n;
  const past: number[] = [];
  for (let r = 1; r <= p; r++) for (const i of predictors) past.push(r * n + i);
  if (gram.nRows < past.length + to.length) return Number.NaN;
  // det [past, present] = det past * det (present given past)
  const both = [...past, ...to];
  return (
    scaledLogDeterminant(submatrix(gram.gram, d, both, both), both.length) -
    scaledLogDeterminant(submatrix(gram.gram, d, past, past), past.length)
  );
}

/** Scaling to a unit diagonal keeps channels in µV and in V apart from the test for definiteness. */
function scaledLogDeterminant(matrix: Float64Array, n: number): number {
  let logScale = 0;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(matrix[i * n + i]));
  for (let i = 0; i < n; i++) {
    logScale += 2 * Math.log(scale[i]);
    for (let j = 0; j < n; j++) matrix[i * n + j] /= scale[i] * scale[j];
  }
  return logScale + logDeterminant(matrix, n);
}
