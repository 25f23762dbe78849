import { ShapeError } from "@attune/core";
import type { ClockOffset, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsOf, cutSamples, montageOf, noise, outputs } from "./example-data.test-support.ts";
import { applyMontage } from "./montage.ts";

/** Four rows, row r is r * 10 plus noise. */
function fourRows(nSamples: number): SampleChunk {
  const data = noise(4 * nSamples, "montage").map((value, at) => value + 10 * Math.floor(at / nSamples));
  const deviceTime = Float64Array.from({ length: nSamples }, (_, n) => n / 250);
  return { kind: "samples", streamId: "cap", firstSample: 0, nSamples, data, deviceTime };
}
const base = montageOf("adult", "adult", 250);
const picked = (label: string, row: number) => ({ label, row });

describe("applyMontage", () => {
  test("keeps the named rows in model order, in microvolts", () => {
    const chunk = fourRows(5);
    const montage = { ...base, channels: [picked("C4", 3), picked("C3", 1)], toMicrovolts: 1e6 };
    const [out] = outputs([chunk], applyMontage(montage)) as [SampleChunk];
    expect(out.data).toEqual(
      Float64Array.from([...chunk.data.slice(15, 20), ...chunk.data.slice(5, 10)], (volt) => volt * 1e6),
    );
    expect({ ...out, data: undefined }).toEqual({ ...chunk, data: undefined });
  });

  test("subtracts the average of its reference rows at every sample", () => {
    const chunk = fourRows(7);
    const montage = { ...base, channels: [picked("C3", 1)], averageRows: [0, 1, 2, 3] };
    const [out] = outputs([chunk], applyMontage(montage)) as [SampleChunk];
    for (let n = 0; n < 7; n++) {
      const all = [0, 1, 2, 3].map((row) => chunk.data[row * 7 + n]!);
      expect(out.data[n]).toBeCloseTo(all[1]! - all.reduce((sum, value) => sum + value) / 4, 12);
    }
  });

  test("a value missing in the reference makes that sample missing in every channel, and no other", () => {
    const chunk = fourRows(4);
    chunk.data[3 * 4 + 2] = Number.NaN;
    const montage = { ...base, channels: [picked("C3", 0), picked("C4", 1)], averageRows: [2, 3] };
    const [out] = outputs([chunk], applyMontage(montage)) as [SampleChunk];
    expect(Array.from(out.data, Number.isNaN)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test("a missing value never becomes zero", () => {
    const chunk = fourRows(3);
    chunk.data.fill(Number.NaN);
    const [out] = outputs([chunk], applyMontage(base)) as [SampleChunk];
    expect(out.data.every(Number.isNaN)).toBe(true);
  });

  test("the chunk that came in is left as it was, and clock offsets pass", () => {
    const chunk = fourRows(6);
    const before = chunk.data.slice();
    const offset: ClockOffset = { kind: "clock-offset", streamId: "cap", collectedAt: 1, offset: 2 };
    const out = outputs([offset, chunk], applyMontage({ ...base, averageRows: [0, 1] }));
    expect(out[0]).toBe(offset);
    expect(chunk.data).toEqual(before);
  });

  test("a chunk with fewer rows than the montage names is an error that says so", () => {
    const montage = { ...base, channels: [picked("C3", 4)] };
    const apply = () => outputs([fourRows(3)], applyMontage(montage));
    expect(apply).toThrow(ShapeError);
    expect(apply).toThrow("montage of adult expected 5 x 3 samples, got 12");
  });

  test("any chunking gives the same bits", () => {
    const chunk = fourRows(60);
    chunk.data[70] = Number.NaN;
    const montage = { ...base, averageRows: [0, 2, 3], toMicrovolts: 0.1 };
    const whole = outputs([chunk], applyMontage(montage)) as SampleChunk[];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }), (cuts) => {
        const pieces = outputs(cutSamples(chunk, cuts), applyMontage(montage)) as SampleChunk[];
        for (const c of [0, 1]) {
          const row = pieces.flatMap(({ data, nSamples }) => [
            ...data.subarray(c * nSamples, (c + 1) * nSamples),
          ]);
          expect(bitsOf(Float64Array.from(row))).toBe(bitsOf(whole[0]!.data.slice(c * 60, (c + 1) * 60)));
        }
      }),
    );
  });
});
