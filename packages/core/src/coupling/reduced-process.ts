import { matrixProduct, transpose } from "../linalg/index.ts";
import type { MvarModel } from "../mvar/model.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { invertComplex, multiplyComplex } from "./complex-matrix.ts";
import { remainingChannels } from "./model-shape.ts";
import { partialCovariance, solve, submatrix } from "./real-matrix.ts";
import { solveRiccati } from "./riccati.ts";

/**
 * What is left of an MVAR process when some channels are not recorded: its own innovations.
 *
 * The visible channels alone follow an autoregression of infinite order, so refitting them at order p is biased. Here
 * they are derived from the full model: the lags of the hidden channels are the state of a Kalman filter that sees the
 * visible ones; its steady state gives the innovations. The state has (hidden channels) x order entries only, because
 * the visible past is known.
 *
 * @see Barnett, Seth, Phys Rev E 91:040101, 2015 (state-space Granger causality).
 */
export interface ReducedProcess {
  /** Channels of the full model, in the order that was asked for. */
  readonly visible: readonly number[];
  readonly hidden: readonly number[];
  /** `[m, m]`, covariance of the one-step prediction error of the visible channels. */
  readonly innovationCovariance: Float64Array;
  /** Kalman gain, `[hidden * order, m]`. */
  readonly gain: Float64Array;
  /** Rows of the hidden lags in the visible equations, `[m, hidden * order]`. */
  readonly observation: Float64Array;
  /** (transition - gain observation), `[hidden * order, hidden * order]`; stable. */
  readonly closedLoop: Float64Array;
}

/**
 * The process of the channels `visible` when all the others are dropped; undefined when the full model has no
 * stationary filter (unstable, or a noise covariance that is not positive definite).
 */
export function reduceModel(model: MvarModel, visible: readonly number[]): ReducedProcess | undefined {
  const { nChannels: n, order: p, noiseCovariance } = model;
  const hidden = remainingChannels(n, visible);
  const m = visible.length;
  const h = hidden.length;
  const d = h * p;
  const own = submatrix(noiseCovariance, n, visible, visible);
  if (h === 0) {
    const none = new Float64Array(0);
    return { visible, hidden, innovationCovariance: own, gain: none, observation: none, closedLoop: none };
  }
  const { transition, observation } = stateSpace(model, visible, hidden);
  const cross = new Float64Array(d * m);
  cross.set(submatrix(noiseCovariance, n, hidden, visible));
  const left = partialCovariance(noiseCovariance, n, hidden, visible);
  const weighted = solve(own, observation, m, d);
  if (left === undefined || weighted === undefined) return undefined;
  const noise = new Float64Array(d * d);
  for (let i = 0; i < h; i++) for (let j = 0; j < h; j++) noise[i * d + j] = left[i * h + j];
  const shift = matrixProduct(cross, weighted, d, m, d);
  const decorrelated = transition.map((value, q) => value - shift[q]);
  const precision = matrixProduct(transpose(observation, m, d), weighted, d, m, d);
  const error = solveRiccati(decorrelated, precision, noise, d);
  if (error === undefined) return undefined;
  const seen = matrixProduct(error, transpose(observation, m, d), d, d, m);
  const spread = matrixProduct(observation, seen, m, d, m);
  const innovationCovariance = own.map((value, q) => value + spread[q]);
  const numerator = matrixProduct(transition, seen, d, d, m).map((value, q) => value + cross[q]);
  const gainTransposed = solve(innovationCovariance, transpose(numerator, d, m), m, d);
  if (gainTransposed === undefined) return undefined;
  const gain = transpose(gainTransposed, m, d);
  const fedBack = matrixProduct(gain, observation, d, m, d);
  const closedLoop = transition.map((value, q) => value - fedBack[q]);
  return { visible, hidden, innovationCovariance, gain, observation, closedLoop };
}

