import type { Seconds, StateInterval } from "@attune/signal";
import { CoderError } from "./errors.ts";

export interface KappaOptions {
  readonly person: string;
  readonly layer: string;
  /** Both coders are asked at `from`, `from + gridSeconds` ... before `until`. Default 0.1. */
  readonly gridSeconds?: Seconds;
  readonly from: Seconds;
  readonly until: Seconds;
}

/** Agreement of two coders on one layer. Numbers that cannot be had are NaN, and `status` says why. */
export interface Kappa {
  readonly kappa: number;
  /** `p_o`: share of moments at which both coded the same. */
  readonly observed: number;
  /** `p_e`: the share to be expected if both had coded independently, each in his own proportions. */
  readonly expected: number;
  /** Moments at which both coded something. */
  readonly nPoints: number;
  /** Moments at which one or both coded nothing: they are left out. */
  readonly nUncoded: number;
  readonly states: readonly string[];
  /** `[first coder, second coder]`, counts of moments, in the order of `states`. */
  readonly confusion: Float64Array;
  /** `one-state`: both coded nothing but one and the same state, so that chance agrees as well and kappa says nothing. */
  readonly status: "ok" | "no-data" | "one-state";
}

/**
 * Cohen's kappa of two coders' intervals, moment by moment on a grid of time:
 *
 *     kappa = (p_o - p_e) / (1 - p_e),   p_o = sum_i n_ii / N,   p_e = sum_i n_i. n_.i / N^2
 *
 * with `n_ij` the moments that the first coder gave to state i and the second to state j. 1 is perfect, 0 is chance. Neighbouring
 * moments depend on one another: kappa is a description here, and its textbook standard error does not hold.
 *
 * @see Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37-46
 * @throws CoderError for a grid that is not positive or an end that is not after the beginning
 */
export function cohensKappa(
  first: readonly StateInterval[],
  second: readonly StateInterval[],
  { person, layer, gridSeconds = 0.1, from, until }: KappaOptions,
): Kappa {
  if (!(gridSeconds > 0 && until > from))
    throw new CoderError(
      `A grid needs gridSeconds > 0 and until > from, got ${gridSeconds}, ${from}, ${until}.`,
    );
  const a = layerOf(first, person, layer);
  const b = layerOf(second, person, layer);
  const states = [...new Set([...a, ...b].map(({ state }) => state))].sort();
  const k = states.length;
  const indexOf = new Map(states.map((state, i) => [state, i]));
  const confusion = new Float64Array(k * k);
  let nUncoded = 0;
  let nPoints = 0;
  const atA = reader(a);
  const atB = reader(b);
  for (let n = 0; from + n * gridSeconds < until - 1e-9; n++) {
    const time = from + n * gridSeconds;
    const i = atA(time);
    const j = atB(time);
    if (i === undefined || j === undefined) nUncoded++;
    else {
      nPoints++;
      confusion[indexOf.get(i)! * k + indexOf.get(j)!]!++;
    }
  }
  let agreed = 0;
  let byChance = 0;
  for (let i = 0; i < k; i++) {
    agreed += confusion[i * k + i]!;
    let row = 0;
    let column = 0;
    for (let j = 0; j < k; j++) {
      row += confusion[i * k + j]!;
      column += confusion[j * k + i]!;
    }
    byChance += row * column;
  }
  const observed = agreed / nPoints;
  const expected = byChance / (nPoints * nPoints);
  const status = nPoints === 0 ? "no-data" : expected === 1 ? "one-state" : "ok";
  const kappa = status === "ok" ? (observed - expected) / (1 - expected) : Number.NaN;
  return { kappa, observed, expected, nPoints, nUncoded, states, confusion, status };
}

/** How long two coders agreed, exactly and without a grid. */
export interface DurationAgreement {
  readonly person: string;
  readonly layer: string;
  readonly agreedSeconds: Seconds;
  /** Time for which both coded something. */
  readonly bothSeconds: Seconds;
  /** `agreedSeconds / bothSeconds`; NaN where they never coded at the same time. */
  readonly agreement: number;
}

/**
 * Duration-weighted agreement on every layer that either coder has, `time of equal states / time that both coded`. It does not
 * take chance off: read it beside kappa.
 */
export function durationAgreement(
  first: readonly StateInterval[],
  second: readonly StateInterval[],
): DurationAgreement[] {
  const layers = new Map<string, { person: string; layer: string }>();
  for (const { person, layer } of [...first, ...second])
    layers.set(JSON.stringify([person, layer]), { person, layer });
  return [...layers.values()].map(({ person, layer }) => {
    const b = layerOf(second, person, layer);
    let agreedSeconds = 0;
    let bothSeconds = 0;
    for (const one of layerOf(first, person, layer))
      for (const other of b) {
        const from = Math.max(one.onset, other.onset);
        const until = Math.min(one.onset + one.duration, other.onset + other.duration);
        if (until <= from) continue;
        bothSeconds += until - from;
        if (one.state === other.state) agreedSeconds += until - from;
      }
    const agreement = bothSeconds > 0 ? agreedSeconds / bothSeconds : Number.NaN;
    return { person, layer, agreedSeconds, bothSeconds, agreement };
  });
}

const layerOf = (
  intervals: readonly StateInterval[],
  person: string,
  layer: string,
): readonly StateInterval[] =>
  intervals.filter((one) => one.person === person && one.layer === layer).sort((a, b) => a.onset - b.onset);

/** The state at times that only grow. */
function reader(intervals: readonly StateInterval[]): (time: Seconds) => string | undefined {
  let at = 0;
  return (time) => {
    while (at < intervals.length && intervals[at]!.onset + intervals[at]!.duration <= time) at++;
    const interval = intervals[at];
    return interval && interval.onset <= time ? interval.state : undefined;
  };
}
