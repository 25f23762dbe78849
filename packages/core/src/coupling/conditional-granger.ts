import { logDeterminant } from "../linalg/index.ts";
import type { MvarModel } from "../mvar/model.ts";
import { checkDisjoint, checkModel, remainingChannels } from "./model-shape.ts";
import { submatrix } from "./real-matrix.ts";
import { type ReducedProcess, reduceModel } from "./reduced-process.ts";

/**
 * Conditional Granger causality between all pairs of channels, given all the others, in the time domain.
 *
 *     F_{j->i | rest} = ln( V_ii / S_ii )
 *
 * S_ii is the variance of the prediction error of i in the full model, V_ii the same when channel j is not recorded,
 * taken from the full model itself (state space) and not from a second regression, which would be biased.
 *
 * Read `out[i * n + j]` as the influence **of channel j (source) on channel i (sink)**, in nats, from 0 upwards; exactly
 * 0 where the model holds no coefficient j -> i. The diagonal is 0. NaN where the model has no stationary filter.
 *
 * @see Barnett, Seth, Phys Rev E 91:040101, 2015; Geweke, J Am Stat Assoc 1984.
 */
export function conditionalGranger(model: MvarModel): Float64Array {
  checkModel("conditionalGranger", model);
  const n = model.nChannels;
  const out = new Float64Array(n * n);
  if (n === 1) return out;
  for (let j = 0; j < n; j++) {
    const visible = remainingChannels(n, [j]);
    const reduced = reduceModel(model, visible);
    visible.forEach((i, row) => {
      const full = model.noiseCovariance[i * n + i];
      const without = reduced?.innovationCovariance[row * (n - 1) + row] ?? Number.NaN;
      out[i * n + j] = Math.log(without / full);
    });
  }
  return out;
}

export interface BlockGrangerOptions {
  /** Source channels. */
  readonly from: readonly number[];
  /** Sink channels. */
  readonly to: readonly number[];
  /** Whether the channels in neither block are held constant (default) or treated as never recorded. */
  readonly conditional?: boolean;
}

/**
 * Granger causality of one block of channels on another, from the full model, in the time domain.
 *
 *     F_{from->to | rest} = ln( det V_to / det S_to )
 *
 * V is the prediction error when the block `from` is not recorded. With the adult's channels as `from` and the
 * infant's as `to` this is adult -> infant. Nats, from 0 upwards; NaN where the model has no stationary filter.
 *
 * @throws OptionError when a block is empty or a channel stands in both.
 * @see Barrett, Barnett, Seth, Phys Rev E 81:041907, 2010; Barnett, Seth, Phys Rev E 91:040101, 2015.
 */
export function blockGranger(model: MvarModel, options: BlockGrangerOptions): number {
  checkModel("blockGranger", model);
  const { from, to, conditional = true } = options;
  checkDisjoint("blockGranger", model.nChannels, { from, to });
  const rest = conditional ? remainingChannels(model.nChannels, from, to) : [];
  const full = reduceModel(model, [...to, ...rest, ...from]);
  const reduced = reduceModel(model, [...to, ...rest]);
  if (full === undefined || reduced === undefined) return Number.NaN;
  const gain = leadingLogDeterminant(reduced, to.length) - leadingLogDeterminant(full, to.length);
  return Number.isFinite(gain) ? gain : Number.NaN;
}

/** ln det of the innovations of the first `count` visible channels. */
function leadingLogDeterminant(process: ReducedProcess, count: number): number {
  const first = Array.from({ length: count }, (_, i) => i);
  const m = process.visible.length;
  return logDeterminant(submatrix(process.innovationCovariance, m, first, first), count);
}
