import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { BoundedQueue } from "./bounded-queue.ts";
import { QueueOverflowError } from "./errors.ts";

describe("BoundedQueue", () => {
  test("a lossless queue gives everything in order, whatever the interleaving", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (steps) => {
        const queue = new BoundedQueue<number>({ policy: "lossless", capacity: 1000 });
        const taken: (number | undefined)[] = [];
        let pushed = 0;
        for (const isPush of steps) {
          if (isPush) queue.push(pushed++);
          else if (queue.size > 0) taken.push(await queue.take());
        }
        queue.close();
        for await (const item of queue) taken.push(item);
        expect(taken).toEqual(Array.from({ length: pushed }, (_, k) => k));
        expect(queue.nDropped).toBe(0);
      }),
    );
  });

  test("overflow of a lossless queue is an error once; what it held can still be taken", async () => {
    const onOverflow = vi.fn();
    const queue = new BoundedQueue<number>({ policy: "lossless", capacity: 3, name: "recorder", onOverflow });
    expect([1, 2, 3, 4, 5].map((n) => queue.push(n))).toEqual([true, true, true, false, false]);
    expect(onOverflow).toHaveBeenCalledTimes(1);
    expect(onOverflow.mock.calls[0]![0]).toMatchObject({ code: "ATTUNE_QUEUE_OVERFLOW" });
    expect(queue.error?.message).toMatch(/queue of recorder is full \(3\)/);
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual([1, 2, 3]);
    await expect(queue.take()).rejects.toBeInstanceOf(QueueOverflowError);
    expect(queue.nDropped).toBe(2);
  });

  test("drop-oldest keeps the newest within its capacity by weight and counts the rest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 100 }),
        fc.integer({ min: 5, max: 20 }),
        (weights, capacity) => {
          const dropped: number[] = [];
          const queue = new BoundedQueue<number>({
            policy: "drop-oldest",
            capacity,
            weigh: (k) => weights[k]!,
            onDrop: (k) => dropped.push(k),
          });
          for (const k of weights.keys()) {
            expect(queue.push(k)).toBe(true);
            expect(queue.weight).toBeLessThanOrEqual(capacity);
          }
          const kept: number[] = [];
          for (let k = queue.shift(); k !== undefined; k = queue.shift()) kept.push(k);
          expect([...dropped, ...kept]).toEqual([...weights.keys()]);
          expect(queue.nDropped).toBe(dropped.length);
        },
      ),
    );
  });

  test("latest holds one item", async () => {
    const queue = new BoundedQueue<string>({ policy: "latest" });
    for (const item of ["a", "b", "c"]) queue.push(item);
    expect(queue.size).toBe(1);
    expect(await queue.take()).toBe("c");
    expect(queue.nDropped).toBe(2);
  });

  test("a consumer that waits gets the next item at once, and undefined when the queue closes", async () => {
    const queue = new BoundedQueue<number>({ policy: "drop-oldest", capacity: 2 });
    const first = queue.take();
    await expect(queue.take()).rejects.toThrow(/Two consumers/);
    queue.push(7);
    expect(await first).toBe(7);
    const last = queue.take();
    queue.close();
    expect(await last).toBeUndefined();
    expect(queue.push(8)).toBe(false);
  });

  test("an impossible capacity is refused", () => {
    expect(() => new BoundedQueue({ policy: "lossless", capacity: 0 })).toThrow(/capacity > 0/);
  });
});
