import type { LiveSession } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Checks, Traces } from "@attune/wire/page";
import type { LiveTraces } from "./live-traces.ts";
import { assignedOf, deviceOf } from "./stream-people.ts";

const WATCH_SECONDS = 5;
const BASELINE_SECONDS = 10;
const LEAST_BASELINE_SECONDS = 3;
const BIN_SECONDS = 0.25;
const LOOK_SECONDS = 0.25;
/** A tap moves its own stream this many times further than usual ... */
const LEAST_RISE = 4;
/** ... and this many times further than anybody else's. */
const LEAST_LEAD = 2;

interface Tapped {
  readonly person: string;
  readonly streamId: string;
  readonly label: string;
  /** Rows of the person's channels. */
  readonly rows: readonly number[];
}

export interface TapResult {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * Who wears which amplifier, proven by a finger: an electrode that is tapped moves its own stream, briefly and far, and nobody
 * else's. Limits are ours.
 *
 * Rise of a stream: the largest peak to peak of a quarter second since the tap was announced, over the 90th percentile of the
 * same in the ten seconds before (so that R-peaks, blinks and one earlier try are usual).
 */
export class Taps {
  readonly #session: LiveSession;
  readonly #traces: LiveTraces;
  readonly #confirmed = new Map<string, NonNullable<Checks["taps"][number]["how"]>>();

  constructor(session: LiveSession, traces: LiveTraces) {
    this.#session = session;
    this.#traces = traces;
  }

  /** People to be tapped: where two wear something that could be mixed up. */
  get all(): Checks["taps"] {
    return this.#tapped().map(({ person, streamId, label }) => {
      const how = this.#confirmed.get(person);
      return { person, streamId, label, confirmed: how !== undefined, ...(how && { how }) };
    });
  }

  get unconfirmed(): readonly string[] {
    return this.all.filter(({ confirmed }) => !confirmed).map(({ person }) => person);
  }

  /** Somebody vouches for it. @returns whether there is such a person to be tapped */
  confirm(person: string): boolean {
    const isKnown = this.#tapped().some((each) => each.person === person);
    // A tap that was seen before proves more.
    if (isKnown && !this.#confirmed.has(person)) this.#confirmed.set(person, "confirmed-without-tap");
    return isKnown;
  }

  /** Looks for a tap of a person from now on; resolves when it is seen, seen elsewhere, or not seen in time. */
  watch(person: string): Promise<TapResult> {
    const begin = this.#session.now();
    const tapped = this.#tapped();
    if (!tapped.some((each) => each.person === person))
      return Promise.resolve({ ok: false, message: `${person} wears nothing that could be tapped` });
    const { promise, resolve } = withResolvers<TapResult>();
    const look = (): void => {
      const found = this.#look(person, tapped, begin);
      if (found?.ok) this.#confirmed.set(person, "tapped");
      if (found !== undefined) resolve(found);
      else if (this.#session.now() - begin >= WATCH_SECONDS)
        resolve({
          ok: false,
          message: `no tap was seen on ${person}'s stream: tap one electrode firmly, or see that it is plugged in`,
        });
      else this.#session.after(LOOK_SECONDS, look);
    };
    this.#session.after(LOOK_SECONDS, look);
    return promise;
  }

  #look(person: string, tapped: readonly Tapped[], begin: Seconds): TapResult | undefined {
    const rises = tapped.map((each) => ({ each, rise: this.#riseOf(each, begin) }));
    const own = rises.find(({ each }) => each.person === person)!;
    if (Number.isNaN(own.rise)) return undefined;
    const others = rises.filter(({ each }) => each.streamId !== own.each.streamId);
    const loudest = others.reduce((a, b) => (b.rise > a.rise ? b : a), { each: own.each, rise: 0 });
    if (own.rise >= LEAST_RISE && own.rise >= LEAST_LEAD * loudest.rise)
      return { ok: true, message: `the tap was seen on ${own.each.label}` };
    if (loudest.rise >= LEAST_RISE && loudest.rise >= LEAST_LEAD * own.rise)
      return {
        ok: false,
        message: `the tap was seen on ${loudest.each.label}, not on ${own.each.label}: are they mixed up?`,
      };
    return undefined;
  }

  /** NaN while too little is known of how the stream moves else. */
  #riseOf({ streamId, rows }: Tapped, begin: Seconds): number {
    const runs = this.#traces.recent(streamId, begin - BASELINE_SECONDS);
    const before = peakToPeaks(runs, rows, begin - BASELINE_SECONDS, begin);
    if (before.length * BIN_SECONDS < LEAST_BASELINE_SECONDS) return Number.NaN;
    const since = peakToPeaks(runs, rows, begin, Number.POSITIVE_INFINITY);
    const usual = before.sort((a, b) => a - b)[Math.floor(0.9 * (before.length - 1))]!;
    return Math.max(0, ...since) / Math.max(usual, Number.MIN_VALUE);
  }

  #tapped(): Tapped[] {
    const assigned = assignedOf(this.#session);
    const people = this.#session.loaded.file.people.flatMap(({ id }): Tapped[] => {
      const own = assigned.filter(
        ({ assignment: { person, signal } }) => person === id && (signal === "eeg" || signal === "ecg"),
      );
      const best = own.find(({ assignment }) => assignment.signal === "eeg") ?? own[0];
      if (best === undefined || best.stream.nominalSamplingRate <= 0) return [];
      const { assignment, stream } = best;
      const labels = assignment.channels?.map((label) => label.toLowerCase());
      const rows = stream.channels.flatMap(({ label }, row) =>
        labels === undefined || labels.includes(label.toLowerCase()) ? [row] : [],
      );
      const label = `${id}'s ${assignment.signal.toUpperCase()} (${deviceOf(this.#session, stream)})`;
      return [{ person: id, streamId: stream.id, label, rows }];
    });
    return people.length < 2 ? [] : people;
  }
}

/** Largest peak to peak of any of the rows, quarter second by quarter second. */
function peakToPeaks(runs: readonly Traces[], rows: readonly number[], from: Seconds, to: Seconds): number[] {
  const bins = new Map<number, number>();
  for (const { start, step, nSamples, data } of runs) {
    const size = Math.max(2, Math.round(BIN_SECONDS / step));
    for (let begin = 0; begin < nSamples; begin += size) {
      const at = start + begin * step;
      if (at < from || at >= to) continue;
      const bin = Math.floor(at / BIN_SECONDS);
      const end = Math.min(nSamples, begin + size);
      for (const row of rows) {
        const range = rangeOf(data, row * nSamples + begin, row * nSamples + end);
        bins.set(bin, Math.max(bins.get(bin) ?? 0, range));
      }
    }
  }
  return [...bins.values()];
}

function rangeOf(data: Float32Array, from: number, to: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = from; n < to; n++) {
    const value = data[n]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return Math.max(0, high - low);
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