/** Companion form of the hidden channels, `[hidden lags]`, and how their lags enter the visible equations. */
function stateSpace(model: MvarModel, visible: readonly number[], hidden: readonly number[]) {
  const { nChannels: n, order: p, coefficients } = model;
  const h = hidden.length;
  const d = h * p;
  const transition = new Float64Array(d * d);
  const observation = new Float64Array(visible.length * d);
  for (let r = 0; r < p; r++) {
    for (let b = 0; b < h; b++) {
      const column = r * h + b;
      for (let a = 0; a < h; a++)
        transition[a * d + column] = coefficients[(r * n + hidden[a]) * n + hidden[b]];
      for (let a = 0; a < visible.length; a++)
        observation[a * d + column] = coefficients[(r * n + visible[a]) * n + hidden[b]];
    }
  }
  for (let i = h; i < d; i++) transition[i * d + i - h] = 1;
  return { transition, observation };
}

/**
 * The filter that turns the visible channels into their innovations, G(f) with e(f) = G(f) x(f), frequency by frequency.
 * For a full model G(f) = A(f); G has no delay-free part but the identity.
 */
export class WhiteningFilter {
  readonly frequencies: Float64Array;
  /** `[m, m]` after `executeAt`. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly #process: ReducedProcess;
  readonly #model: MvarModel;
  readonly #transform: CoefficientTransform;
  readonly #samplingRate: number;

  constructor(
    model: MvarModel,
    process: ReducedProcess,
    frequencies: ArrayLike<number>,
    samplingRate: number,
  ) {
    const n = model.nChannels;
    this.#model = model;
    this.#process = process;
    this.#samplingRate = samplingRate;
    this.#transform = new CoefficientTransform(n, model.order, frequencies, samplingRate);
    this.frequencies = this.#transform.frequencies;
    this.real = new Float64Array(process.visible.length ** 2);
    this.imaginary = new Float64Array(process.visible.length ** 2);
  }

  executeAt(f: number): void {
    const { visible, hidden, gain, observation, closedLoop } = this.#process;
    const n = this.#model.nChannels;
    const m = visible.length;
    const h = hidden.length;
    const d = closedLoop.length === 0 ? 0 : Math.round(Math.sqrt(closedLoop.length));
    const fullReal = new Float64Array(n * n);
    const fullImaginary = new Float64Array(n * n);
    this.#transform.executeAt(f, fullReal, fullImaginary, this.#model.coefficients);
    this.real.set(submatrix(fullReal, n, visible, visible));
    this.imaginary.set(submatrix(fullImaginary, n, visible, visible));
    if (d === 0) return;
    // G = A_vv - C (z^-1 I - (F - L C))^-1 (E A_hv + L A_vv), with z = exp(-2 pi i f / rate) the delay of one sample
    // and E A_hv the drive of the hidden channels by the visible past, -A_hv(f).
    const angle = (2 * Math.PI * this.frequencies[f]) / this.#samplingRate;
    const resolventReal = closedLoop.map((value) => -value);
    const resolventImaginary = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      resolventReal[i * d + i] += Math.cos(angle);
      resolventImaginary[i * d + i] += Math.sin(angle);
    }
    const inverseReal = new Float64Array(d * d);
    const inverseImaginary = new Float64Array(d * d);
    invertComplex(inverseReal, inverseImaginary, resolventReal, resolventImaginary, d);
    const driveReal = matrixProduct(gain, this.real, d, m, m);
    const driveImaginary = matrixProduct(gain, this.imaginary, d, m, m);
    for (let a = 0; a < h; a++) {
      for (let b = 0; b < m; b++) {
        driveReal[a * m + b] -= fullReal[hidden[a] * n + visible[b]];
        driveImaginary[a * m + b] -= fullImaginary[hidden[a] * n + visible[b]];
      }
    }
    const stateReal = new Float64Array(d * m);
    const stateImaginary = new Float64Array(d * m);
    multiplyComplex(
      stateReal,
      stateImaginary,
      inverseReal,
      inverseImaginary,
      driveReal,
      driveImaginary,
      d,
      d,
      m,
    );
    const foreseenReal = matrixProduct(observation, stateReal, m, d, m);
    const foreseenImaginary = matrixProduct(observation, stateImaginary, m, d, m);
    for (let q = 0; q < m * m; q++) {
      this.real[q] -= foreseenReal[q];
      this.imaginary[q] -= foreseenImaginary[q];
    }
  }
}
