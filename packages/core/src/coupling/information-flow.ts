import { OptionError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { ipdc } from "./ipdc.ts";
import { checkModel } from "./model-shape.ts";

export interface InformationFlowOptions {
  readonly samplingRate: number;
  /** Lower end of the band in Hz, 0 by default. */
  readonly low?: number;
  /** Upper end of the band in Hz, half the sampling rate by default. */
  readonly high?: number;
  /** Equal steps of the integral over the band, even; 4096 by default. Sharper poles than radius 0.995 need more. */
  readonly steps?: number;
}

/**
 * Information that flows from channel to channel, in bits per second.
 *
 *     MIR_ij = - integral_low^high log2( 1 - iPDC_ij(f)^2 ) df
 *
 * Read `out[i * n + j]` as the flow **from channel j (source) to channel i (sink)**, from 0 upwards; exactly 0 where the
 * model holds no coefficient j -> i. Over 0..rate/2 it is the mutual information rate between the innovation of i and
 * the part of j that nothing else explains; over a band, that band's share of it. For two channels it is
 * rate F_{j->i} / (2 ln 2), with F the time-domain Granger causality in nats. The diagonal is set to 0: a channel's flow
 * into itself is not defined (it can be infinite). NaN for a degenerate model.
 *
 * The integral is a trapezoid sum over the whole axis, where it converges exponentially, and Simpson's rule over a part.
 * The estimate from data is never negative: report it with the flow of surrogates.
 *
 * @throws OptionError when the band is empty or leaves 0..rate/2.
 * @see Takahashi, Baccalá, Sameshima, Biol Cybern 103:463, 2010, eq. 21.
 */
export function informationFlow(model: MvarModel, options: InformationFlowOptions): Float64Array {
  checkModel("informationFlow", model);
  const { samplingRate, low = 0, high = samplingRate / 2, steps = 4096 } = options;
  if (!(low >= 0 && low < high && high <= samplingRate / 2))
    throw new OptionError(
      `informationFlow: the band ${low}..${high} Hz must rise and lie within 0..${samplingRate / 2} Hz.`,
    );
  if (!(Number.isInteger(steps) && steps > 0 && steps % 2 === 0))
    throw new OptionError(`informationFlow: steps must be an even positive number, got ${steps}.`);
  const whole = low === 0 && high === samplingRate / 2;
  const width = (high - low) / steps;
  const frequencies = Float64Array.from({ length: steps + 1 }, (_, k) =>
    k === steps ? high : low + k * width,
  );
  const { values } = ipdc(model, { samplingRate, frequencies });
  const n = model.nChannels;
  const out = new Float64Array(n * n);
  for (let k = 0; k <= steps; k++) {
    const end = k === 0 || k === steps;
    const trapezoid = end ? 0.5 : 1;
    const simpson = (end ? 1 : k % 2 === 1 ? 4 : 2) / 3;
    const weight = whole ? trapezoid : simpson;
    for (let q = 0; q < n * n; q++) {
      const value = values[k * n * n + q];
      out[q] -= weight * Math.log1p(-value * value);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const q = i * n + j;
      // Adding zero turns the -0 of an absent link into 0.
      out[q] = i === j ? 0 : (out[q] * width) / Math.LN2 + 0;
    }
  }
  return out;
}
