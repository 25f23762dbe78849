import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import { cut } from "./sample-blocks.ts";

const MOST_STRETCHES = 4000;

/** Least and greatest values of every stream over a whole recording. */
export class Envelopes {
  /** By stream, by level, the finest first. */
  readonly #streams = new Map<string, Map<number, readonly Traces[]>>();

  add(runs: readonly Traces[]): void {
    const [first] = runs;
    if (first === undefined) return;
    const levels = this.#streams.get(first.streamId) ?? new Map<number, readonly Traces[]>();
    levels.set(first.step, runs);
    this.#streams.set(first.streamId, new Map([...levels].sort(([a], [b]) => a - b)));
  }

  /** As finely as makes sense for so long a stretch; empty for what is not surveyed yet. */
  between(streamId: string, from: Seconds, to: Seconds): Traces[] {
    const levels = [...(this.#streams.get(streamId) ?? [])];
    const level = levels.find(([step]) => (to - from) / step <= MOST_STRETCHES) ?? levels.at(-1);
    return (level?.[1] ?? []).flatMap((run) => cut(run, from, to) ?? []);
  }
}
