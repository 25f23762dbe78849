import { divideByDefinite } from "../linalg/definite-solve.ts";
import { matrixProduct, transpose } from "../linalg/matrix-product.ts";
import { solveDefiniteSylvester } from "../linalg/sylvester.ts";

export type LatticeEstimator = "nuttall-strand" | "vieira-morf" | "biosig7";

/**
 * Forward residuals e_t = x_t - sum A_k x_{t-k} and backward residuals b_t = x_{t-m} - sum B_k x_{t-m+k} of one
 * window, `[n, nSamples]`, valid from sample m at stage m.
 */
interface Residuals {
  readonly nSamples: number;
  readonly forward: Float64Array;
  readonly backward: Float64Array;
}

/**
 * Multichannel lattice estimators: one lag per stage, from the covariances of forward (f) and backward (b)
 * residuals, with sums that run over all windows. Per stage, with F = <f f'>, B = <b b'>, D = <f b'>:
 *
 *     nuttall-strand   a = R Pb^-1, b = R' Pf^-1 with (F Pf^-1) R + R (Pb^-1 B) = 2 D;
 *                      Pf <- Pf - a R',  Pb <- Pb - b R                     (Marple 1987, section 15.4)
 *     vieira-morf      a = D Pb^-1,      b = D' Pf^-1,      Pf, Pb measured anew at every stage
 *     biosig7          a = 2 D (Pf + Pb)^-1, b = 2 D' (Pf + Pb)^-1, otherwise as vieira-morf
 *
 * then A_k <- A_k - a B_{m+1-k}, A_{m+1} = a, and the mirror image for B.
 *
 * @param windows         `[n, nSamples_w]` each; those of `order` samples or fewer are to be left out before
 * @param outCoefficients `[order, sink, source]`
 * @returns the forward residuals from sample `order` on, one `[n, nSamples_w - order]` per window, or `undefined` when
 *   a residual covariance is not positive definite
 */
export function fitLattice(
  windows: readonly Float64Array[],
  n: number,
  order: number,
  estimator: LatticeEstimator,
  outCoefficients: Float64Array,
): Float64Array[] | undefined {
  const residuals = windows.map((window) => ({
    nSamples: window.length / n,
    forward: window.slice(),
    backward: window.slice(),
  }));
  const square = n * n;
  const backwardCoefficients = new Float64Array(order * square);
  let forwardPower = covariance(residuals, n, 0, "forward", "forward");
  let backwardPower = forwardPower;
  for (let m = 0; m < order; m++) {
    const stage = reflect(residuals, n, m, estimator, forwardPower, backwardPower);
    if (stage === undefined) return undefined;
    const { a, b } = stage;
    const oldForward = outCoefficients.slice(0, m * square);
    const oldBackward = backwardCoefficients.slice(0, m * square);
    for (let k = 0; k < m; k++) {
      const mirrored = (m - 1 - k) * square;
      subtractProduct(outCoefficients, k * square, a, oldBackward.subarray(mirrored, mirrored + square), n);
      subtractProduct(
        backwardCoefficients,
        k * square,
        b,
        oldForward.subarray(mirrored, mirrored + square),
        n,
      );
    }
    outCoefficients.set(a, m * square);
    backwardCoefficients.set(b, m * square);
    for (const window of residuals) advance(window, n, m, a, b);
    forwardPower = stage.forwardPower ?? covariance(residuals, n, m + 1, "forward", "forward");
    backwardPower = stage.backwardPower ?? covariance(residuals, n, m + 1, "backward", "backward");
  }
  return residuals.map(({ forward, nSamples }) => {
    const tail = new Float64Array(n * (nSamples - order));
    for (let c = 0; c < n; c++)
      tail.set(forward.subarray(c * nSamples + order, (c + 1) * nSamples), c * (nSamples - order));
    return tail;
  });
}

interface Stage {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly forwardPower?: Float64Array;
  readonly backwardPower?: Float64Array;
}

