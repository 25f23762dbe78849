import { mean, permutationP, standardDeviation } from "@attune/core";

export interface FamilyWise {
  /** `[time]`, mean of the surrogates. */
  readonly nullMean: number[];
  /** `[time]`, what at most a share `alpha` of surrogates exceeds anywhere: above it p is below alpha. */
  readonly nullHigh: number[];
  /** `[time]`, one-sided, corrected for all times. */
  readonly p: number[];
}

/**
 * Tests a time course against surrogates of the whole course, corrected for the number of times by the largest z:
 *
 *     z(t) = (x(t) - mean(t)) / sd(t),   p(t) = (1 + #{max over t of z of a surrogate >= z(t)}) / (1 + n)
 *
 * A small p says that the course is higher at t than a course without the effect is anywhere. Times at which the course
 * could not be computed are NaN and left out of the maximum.
 *
 * @param course `[time]`
 * @param surrogates each `[time]`
 * @see Nichols, Holmes, Hum Brain Mapp 15:1, 2002; Phipson, Smyth, Stat Appl Genet Mol Biol 9:39, 2010
 */
export function testOverTime(
  course: readonly number[],
  surrogates: readonly (readonly number[])[],
  alpha: number,
): FamilyWise {
  const at = course.map((_, t) => surrogates.map((surrogate) => surrogate[t]!));
  const nullMean = at.map((values) => mean(values));
  const sd = at.map((values) => standardDeviation(values, 0));
  const z = (x: readonly number[], t: number): number => (x[t]! - nullMean[t]!) / sd[t]!;
  const usable = course.flatMap((_, t) => (Number.isFinite(z(course, t)) ? [t] : []));
  const largest = surrogates.map((surrogate) => Math.max(...usable.map((t) => z(surrogate, t))));
  // p is below alpha while fewer than this many surrogates reach as high.
  const tooMany = Math.ceil(alpha * (largest.length + 1)) - 1;
  const limit = [...largest].sort((a, b) => b - a)[Math.max(0, tooMany - 1)] ?? Number.NaN;
  return {
    nullMean,
    nullHigh: nullMean.map((centre, t) => centre + limit * sd[t]!),
    p: course.map((_, t) => permutationP(z(course, t), largest)),
  };
}
