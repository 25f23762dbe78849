import { describe, expect, test } from "vitest";
import { bandLimitedWeights, KERNEL_HALF } from "./band-limited-reader.ts";
import { INTERNAL_RATE } from "./options.ts";

function read(signal: (t: number) => number, time: number): number {
  const weights = new Float64Array(2 * KERNEL_HALF);
  const first = bandLimitedWeights(weights, time);
  return weights.reduce((sum, weight, m) => sum + weight * signal((first + m) / INTERNAL_RATE), 0);
}

describe("reading between samples", () => {
  test.each([0, 1, 10, 45, 60, 80])("a sinusoid of %d Hz is read to 1e-4 anywhere", (hz) => {
    let worst = 0;
    for (let k = 0; k < 400; k++) {
      const t = 3 + k * 0.0007123;
      const signal = (s: number) => Math.cos(2 * Math.PI * hz * s + 0.7);
      worst = Math.max(worst, Math.abs(read(signal, t) - signal(t)));
    }
    expect(worst).toBeLessThan(1e-4);
  });

  test("on the grid it is the sample itself", () => {
    expect(read((t) => t * t, 12.5)).toBe(12.5 ** 2);
    const signal = (t: number) => Math.sin(2 * Math.PI * 20 * t);
    for (const nudge of [-1e-6, -1e-9, -1e-12, -1e-15, 1e-15, 1e-12, 1e-9, 1e-6])
      expect(Math.abs(read(signal, 0.015 + nudge) - signal(0.015 + nudge))).toBeLessThan(1e-7);
  });
});
