import fc from "fast-check";
import { expect, test } from "vitest";
import { SampleQueue } from "./sample-queue.ts";

/** The readable queue: an array. */
class PlainQueue {
  readonly #maximum: number;
  #samples: { stamp: number; at: number }[] = [];
  dropped = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  push(stamps: readonly number[], at: number): void {
    this.#samples.push(...stamps.map((stamp) => ({ stamp, at })));
    this.dropped += Math.max(0, this.#samples.length - this.#maximum);
    this.#samples = this.#samples.slice(-this.#maximum);
  }

  take(count: number): { stamps: number[]; at: number } {
    const taken = this.#samples.splice(0, count);
    return { stamps: taken.map(({ stamp }) => stamp), at: taken.at(-1)?.at ?? 0 };
  }
}

const step = fc.oneof(
  fc.record({ push: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ take: fc.integer({ min: 0, max: 150 }) }),
);

test.each(["int16", "string"] as const)("a %s queue does what a plain array does", (format) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 300 }), (steps, maximum) => {
      const queue = new SampleQueue(format, 2, maximum);
      const plain = new PlainQueue(maximum);
      let next = 0;
      let time = 0;
      for (const one of steps) {
        time++;
        if ("push" in one) {
          const stamps = Array.from({ length: one.push }, (_, k) => next + k);
          next += one.push;
          const doubled = stamps.flatMap((stamp) => [stamp, -stamp]);
          queue.push(
            {
              nSamples: one.push,
              timestamps: Float64Array.from(stamps),
              values: format === "int16" ? Int16Array.from(doubled) : undefined,
              texts: format === "string" ? doubled.map((value) => Buffer.from(String(value))) : undefined,
            },
            time,
          );
          plain.push(stamps, time);
        } else {
          const taken = queue.take(one.take);
          const expected = plain.take(one.take);
          expect([...taken.timestamps]).toEqual(expected.stamps);
          const doubled = expected.stamps.flatMap((stamp) => [stamp, -stamp]);
          if (format === "int16")
            expect([...(taken.values as Int16Array)]).toEqual(doubled.map((v) => v + 0));
          else expect(taken.texts?.map(String)).toEqual(doubled.map(String));
          expect(taken.receivedAt).toBe(expected.at);
        }
        expect(queue.dropped).toBe(plain.dropped);
      }
    }),
  );
});