function reflect(
  residuals: readonly Residuals[],
  n: number,
  m: number,
  estimator: LatticeEstimator,
  forwardPower: Float64Array,
  backwardPower: Float64Array,
): Stage | undefined {
  const cross = covariance(residuals, n, m + 1, "forward", "delayed");
  if (estimator === "nuttall-strand") {
    const f = covariance(residuals, n, m + 1, "forward", "forward");
    const g = covariance(residuals, n, m + 1, "delayed", "delayed");
    const twice = cross.map((value) => 2 * value);
    const partial = solveDefiniteSylvester(f, forwardPower, g, backwardPower, twice, n);
    if (partial === undefined) return undefined;
    const mirrored = transpose(partial, n, n);
    const a = divideByDefinite(partial, backwardPower, n, n);
    const b = divideByDefinite(mirrored, forwardPower, n, n);
    if (a === undefined || b === undefined) return undefined;
    const nextForward = forwardPower.slice();
    const nextBackward = backwardPower.slice();
    subtractProduct(nextForward, 0, a, mirrored, n);
    subtractProduct(nextBackward, 0, b, partial, n);
    return { a, b, forwardPower: nextForward, backwardPower: nextBackward };
  }
  const mirrored = transpose(cross, n, n);
  if (estimator === "biosig7") {
    const meanPower = forwardPower.map((value, i) => (value + backwardPower[i]) / 2);
    const a = divideByDefinite(cross, meanPower, n, n);
    const b = divideByDefinite(mirrored, meanPower, n, n);
    return a && b && { a, b };
  }
  const a = divideByDefinite(cross, backwardPower, n, n);
  const b = divideByDefinite(mirrored, forwardPower, n, n);
  return a && b && { a, b };
}

type Side = "forward" | "backward" | "delayed";

/** Mean over windows and t >= from of u_t v_t'; `delayed` is the backward residual one sample earlier. */
function covariance(
  residuals: readonly Residuals[],
  n: number,
  from: number,
  first: Side,
  second: Side,
): Float64Array {
  const out = new Float64Array(n * n);
  let count = 0;
  for (const window of residuals) {
    const { nSamples } = window;
    const u = first === "forward" ? window.forward : window.backward;
    const v = second === "forward" ? window.forward : window.backward;
    const delayU = first === "delayed" ? 1 : 0;
    const delayV = second === "delayed" ? 1 : 0;
    count += nSamples - from;
    const isSymmetric = first === second;
    for (let i = 0; i < n; i++) {
      const row = i * nSamples - delayU;
      let j = isSymmetric ? i : 0;
      // Four sums at a time: each has its own chain of additions, in the same order as alone.
      for (; j + 3 < n; j += 4) {
        const at = j * nSamples - delayV;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let t = from; t < nSamples; t++) {
          const x = u[row + t];
          s0 += x * v[at + t];
          s1 += x * v[at + nSamples + t];
          s2 += x * v[at + 2 * nSamples + t];
          s3 += x * v[at + 3 * nSamples + t];
        }
        out[i * n + j] += s0;
        out[i * n + j + 1] += s1;
        out[i * n + j + 2] += s2;
        out[i * n + j + 3] += s3;
      }
      for (; j < n; j++) {
        const at = j * nSamples - delayV;
        let sum = 0;
        for (let t = from; t < nSamples; t++) sum += u[row + t] * v[at + t];
        out[i * n + j] += sum;
      }
    }
  }
  if (first === second)
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i];
  for (let i = 0; i < out.length; i++) out[i] /= count;
  return out;
}

/** e_t <- e_t - a b_{t-1} and b_t <- b_{t-1} - b e_t, for t > m. Runs backwards in time, so that it can overwrite. */
function advance(window: Residuals, n: number, m: number, a: Float64Array, b: Float64Array): void {
  const { nSamples, forward, backward } = window;
  const e = new Float64Array(n);
  const d = new Float64Array(n);
  for (let t = nSamples - 1; t > m; t--) {
    for (let i = 0; i < n; i++) {
      e[i] = forward[i * nSamples + t];
      d[i] = backward[i * nSamples + t - 1];
    }
    let i = 0;
    // Two channels at a time: four chains of subtractions, each in the same order as alone.
    for (; i + 1 < n; i += 2) {
      let f0 = e[i];
      let f1 = e[i + 1];
      let b0 = d[i];
      let b1 = d[i + 1];
      const row = i * n;
      for (let j = 0; j < n; j++) {
        const x = d[j];
        const y = e[j];
        f0 -= a[row + j] * x;
        f1 -= a[row + n + j] * x;
        b0 -= b[row + j] * y;
        b1 -= b[row + n + j] * y;
      }
      forward[i * nSamples + t] = f0;
      forward[(i + 1) * nSamples + t] = f1;
      backward[i * nSamples + t] = b0;
      backward[(i + 1) * nSamples + t] = b1;
    }
    for (; i < n; i++) {
      let newForward = e[i];
      let newBackward = d[i];
      for (let j = 0; j < n; j++) {
        newForward -= a[i * n + j] * d[j];
        newBackward -= b[i * n + j] * e[j];
      }
      forward[i * nSamples + t] = newForward;
      backward[i * nSamples + t] = newBackward;
    }
  }
}

/** target[at ..] -= a b. */
function subtractProduct(
  target: Float64Array,
  at: number,
  a: Float64Array,
  b: Float64Array,
  n: number,
): void {
  const product = matrixProduct(a, b, n, n, n);
  for (let i = 0; i < product.length; i++) target[at + i] -= product[i];
}
