import { ShapeError } from "../errors.ts";
import { medianAbsoluteDeviation, medianOf } from "./order-statistics.ts";

/**
 * What has to be added to a stream's own time to get recorder time:
 * `offset(t) = offset + slope * (t - referenceTime)`. Written around a reference time because clocks count
 * 1e5 s and more, where `a + b t` would lose digits.
 */
export interface ClockLine {
  /** Seconds on the stream's own clock. */
  readonly referenceTime: number;
  /** Seconds, at the reference time. */
  readonly offset: number;
  /** Seconds per second: drift. Times 1e6 it is ppm; positive when the stream's clock runs slow. */
  readonly slope: number;
}

/** The correction of a clock line at one moment. */
export const clockOffsetAt = (line: ClockLine, deviceTime: number): number =>
  line.offset + line.slope * (deviceTime - line.referenceTime);

/**
 * Robust line through clock offsets with Huber's loss, solved by ADMM.
 *
 *     minimise sum_i huber(a + b t_i - v_i),  huber quadratic below and linear above `winsorSeconds`
 *     x <- (X'X)^-1 X'(y + z - u),  d = X x - y + u,
 *     z <- rho/(1+rho) d + 1/(1+rho) max(0, 1 - (1 + 1/rho)/|d|) d,  u <- d - z
 *
 * with X = [1, t/w], y = v/w, w = `winsorSeconds`, rho = 1 and a fixed number of iterations, so that
 * the answer is the same as that of pyxdf (1000 iterations, w = 0.1 ms). Returns undefined when the line is not
 * determined (all times equal).
 *
 * @param times   seconds on the stream's clock, when the offset was measured
 * @param offsets seconds; device time + offset = recorder time
 * @see Boyd et al., "Distributed optimization and statistical learning via ADMM", 2011, section 6.1.1;
 *   defaults from pyxdf 1.17.
 */
export function fitClockHuber(
  times: Float64Array,
  offsets: Float64Array,
  { winsorSeconds = 1e-4, iterations = 1000 }: { winsorSeconds?: number; iterations?: number } = {},
): ClockLine | undefined {
  const n = times.length;
  if (offsets.length !== n) throw new ShapeError("fitClockHuber", `${n} offsets`, `${offsets.length}`);
  if (n === 0) return undefined;
  const reference = times[0];
  const base = offsets[0];
  if (n === 1) return { referenceTime: reference, offset: base, slope: 0 };

  const x = new Float64Array(n);
  const y = new Float64Array(n);
  let earliest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) earliest = Math.min(earliest, times[i]);
  let sx = 0;
  let sxx = 0;
  for (let i = 0; i < n; i++) {
    x[i] = (times[i] - earliest) / winsorSeconds;
    y[i] = (offsets[i] - base) / winsorSeconds;
    sx += x[i];
    sxx += x[i] * x[i];
  }
  const determinant = n * sxx - sx * sx;
  if (!(determinant > 0) || !Number.isFinite(determinant)) return undefined;

  const z = new Float64Array(n);
  const u = new Float64Array(n);
  let a = 0;
  let b = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    let sr = 0;
    let sxr = 0;
    for (let i = 0; i < n; i++) {
      const r = y[i] + z[i] - u[i];
      sr += r;
      sxr += x[i] * r;
    }
    a = (sxx * sr - sx * sxr) / determinant;
    b = (n * sxr - sx * sr) / determinant;
    for (let i = 0; i < n; i++) {
      const d = a + b * x[i] - y[i] + u[i];
      const shrink = Math.max(0, 1 - 2 / Math.abs(d));
      z[i] = 0.5 * d + 0.5 * shrink * d;
      u[i] = d - z[i];
    }
  }
  return { referenceTime: earliest, offset: base + a * winsorSeconds, slope: b };
}

/**
 * Constant offset: the median, drift zero. The honest model while there are too few offsets for a slope.
 */
export function fitClockMedian(times: Float64Array, offsets: Float64Array): ClockLine | undefined {
  if (times.length === 0) return undefined;
  return { referenceTime: medianOf(times), offset: medianOf(offsets), slope: 0 };
}

/** 1.4826 x median |offset - line|: a standard deviation that outliers do not move. Seconds. */
export function clockResidual(times: Float64Array, offsets: Float64Array, line: ClockLine): number {
  const residual = new Float64Array(times.length);
  for (let i = 0; i < residual.length; i++) residual[i] = offsets[i] - clockOffsetAt(line, times[i]);
  return 1.4826 * medianAbsoluteDeviation(residual, 0);
}
