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
 * Mean and SD are those of all other courses, for a surrogate as for the observed one. A course that is held against
 * a spread to which it has itself contributed looks smaller than it is, and were only the surrogates treated
 * so, the test would reject twice as often as it says (measured: 10 % instead of 5 % with 99 surrogates).
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
  const z = course.map((value, t) => (value - nullMean[t]!) / sd[t]!);
  const largest = new Float64Array(surrogates.length).fill(Number.NEGATIVE_INFINITY);
  course.forEach((value, t) => {
    if (!Number.isFinite(z[t])) return;
    const others = standardScoresAmongOthers([value, ...at[t]!]);
    for (let s = 0; s < largest.length; s++) largest[s] = Math.max(largest[s]!, others[s + 1]!);
  });
  // p is below alpha while fewer than this many surrogates reach as high.
  const tooMany = Math.ceil(alpha * (largest.length + 1)) - 1;
  const limit = [...largest].sort((a, b) => b - a)[Math.max(0, tooMany - 1)] ?? Number.NaN;
  return {
    nullMean,
    nullHigh: nullMean.map((centre, t) => centre + limit * sd[t]!),
    p: z.map((score) => permutationP(score, largest)),
  };
}

/** Distance of each value from the mean of the others, in standard deviations of the others. */
function standardScoresAmongOthers(values: readonly number[]): number[] {
  const nOthers = values.length - 1;
  const centre = mean(values);
  const sumOfSquares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return values.map((value) => {
    const deviation = value - centre;
    const squaresOfOthers = Math.max(0, sumOfSquares - (deviation * deviation * (nOthers + 1)) / nOthers);
    return (deviation * (nOthers + 1)) / nOthers / Math.sqrt(squaresOfOthers / nOthers);
  });
}
