import { describe, expect, test } from "vitest";
import { StampStatistics } from "./stamp-statistics.ts";

describe("the statistics of stamps", () => {
  test("an hour of even stamps gives their rate and no jitter, far from zero and with lost samples between", () => {
    const statistics = new StampStatistics(512);
    const stamps = (first: number, n: number) =>
      Float64Array.from({ length: n }, (_, k) => 864_000 + (first + k) / 512.01);
    statistics.add(0, stamps(0, 700));
    statistics.add(1900, stamps(1900, 512 * 3600));
    expect(statistics.samplingRate).toBeCloseTo(512.01, 6);
    expect(statistics.jitterRms).toBeLessThan(1e-7);
  });

  test("alternating stamps have the jitter that they have", () => {
    const statistics = new StampStatistics(250);
    statistics.add(
      0,
      Float64Array.from({ length: 10_000 }, (_, k) => k / 250 + (k % 2 === 0 ? 0.002 : -0.002)),
    );
    expect(statistics.samplingRate).toBeCloseTo(250, 3);
    expect(statistics.jitterRms).toBeCloseTo(0.002, 6);
  });

  test("nothing is claimed before there are samples, and a stamp that is no number is left out", () => {
    const statistics = new StampStatistics(0);
    expect(statistics.samplingRate).toBeNaN();
    statistics.add(0, Float64Array.of(1, Number.NaN, 3));
    expect(statistics.samplingRate).toBe(1);
    expect(statistics.jitterRms).toBeNaN();
  });
});
