import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConsumerQueue } from "./consumer-queue.ts";
import { type EncodedBatch, SampleEncoder } from "./sample-encoder.ts";

/** Samples of one int8 channel without stamps beyond their tag and 8 bytes; the value counts up. */
function batchOf(first: number, count: number, released: boolean, stampless = false): EncodedBatch {
  const encoder = new SampleEncoder("int8", 1);
  const array = Float64Array.from({ length: count }, (_, n) =>
    stampless && n % 2 === 1 ? -1 : first + n + 1,
  );
  const values = Int8Array.from({ length: count }, (_, n) => first + n);
  encoder.appendNumbers(values, 0, count, { array, first: 0, period: 0, deduceRest: false });
  if (released) encoder.release();
  return encoder.take();
}

function drain(queue: ConsumerQueue): number[] {
  const values: number[] = [];
  for (let bytes = queue.next(); bytes; bytes = queue.next()) {
    for (let at = 0; at < bytes.length; ) {
      const size = bytes[at] === 2 ? 10 : 2;
      values.push(bytes[at + size - 1]!);
      at += size;
    }
  }
  return values;
}

const options = { maximumSamples: 100, chunkLength: 0, rowBytes: 1, channelCount: 1 };

describe("a receiver's queue", () => {
  test("hands out what was pushed through, in order", () => {
    const queue = new ConsumerQueue(options);
    queue.push(batchOf(0, 3, true));
    queue.push(batchOf(3, 2, true));
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4]);
    expect(queue.waitingSamples).toBe(0);
  });

  test("drops the oldest samples when it is full, whatever the length of batches and samples", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 10 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 20 }), fc.boolean(), (batches, maximum, stampless) => {
        const queue = new ConsumerQueue({ ...options, maximumSamples: maximum });
        let total = 0;
        for (const length of batches) {
          queue.push(batchOf(total, length, true, stampless));
          total += length;
        }
        const kept = drain(queue);
        const newest = Array.from({ length: total }, (_, k) => k).slice(-maximum);
        expect(kept).toEqual(newest);
        expect(queue.droppedSamples).toBe(total - kept.length);
      }),
    );
  });

  test("holds samples that were not pushed through until their group is full", () => {
    const queue = new ConsumerQueue({ ...options, chunkLength: 10 });
    queue.push(batchOf(0, 4, false));
    expect(drain(queue)).toEqual([]);
    queue.push(batchOf(4, 4, false));
    expect(drain(queue)).toEqual([]);
    queue.push(batchOf(8, 4, false));
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    queue.push(batchOf(12, 1, true));
    expect(drain(queue)).toEqual([10, 11, 12]);
  });

  test("without a group length holds them until it is full or released", () => {
    const queue = new ConsumerQueue({ ...options, maximumSamples: 6 });
    queue.push(batchOf(0, 4, false));
    expect(drain(queue)).toEqual([]);
    queue.push(batchOf(4, 2, false));
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4, 5]);
    queue.push(batchOf(6, 2, false));
    queue.release();
    expect(drain(queue)).toEqual([6, 7]);
  });
});
