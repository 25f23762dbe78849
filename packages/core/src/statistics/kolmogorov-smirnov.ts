import { OptionError } from "../errors.ts";
import { logGamma } from "./gamma.ts";

/** Above this n the exact matrix gets slow and the corrected asymptote is within 2e-5. */
const EXACT_UP_TO = 1000;
/** From n D^2 = 4 on, twice the one-sided probability is the two-sided one to a relative 1e-10. */
const TAIL_FROM = 4;

/** 2 P(D+ >= d), exact one-sided formula of Smirnov (1944) with Birnbaum & Tingey's (1951) sum. */
function tailProbability(n: number, d: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const left = d + j / n;
    const right = 1 - left;
    const logBinomial = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    if (right <= 0) {
      if (n === j) sum += Math.exp(logBinomial + (j - 1) * Math.log(left));
    } else sum += Math.exp(logBinomial + (j - 1) * Math.log(left) + (n - j) * Math.log(right));
  }
  return Math.min(1, 2 * d * sum);
}

function multiply(out: Float64Array, a: Float64Array, b: Float64Array, m: number): void {
  out.fill(0);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < m; k++) {
      const value = a[i * m + k];
      if (value === 0) continue;
      for (let j = 0; j < m; j++) out[i * m + j] += value * b[k * m + j];
    }
}

/** P(D >= d) exactly, from the (2k-1) x (2k-1) matrix of Marsaglia, Tsang & Wang, J Stat Softw 8:18 (2003). */
function exactProbability(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  let base = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) if (i - j + 1 >= 0) base[i * m + j] = 1;
  for (let i = 0; i < m; i++) {
    base[i * m] -= h ** (i + 1);
    base[(m - 1) * m + i] -= h ** (m - i);
  }
  if (2 * h > 1) base[(m - 1) * m] += (2 * h - 1) ** m;
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) base[i * m + j] *= Math.exp(-logGamma(i - j + 2));
  let power = new Float64Array(m * m);
  for (let i = 0; i < m; i++) power[i * m + i] = 1;
  let scratch = new Float64Array(m * m);
  const middle = (k - 1) * m + k - 1;
  let logScale = 0;
  let logBaseScale = 0;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      multiply(scratch, power, base, m);
      [power, scratch] = [scratch, power];
      logScale += logBaseScale;
    }
    multiply(scratch, base, base, m);
    [base, scratch] = [scratch, base];
    logBaseScale *= 2;
    const size = base[middle];
    for (let i = 0; i < m * m; i++) base[i] /= size;
    logBaseScale += Math.log(size);
  }
  const logProbability = Math.log(power[middle]) + logScale + logGamma(n + 1) - n * Math.log(n);
  return Math.min(1, Math.max(0, 1 - Math.exp(logProbability)));
}

/** Kolmogorov's limit with the corrected argument of Vrbik, Pioneer J Theor Appl Stat 15:15 (2018). */
function asymptoticProbability(n: number, d: number): number {
  const root = Math.sqrt(n);
  const lambda = root * d + 1 / (6 * root) + (root * d - 1) / (4 * n);
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Kolmogorov-Smirnov test of p-values (or anything else) against the uniform distribution on [0, 1], two-sided.
 *
 *     D = sup_x |F_n(x) - x|
 *
 * A small p says that the values are not uniform: a test that yields such p-values under its null is miscalibrated.
 * The p-value is exact up to n = 1000 and beyond that asymptotic (error below 2e-5).
 *
 * Monte Carlo p-values from k surrogates take only the values 1/(k+1) ... 1. Pass `levels: k + 1` and D is taken
 * over those values only, against P(p <= j/(k+1)) = j/(k+1); the p-value is then conservative (too large), slightly
 * so when n is small against `levels`. Without `levels` the steps themselves count as a deviation of up to 1/(k+1).
 *
 * @param values `[n]`, each in [0, 1]; NaN makes both results NaN
 * @throws OptionError when there are no values
 */
export function kolmogorovSmirnovUniform(
  values: ArrayLike<number>,
  options: { levels?: number } = {},
): { statistic: number; p: number } {
  const n = values.length;
  if (n === 0) throw new OptionError("kolmogorovSmirnovUniform got no values: pass at least one.");
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted[n - 1])) return { statistic: Number.NaN, p: Number.NaN };
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    // Equal values form one step of F_n: only its upper end counts for tied levels, both ends for continuous values.
    const above = i === n - 1 || sorted[i + 1] > sorted[i];
    const below = i === 0 || sorted[i - 1] < sorted[i];
    if (above) statistic = Math.max(statistic, Math.abs((i + 1) / n - sorted[i]));
    if (below) {
      const before = options.levels === undefined ? sorted[i] : sorted[i] - 1 / options.levels;
      statistic = Math.max(statistic, Math.abs(before - i / n));
    }
  }
  return { statistic, p: kolmogorovSurvival(n, statistic) };
}

/** Probability that the two-sided Kolmogorov-Smirnov distance of n uniform values reaches `statistic`. */
export function kolmogorovSurvival(n: number, statistic: number): number {
  if (statistic <= 0.5 / n) return 1;
  if (statistic >= 1) return 0;
  if (n * statistic * statistic > TAIL_FROM) return tailProbability(n, statistic);
  return n <= EXACT_UP_TO ? exactProbability(n, statistic) : asymptoticProbability(n, statistic);
}
