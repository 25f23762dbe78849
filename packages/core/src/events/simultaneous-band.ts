import { ShapeError } from "../errors.ts";
import { mean, permutationP, standardDeviation } from "../statistics/index.ts";

/** A course against surrogates of the whole course. NaN where it cannot be judged. */
export interface SimultaneousBand {
  /** `[nTimes]`, mean of the surrogates. */
  readonly nullMean: Float64Array;
  /** `[nTimes]`, the band that at most a share alpha of surrogate courses leaves anywhere. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** `[nTimes]`, two-sided, corrected for all times. */
  readonly p: Float64Array;
  /** Index of the time that lies farthest out, in units of the null's spread there; -1 when there is none. */
  readonly peak: number;
}

/**
 * Band around a null that holds for all times at once, by the largest absolute z:
 *
 *     z(t) = (x(t) - mean(t)) / sd(t),   p(t) = (1 + #{max over t of |z| of a surrogate >= |z(t)|}) / (1 + N)
 *
 * Mean and SD are those of all other courses, for a surrogate as for the observed one: a course that is held against a
 * spread to which it has itself contributed looks smaller than it is, and the test would reject too often.
 *
 * @param course     `[nTimes]`
 * @param surrogates `[nSurrogates, nTimes]`
 * @throws ShapeError when the lengths do not fit
 * @see Nichols & Holmes, Human Brain Mapping 15:1 (2002)
 */
export function simultaneousBand(
  course: Float64Array,
  surrogates: Float64Array,
  alpha = 0.05,
): SimultaneousBand {
  const nTimes = course.length;
  const n = nTimes === 0 ? 0 : surrogates.length / nTimes;
  if (!Number.isInteger(n))
    throw new ShapeError("simultaneousBand", `surrogates [n, ${nTimes}]`, `length ${surrogates.length}`);
  const nullMean = new Float64Array(nTimes).fill(Number.NaN);
  const sd = new Float64Array(nTimes).fill(Number.NaN);
  const z = new Float64Array(nTimes).fill(Number.NaN);
  const largest = new Float64Array(n);
  const column = new Float64Array(n);
  for (let t = 0; t < nTimes; t++) {
    for (let s = 0; s < n; s++) column[s] = surrogates[s * nTimes + t];
    nullMean[t] = mean(column);
    sd[t] = standardDeviation(column, 0);
    const deviation = course[t] - nullMean[t];
    if (!Number.isFinite(deviation)) continue;
    z[t] = deviation === 0 ? 0 : Math.abs(deviation) / sd[t];
    // Sums over the surrogates and the course, from which each surrogate is taken out in turn.
    const centre = nullMean[t] + deviation / (n + 1);
    let squares = (course[t] - centre) ** 2;
    for (let s = 0; s < n; s++) squares += (column[s] - centre) ** 2;
    for (let s = 0; s < n; s++) {
      const own = column[s] - centre;
      const others = Math.max(0, squares - (own * own * (n + 1)) / n);
      const score = own === 0 ? 0 : (Math.abs(own) * (n + 1)) / n / Math.sqrt(others / n);
      if (score > largest[s]) largest[s] = score;
    }
  }
  // p is at most alpha while fewer than this many surrogates reach as far.
  const tooMany = Math.floor(alpha * (n + 1));
  const limit = tooMany >= 1 ? largest.slice().sort()[n - tooMany] : Number.POSITIVE_INFINITY;
  let peak = -1;
  for (let t = 0; t < nTimes; t++) if (z[t] > (peak < 0 ? Number.NEGATIVE_INFINITY : z[peak])) peak = t;
  return {
    nullMean,
    low: nullMean.map((centre, t) => centre - limit * sd[t]),
    high: nullMean.map((centre, t) => centre + limit * sd[t]),
    p: z.map((score) => permutationP(score, largest)),
    peak,
  };
}
