import type { SampleChunk, SessionInput, StateChange } from "@attune/signal";
import { lastValueFrom, take, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import { play, statesFirst } from "./play.ts";

const CHUNK_SECONDS = 0.04;

const chunk = (index: number, streamId = "eeg", start = 100): SampleChunk => ({
  kind: "samples",
  streamId,
  firstSample: index * 4,
  nSamples: 4,
  data: Float64Array.from({ length: 8 }, (_, n) => index + n),
  deviceTime: Float64Array.from({ length: 4 }, (_, n) => start + index * CHUNK_SECONDS + n * 0.01),
});

const state = (at: number): StateChange => ({
  kind: "state",
  person: "adult",
  layer: "gaze",
  state: `at ${at}`,
  at,
});

const all = (items: AsyncIterable<SessionInput> | Iterable<SessionInput>, pace?: number) =>
  lastValueFrom(play(items, pace).pipe(toArray()), { defaultValue: [] as SessionInput[] });

/** A source that says how far it was read and whether it was closed. */
function watched(n: number) {
  const log = { given: 0, closed: false };
  async function* items(): AsyncIterable<SessionInput> {
    try {
      for (let k = 0; k < n; k++) {
        log.given++;
        yield chunk(k);
      }
    } finally {
      log.closed = true;
    }
  }
  return { items, log };
}

describe("a recording that is played", () => {
  const items = [state(0), chunk(0), chunk(0, "other", 5000), chunk(1), chunk(2)];

  test("gives its items in order, the very same ones, and completes", async () => {
    const played = await all(items);
    expect(played).toHaveLength(items.length);
    played.forEach((item, i) => {
      expect(item).toBe(items[i]);
    });
    expect(await all([])).toEqual([]);
  });

  test("is the same at any pace", async () => {
    const paced = await all(items, 4);
    expect(paced).toHaveLength(items.length);
    paced.forEach((item, i) => {
      expect(item).toBe(items[i]);
    });
  });

  test("takes the time of the data divided by the pace, each stream on its own clock", async () => {
    const long = Array.from({ length: 6 }, (_, k) => [chunk(k), chunk(k, "other", 9e6)]).flat();
    const started = performance.now();
    await all(long, 2);
    // Five chunks after the first, at twice their speed.
    expect(performance.now() - started).toBeGreaterThan(0.95 * 5 * CHUNK_SECONDS * 500);
  });

  test("waits for nobody who is not there: an item is asked for when the last has gone through", async () => {
    const { items: source, log } = watched(5);
    const read: number[] = [];
    await new Promise<void>((complete) => {
      play(source()).subscribe({ next: () => read.push(log.given), complete });
    });
    expect(read).toEqual([1, 2, 3, 4, 5]);
  });

  test("closes its source when somebody has had enough", async () => {
    const { items: source, log } = watched(1000);
    await lastValueFrom(play(source()).pipe(take(3)));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(log).toEqual({ given: 3, closed: true });
  });

  test("closes its source and gives nothing more when it is left while waiting", async () => {
    const { items: source, log } = watched(1000);
    const seen: SessionInput[] = [];
    const subscription = play(source(), 0.5).subscribe((item) => seen.push(item));
    await new Promise((resolve) => setTimeout(resolve, 10));
    subscription.unsubscribe();
    const before = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen).toHaveLength(before);
    expect(log.closed).toBe(true);
    expect(log.given).toBeLessThan(5);
  });

  test("hands on the error of its source", async () => {
    async function* broken(): AsyncIterable<SessionInput> {
      yield chunk(0);
      throw new Error("the disk is gone");
    }
    await expect(all(broken())).rejects.toThrow("the disk is gone");
  });

  test("is played anew for every subscriber", async () => {
    const source = play(items);
    expect(await lastValueFrom(source.pipe(toArray()))).toEqual(await lastValueFrom(source.pipe(toArray())));
  });
});

describe("states of a table", () => {
  async function* samples(): AsyncIterable<SessionInput> {
    yield chunk(0);
    yield chunk(1);
  }

  test("come first, in the order of time, and the table is left as it is", async () => {
    const table = [state(7), state(2), state(5)];
    const played = await all(statesFirst(samples(), table));
    expect(played.slice(0, 3)).toEqual([state(2), state(5), state(7)]);
    expect(played.slice(3)).toEqual([chunk(0), chunk(1)]);
    expect(table.map(({ at }) => at)).toEqual([7, 2, 5]);
  });
});
