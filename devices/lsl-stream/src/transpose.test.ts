import type { InletChunk, SampleValues } from "@attune/lsl";
import { describe, expect, test } from "vitest";
import { transpose } from "./transpose.ts";

const piece = (data: SampleValues, ...stamps: number[]): InletChunk => ({
  nSamples: stamps.length,
  data,
  timestamps: Float64Array.from(stamps),
  receivedAt: 0,
});

describe("pieces become one chunk", () => {
  test("channel by channel, whatever the pieces", () => {
    const whole = transpose([piece(Float32Array.of(1, 10, 2, 20, 3, 30), 0.1, 0.2, 0.3)], 2);
    const parts = transpose(
      [piece(Float32Array.of(1, 10), 0.1), piece(Float32Array.of(2, 20, 3, 30), 0.2, 0.3)],
      2,
    );
    expect(whole.data).toEqual(Float64Array.of(1, 2, 3, 10, 20, 30));
    expect(whole.deviceTime).toEqual(Float64Array.of(0.1, 0.2, 0.3));
    expect(parts).toEqual(whole);
  });

  test.each([
    [2n ** 53n, false],
    [-(2n ** 53n), false],
    [2n ** 53n + 1n, true],
    [-(2n ** 63n), true],
  ])("int64 %d is %s to be rounded", (value, isRounded) => {
    const out = transpose([piece(BigInt64Array.of(5n, value), 0, 0)], 1);
    expect(out.isRounded).toBe(isRounded);
    expect(out.data).toEqual(Float64Array.of(5, Number(value)));
  });
});
