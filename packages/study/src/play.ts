import type { SessionInput, StateChange } from "@attune/signal";
import { Observable } from "rxjs";

/**
 * An ordered source as the stream that enters the pipeline. The next item is asked for when the last one has gone all
 * the way through, so the pipeline itself is the backpressure.
 *
 * @param pace N times real time by the time in the data; as fast as possible when undefined
 */
export function play(
  items: AsyncIterable<SessionInput> | Iterable<SessionInput>,
  pace?: number,
): Observable<SessionInput> {
  return new Observable((subscriber) => {
    const run = async (): Promise<void> => {
      const clock = pace === undefined ? undefined : new Pace(pace);
      for await (const item of items) {
        const wait = clock?.waitFor(item) ?? 0;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
        subscriber.next(item);
        // Leaving the loop closes the source.
        if (subscriber.closed) return;
      }
      subscriber.complete();
    };
    run().catch((error: unknown) => subscriber.error(error));
  });
}

/** Holds items back until their time has come; it never changes them. Each stream counts on its own clock. */
class Pace {
  readonly #speed: number;
  readonly #starts = new Map<string, { readonly first: number; readonly startedAt: number }>();

  constructor(speed: number) {
    this.#speed = speed;
  }

  waitFor(item: SessionInput): number {
    if (item.kind !== "samples" || item.nSamples === 0) return 0;
    const at = (item.sessionTime ?? item.deviceTime)[item.nSamples - 1]!;
    const now = performance.now() / 1000;
    const start = this.#starts.get(item.streamId) ?? { first: at, startedAt: now };
    this.#starts.set(item.streamId, start);
    return start.startedAt + (at - start.first) / this.#speed - now;
  }
}

/**
 * Coded states from a table, ahead of the samples. A table is known from the start; labels use only what lies
 * before the end of a window, so early arrival changes nothing.
 */
export async function* statesFirst(
  items: AsyncIterable<SessionInput>,
  changes: readonly StateChange[],
): AsyncIterable<SessionInput> {
  yield* [...changes].sort((a, b) => a.at - b.at);
  yield* items;
}
