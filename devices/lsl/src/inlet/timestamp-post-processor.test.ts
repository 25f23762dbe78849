import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TimestampPostProcessor } from "./timestamp-post-processor.ts";

interface Vector {
  readonly srate: number;
  readonly halftime: number;
  readonly in: number[];
  readonly dejitter: number[];
  readonly monotonize: number[];
  readonly both: number[];
}

const shared = process.env.ATTUNE_SHARED ?? join(import.meta.dirname, "../../../../../shared");
const path = join(shared, "golden", "lsl", "dejitter-monotonize.json");
const present = existsSync(path);
const mustBePresent = process.env.CI === "true";

describe.skipIf(!present && !mustBePresent)(
  `liblsl's own results${present ? "" : ` (skipped: ${path} is not there)`}`,
  () => {
    const vectors: Vector[] =
      present || mustBePresent ? Object.values(JSON.parse(readFileSync(path, "utf8"))) : [];

    test.each(vectors)("are met bit for bit at $srate Hz", (vector) => {
      for (const [key, options] of [
        ["dejitter", { dejitter: true }],
        ["monotonize", { monotonize: true }],
        ["both", { dejitter: true, monotonize: true }],
      ] as const) {
        const stamps = Float64Array.from(vector.in);
        new TimestampPostProcessor(options, vector.srate, vector.halftime).execute(stamps);
        expect(stamps).toEqual(Float64Array.from(vector[key]));
      }
    });
  },
);

test("stamps are the same however they are cut into chunks", () => {
  const stamps = Array.from({ length: 200 }, (_, n) => 50 + n / 100 + ((n * 7919) % 13) / 2000);
  const options = { clockSync: true, dejitter: true, monotonize: true };
  const whole = Float64Array.from(stamps);
  new TimestampPostProcessor(options, 100).execute(whole, 2.5);
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 8 }), (cuts) => {
      const parts = Float64Array.from(stamps);
      const processor = new TimestampPostProcessor(options, 100);
      const places = [0, ...cuts.sort((a, b) => a - b), 200];
      for (let k = 1; k < places.length; k++)
        processor.execute(parts.subarray(places[k - 1], places[k]), 2.5);
      expect(parts).toEqual(whole);
    }),
  );
});

test("without options nothing changes, and an irregular stream is not dejittered", () => {
  const stamps = Float64Array.of(3, 1, 2);
  new TimestampPostProcessor({}, 100).execute(stamps, 10);
  expect([...stamps]).toEqual([3, 1, 2]);
  new TimestampPostProcessor({ dejitter: true }, 0).execute(stamps, 10);
  expect([...stamps]).toEqual([3, 1, 2]);
});

test("clock correction is added, and a reset starts the running maximum anew", () => {
  const processor = new TimestampPostProcessor({ clockSync: true, monotonize: true }, 0);
  const first = Float64Array.of(5, 4, 6);
  processor.execute(first, 1);
  expect([...first]).toEqual([6, 6, 7]);
  processor.reset();
  const second = Float64Array.of(1, 2);
  processor.execute(second, 0);
  expect([...second]).toEqual([1, 2]);
});
