import { OptionError } from "../errors.ts";
import { clopperPearson } from "../statistics/index.ts";

export interface RateRatio {
  /** (n / t) / (n0 / t0). */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Ratio of two rates with an exact conditional interval. Given n + n0 events, n is binomial with probability
 * p = ratio t / (ratio t + t0), so that an interval of p (Clopper-Pearson) is one of the ratio:
 *
 *     ratio = (p / (1 - p)) (t0 / t)
 *
 * It takes events to be independent (Poisson). Vocalisations come in bursts, and then the interval is too narrow: read it as
 * counting error only, and test by surrogates or over dyads.
 *
 * @param count  events in `seconds`
 * @param other  events in `otherSeconds`, the reference
 * @returns NaN for the ratio where neither has events; Infinity where the reference has none. All NaN without exposure
 * @throws OptionError for counts or times below 0
 * @see Przyborowski & Wilenski, Biometrika 31:313 (1940); Rothman & Greenland, Modern Epidemiology, person-time data
 */
export function rateRatio(
  count: number,
  seconds: number,
  other: number,
  otherSeconds: number,
  confidence = 0.95,
): RateRatio {
  if (!(seconds >= 0 && otherSeconds >= 0))
    throw new OptionError(`rateRatio needs seconds >= 0, got ${seconds} and ${otherSeconds}.`);
  if (seconds === 0 || otherSeconds === 0) return { ratio: Number.NaN, low: Number.NaN, high: Number.NaN };
  const exposure = otherSeconds / seconds;
  if (count + other === 0) return { ratio: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY };
  const { low, high } = clopperPearson(count, count + other, confidence);
  return {
    ratio: (count / other) * exposure,
    low: (low / (1 - low)) * exposure,
    high: (high / (1 - high)) * exposure,
  };
}
