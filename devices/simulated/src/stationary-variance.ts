import { OptionError } from "@attune/core";
import type { Regime } from "./dynamics.ts";

const BLOCK = 256;
const MAX_BLOCKS = 400;
const NEGLIGIBLE = 1e-13;

/**
 * Variance of every node of a stationary process, from its impulse responses.
 *
 *     var(x_i) = sum_k (H_k S H_k')_ii,   H_0 = I,  H_k = sum_r A_r H_{k-r}
 *
 * Each column of the square root of S is sent through the recursion until the energy of a whole block no longer
 * counts.
 *
 * @returns `[nNodes]`
 * @throws OptionError when the responses do not die away: the planted links make the dyad unstable
 */
export function stationaryVariance(regime: Regime): Float64Array {
  const { nNodes } = regime;
  const variance = new Float64Array(nNodes);
  const root = choleskyRoot(regime.noiseCovariance, nNodes);
  for (let column = 0; column < nNodes; column++) {
    const impulse = new Float64Array(nNodes);
    for (let i = column; i < nNodes; i++) impulse[i] = root[i * nNodes + column]!;
    addResponse(regime, impulse, variance);
  }
  return variance;
}

/** Adds the energy of the response to one impulse. */
function addResponse(regime: Regime, impulse: Float64Array, variance: Float64Array): void {
  const { nNodes, order, rowStart, lags, sources, values } = regime;
  const span = order + BLOCK;
  const x = new Float64Array(nNodes * span);
  const energy = new Float64Array(nNodes);
  for (let block = 0; block < MAX_BLOCKS; block++) {
    let added = 0;
    for (let t = order; t < span; t++)
      for (let i = 0; i < nNodes; i++) {
        let sum = block === 0 && t === order ? impulse[i]! : 0;
        for (let e = rowStart[i]!; e < rowStart[i + 1]!; e++)
          sum += values[e]! * x[sources[e]! * span + t - lags[e]!]!;
        x[i * span + t] = sum;
        energy[i] = energy[i]! + sum * sum;
        added += sum * sum;
      }
    const total = energy.reduce((sum, value) => sum + value, 0);
    if (added <= NEGLIGIBLE * total) {
      for (let i = 0; i < nNodes; i++) variance[i] = variance[i]! + energy[i]!;
      return;
    }
    if (!(total < 1e100)) break;
    for (let i = 0; i < nNodes; i++) x.copyWithin(i * span, i * span + BLOCK, (i + 1) * span);
  }
  throw new OptionError(
    `The simulated dyad is unstable while gaze is ${regime.state}: lower the coupling strengths or pole radii.`,
  );
}

/** Lower-triangular R with R R' = S. */
function choleskyRoot(covariance: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= root[i * n + k]! * root[j * n + k]!;
      if (i === j) root[i * n + i] = Math.sqrt(Math.max(0, sum));
      else root[i * n + j] = root[j * n + j] === 0 ? 0 : sum / root[j * n + j]!;
    }
  return root;
}
