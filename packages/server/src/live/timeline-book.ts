import type { Coupling, Seconds } from "@attune/signal";
import type { Timeline } from "@attune/wire/page";
import { known } from "./known.ts";
import type { EndedState, HeldState } from "./state-track.ts";
import type { StreamGap } from "./stream-placer.ts";

/** A trend needs a point now and then; the newest number is in the evidence. */
const BETWEEN_COUPLINGS = 2;
const MOST_COUPLINGS = 12_000;
const MOST_OF_A_KIND = 10_000;
/** Rows of one document: what is more goes into further ones. */
const ROWS_PER_DOCUMENT = 2000;
/** The log has the whole text. */
const LONGEST_LABEL = 200;

type Rows = Pick<Timeline, "intervals" | "events" | "gaps" | "couplings" | "rejected">;
type Kind = keyof Rows;

/** What has been so far, for pages that come late, and what is new, for the others. Bounded: trends are thinned, the oldest go. */
export class TimelineBook {
  readonly #from: Seconds;
  readonly #all: Rows = emptyRows();
  readonly #open = new Map<string, Timeline["intervals"][number]>();
  #fresh: Rows = emptyRows();
  readonly #lastCoupling = new Map<string, Seconds>();

  constructor(from: Seconds) {
    this.#from = from;
  }

  state(held: HeldState, ended: EndedState | undefined): void {
    const key = `${held.person}\n${held.layer}`;
    if (ended !== undefined) {
      this.#open.delete(key);
      this.#add("intervals", ended);
    }
    const { person, layer, state, since } = held;
    const open = { person, layer, state, onset: since, offset: null };
    this.#open.set(key, open);
    this.#fresh.intervals.push(open);
  }

  event(at: Seconds, label: string, source: string): void {
    this.#add("events", { at, label: label.slice(0, LONGEST_LABEL), source });
  }

  gap({ streamId, from, to, nLost }: StreamGap): void {
    this.#add("gaps", { streamId, from, to, nLost });
  }

  rejected(at: Seconds, seconds: Seconds, reasons: readonly string[]): void {
    this.#add("rejected", { at, seconds, reasons: [...reasons] });
  }

  coupling({ at, condition, values, health }: Coupling): void {
    if (at - (this.#lastCoupling.get(condition) ?? Number.NEGATIVE_INFINITY) < BETWEEN_COUPLINGS) return;
    this.#lastCoupling.set(condition, at);
    const isTrusted = health.status === "ok";
    for (const { from, to, band, value, nullMean, nullSd, corrected } of values)
      this.#add("couplings", {
        at,
        condition,
        from,
        to,
        band,
        value: known(value),
        nullMean: known(nullMean),
        nullSd: known(nullSd),
        corrected: known(corrected),
        isTrusted,
      });
  }

  /** Everything: first a document that begins anew, then what does not fit into it. */
  whole(to: Seconds): Timeline[] {
    const { intervals, ...rest } = this.#all;
    const rows: Rows = { ...rest, intervals: [...intervals, ...this.#open.values()] };
    const nDocuments = Math.max(1, ...kinds.map((kind) => Math.ceil(rows[kind].length / ROWS_PER_DOCUMENT)));
    return Array.from({ length: nDocuments }, (_, k) => {
      const part = <Row>(all: readonly Row[]): Row[] =>
        all.slice(k * ROWS_PER_DOCUMENT, (k + 1) * ROWS_PER_DOCUMENT);
      return {
        kind: "timeline",
        isWhole: k === 0,
        from: this.#from,
        to,
        intervals: part(rows.intervals),
        events: part(rows.events),
        gaps: part(rows.gaps),
        couplings: part(rows.couplings),
        rejected: part(rows.rejected),
      };
    });
  }

  /** What is new since the last time; undefined where nothing is. */
  increment(to: Seconds): Timeline | undefined {
    if (kinds.every((kind) => this.#fresh[kind].length === 0)) return undefined;
    const fresh = this.#fresh;
    this.#fresh = emptyRows();
    return { kind: "timeline", isWhole: false, from: this.#from, to, ...fresh };
  }

  #add<K extends Kind>(kind: K, row: Rows[K][number]): void {
    const all = this.#all[kind] as Rows[K][number][];
    all.push(row);
    (this.#fresh[kind] as Rows[K][number][]).push(row);
    if (kind === "couplings" && all.length > MOST_COUPLINGS) this.#thinCouplings();
    else if (all.length > MOST_OF_A_KIND) all.splice(0, all.length - MOST_OF_A_KIND);
  }

  /** Of the older half every other moment goes: a trend over hours needs fewer points. */
  #thinCouplings(): void {
    const { couplings } = this.#all;
    const middle = couplings[couplings.length >> 1]!.at;
    const moments = [...new Set(couplings.map(({ at }) => at).filter((at) => at < middle))];
    const gone = new Set(moments.filter((_, k) => k % 2 === 1));
    this.#all.couplings = couplings.filter(({ at }) => !gone.has(at));
  }
}

const kinds = ["intervals", "events", "gaps", "couplings", "rejected"] as const satisfies readonly Kind[];

const emptyRows = (): Rows => ({ intervals: [], events: [], gaps: [], couplings: [], rejected: [] });
