import { counterRandom } from "@attune/core";
import type { HeartSettings } from "./options.ts";
import { SLOW_RATE, slowProcess, valueAt } from "./slow-process.ts";

/** Step of the integration, seconds. */
const STEP = 0.02;
/** Intervals stay within these shares of their mean. */
const SHORTEST = 0.6;
const LONGEST = 1.6;

export interface SimulatedBeats {
  /** `[nBeats]`, session seconds: the R peaks. */
  readonly times: Float64Array;
  /** The breath, which a belt would show: phase in cycles at `SLOW_RATE`. */
  readonly breathPhase: Float64Array;
}

/**
 * Beats by integral pulse frequency modulation: the rate 1000 / interval(t) is integrated, and every whole number is a beat.
 *
 *     interval(t) = mean + slow SD * slow(t) + height * (1 + 0.3 h(t)) sin(2 pi phase(t)) + extra(t)
 *
 * @param slow  slow variation at `SLOW_RATE`, SD 1
 * @param extra ms, at `SLOW_RATE`
 * @see Hyndman & Mohn, "A model of the cardiac pacemaker and its use in decoding the information content of cardiac
 *   intervals", Automedica 1 (1975)
 */
export function simulateBeats(
  seed: number,
  person: string,
  durationSeconds: number,
  heart: HeartSettings,
  slow: Float64Array,
  extra: Float64Array,
): SimulatedBeats {
  const n = Math.ceil(durationSeconds * SLOW_RATE) + 2;
  const wander = slowProcess(n, counterRandom(seed, "hearts", person, "breathing-rate"));
  const depth = slowProcess(n, counterRandom(seed, "hearts", person, "breathing-depth"));
  const breathPhase = new Float64Array(n);
  for (let k = 1; k < n; k++)
    breathPhase[k] = breathPhase[k - 1]! + (heart.breathingRate * (1 + 0.08 * wander[k]!)) / SLOW_RATE;
  const { meanInterval, slowDeviation, respiratoryHeight } = heart;
  const rateAt = (t: number): number => {
    const breath = Math.sin(2 * Math.PI * valueAt(breathPhase, t));
    const interval =
      meanInterval +
      slowDeviation * valueAt(slow, t) +
      respiratoryHeight * (1 + 0.3 * valueAt(depth, t)) * breath +
      valueAt(extra, t);
    return 1000 / Math.max(SHORTEST * meanInterval, Math.min(LONGEST * meanInterval, interval));
  };
  const times: number[] = [];
  let phase = counterRandom(seed, "hearts", person, "first-beat")();
  let before = rateAt(0);
  for (let k = 1; k * STEP <= durationSeconds; k++) {
    const now = rateAt(k * STEP);
    const grown = phase + (STEP * (before + now)) / 2;
    if (grown >= 1) {
      times.push((k - 1 + (1 - phase) / (grown - phase)) * STEP);
      phase = grown - 1;
    } else phase = grown;
    before = now;
  }
  return { times: Float64Array.from(times), breathPhase };
}
