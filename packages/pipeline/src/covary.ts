import { type CovariationWindow, StreamingCovariation } from "@attune/core";
import type { Covariation, Seconds, StateChange } from "@attune/signal";
import { defer, EMPTY, merge, mergeMap, type Observable, type OperatorFunction } from "rxjs";
import { LayerGathering } from "./gather-by-layer.ts";
import type { HeartTrend } from "./heart-events.ts";
import type { CovariationMeasure, HeartSettings } from "./settings.ts";
import { StateShares } from "./state-shares.ts";

/**
 * Holds two hearts against each other, window by window (`StreamingCovariation`), and gathers the windows by the states of
 * the declared layers.
 *
 * Both members stand at one common time: a second enters when both are known there, however late either is. Windows begin at
 * multiples of the step on the session clock (less the largest lag before the first), so where they lie does not depend on who
 * started when. What a heart does in a pause is missing. A window is given out when both hearts are known
 * `statesKnownWithinSeconds` beyond its end, and so the states that held in it; states become known before the samples that
 * follow them.
 *
 * @param changes state changes of anybody, in order of `at`
 */
export function covary(
  changes: Observable<StateChange>,
  pair: readonly [from: string, to: string],
  measure: CovariationMeasure,
  settings: HeartSettings,
): OperatorFunction<HeartTrend, Covariation> {
  return (trends) =>
    defer(() => {
      const hearts = new PairOfHearts(pair, measure, settings);
      const learn = changes.pipe(
        mergeMap((change) => {
          hearts.change(change);
          return EMPTY;
        }),
      );
      return merge(learn, trends.pipe(mergeMap((trend) => hearts.push(trend))));
    });
}

/** One member's seconds that the other has not reached yet. */
interface Lane {
  /** Second of the first value; NaN before there is one. */
  first: number;
  values: number[];
}

class PairOfHearts {
  readonly #pair: readonly [from: string, to: string];
  readonly #measure: CovariationMeasure;
  readonly #settings: HeartSettings;
  readonly #covariation: StreamingCovariation;
  readonly #lanes: readonly [Lane, Lane] = [
    { first: Number.NaN, values: [] },
    { first: Number.NaN, values: [] },
  ];
  readonly #layers: readonly LayerGathering[];
  readonly #pauses: StateShares | undefined;
  /** Before and after a value's time, seconds: what it is made of. */
  readonly #support: readonly [number, number];
  readonly #waiting: CovariationWindow[] = [];
  /** Second that is sample 0 of the comparison. */
  #origin = Number.NaN;
  #nWindows = 0;
  #nWithoutValue = 0;

  constructor(
    pair: readonly [from: string, to: string],
    measure: CovariationMeasure,
    settings: HeartSettings,
  ) {
    const { layers, latencySeconds, running, rsaWindowSeconds } = settings;
    this.#pair = pair;
    this.#measure = measure;
    this.#settings = settings;
    const { windowSeconds, stepSeconds, maxLagSeconds, removeLine, nullSeconds } = measure;
    this.#covariation = new StreamingCovariation({
      samplingRate: 1,
      anchor: "latest",
      windowSeconds,
      stepSeconds,
      maxLagSeconds,
      removeLine,
      nullSeconds,
    });
    this.#layers = layers.map(({ person, layer }) => new LayerGathering(person, layer, latencySeconds));
    this.#pauses = running === undefined ? undefined : new StateShares(running.person, running.layer);
    this.#support = measure.series === "rsa" ? [rsaWindowSeconds / 2, rsaWindowSeconds / 2] : [0, 1];
  }

  change(change: StateChange): void {
    for (const layer of this.#layers) layer.change(change);
    this.#pauses?.add(change);
  }

  push({ person, firstIndex, values }: HeartTrend): Covariation[] {
    const lane = this.#lanes[this.#pair.indexOf(person)]!;
    if (Number.isNaN(lane.first)) lane.first = firstIndex;
    for (const value of values) lane.values.push(value);
    const [a, b] = this.#lanes;
    if (Number.isNaN(a.first) || Number.isNaN(b.first)) return [];
    if (Number.isNaN(this.#origin)) this.#begin();
    for (const each of this.#lanes) this.#dropEarly(each);
    const n = Math.min(a.values.length, b.values.length);
    if (n > 0) {
      const [x, y] = [this.#taken(a, n), this.#taken(b, n)];
      this.#waiting.push(...this.#covariation.execute(x, y));
    }
    return this.#release();
  }

  /** The first window begins on a multiple of the step, with the largest lag before it. */
  #begin(): void {
    const { stepSeconds, maxLagSeconds } = this.#measure;
    const earliest = Math.max(...this.#lanes.map(({ first }) => first));
    this.#origin = Math.ceil((earliest + maxLagSeconds) / stepSeconds) * stepSeconds - maxLagSeconds;
  }

  /** Leaves out what lies before the comparison begins. */
  #dropEarly(lane: Lane): void {
    const n = Math.min(lane.values.length, Math.max(0, this.#origin - lane.first));
    lane.values.splice(0, n);
    lane.first += n;
  }

  #taken(lane: Lane, n: number): Float64Array {
    const [before, after] = this.#support;
    const taken = Float64Array.from(lane.values.splice(0, n), (value, k) => {
      const at = lane.first + k;
      return this.#pauses?.isBroken(this.#settings.running!.state, at - before, at + after)
        ? Number.NaN
        : value;
    });
    lane.first += n;
    return taken;
  }

  #release(): Covariation[] {
    const [, after] = this.#support;
    // A value at a second says that its heart is known as far as the value reaches.
    const knownUntil = Math.min(...this.#lanes.map(({ first, values }) => first + values.length)) - 1 + after;
    const out: Covariation[] = [];
    while (this.#waiting.length > 0) {
      const end = this.#origin + this.#waiting[0]!.end;
      if (end + this.#settings.statesKnownWithinSeconds + this.#settings.latencySeconds > knownUntil) break;
      out.push(this.#judge(this.#waiting.shift()!));
    }
    return out;
  }

  #judge(window: CovariationWindow): Covariation {
    const [from, to] = this.#pair;
    const { nValid, coverage, z, maxAbsZ, argmaxLag, peakLag, nullPercentile, nNull } = window;
    const start = this.#origin + window.start;
    const end = this.#origin + window.end;
    this.#nWindows++;
    if (Number.isNaN(z)) this.#nWithoutValue++;
    for (const layer of this.#layers) layer.window(z, start, end);
    return {
      kind: "covariation",
      measure: this.#measure.id,
      series: this.#measure.series,
      from,
      to,
      start,
      end,
      nValid,
      coverage,
      z,
      maxAbsZ,
      lagSeconds: argmaxLag,
      peakLagSeconds: peakLag,
      lead: leadOf(from, to, argmaxLag),
      nullPercentile,
      nNull,
      nWindows: this.#nWindows,
      nWithoutValue: this.#nWithoutValue,
      byLayer: this.#layers.map((layer) => layer.summary()),
    };
  }
}

function leadOf(from: string, to: string, lag: Seconds): string {
  if (Number.isNaN(lag)) return "no lag";
  if (lag === 0) return "together";
  return lag > 0 ? `${from} leads ${to} by ${lag} s` : `${to} leads ${from} by ${-lag} s`;
}
