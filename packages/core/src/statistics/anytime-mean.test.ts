import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxMuller, mulberry32 } from "../random/index.ts";
import { AnytimeMean } from "./anytime-mean.ts";

/** Share of runs in which some interval, looked at after every value, missed the mean. */
function shareEverWrong(
  draw: (next: () => number) => number,
  mean: number,
  nRuns: number,
  length: number,
): number {
  let nWrong = 0;
  for (let run = 0; run < nRuns; run++) {
    const gauss = boxMuller(mulberry32(1000 + run));
    const sequence = new AnytimeMean();
    for (let n = 0; n < length; n++) {
      sequence.push(draw(gauss));
      const { low, high } = sequence.interval(0.95);
      if (low > mean || high < mean) {
        nWrong++;
        break;
      }
    }
  }
  return nWrong / nRuns;
}

describe("the interval that may be looked at after every value", () => {
  test("ever misses the mean of normal values in at most 5 % of runs, whatever their scale", () => {
    expect(shareEverWrong((gauss) => 3 + 0.01 * gauss(), 3, 2000, 200)).toBeLessThan(0.05);
    expect(shareEverWrong((gauss) => -200 + 5000 * gauss(), -200, 2000, 200)).toBeLessThan(0.05);
  });

  test("a fixed-sample interval looked at as often would miss it far more often", () => {
    let nWrong = 0;
    for (let run = 0; run < 500; run++) {
      const gauss = boxMuller(mulberry32(run));
      let sum = 0;
      let squares = 0;
      for (let n = 1; n <= 200; n++) {
        const x = gauss();
        sum += x;
        squares += x * x;
        const deviation = Math.sqrt((squares - (sum * sum) / n) / Math.max(1, n - 1));
        if (n > 10 && Math.abs(sum / n) > (1.96 * deviation) / Math.sqrt(n)) {
          nWrong++;
          break;
        }
      }
    }
    expect(nWrong / 500).toBeGreaterThan(0.2);
  });

  test("stays near its level for means of blocks of skewed values", () => {
    const blockOfSquares = (gauss: () => number): number => {
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += gauss() ** 2;
      return sum / 8;
    };
    expect(shareEverWrong(blockOfSquares, 1, 2000, 200)).toBeLessThan(0.08);
  });

  test("shrinks to the mean, and is not much wider than the interval for one look", () => {
    const gauss = boxMuller(mulberry32(5));
    const sequence = new AnytimeMean();
    for (let n = 0; n < 100; n++) sequence.push(10 + gauss());
    const { low, high, mean, n } = sequence.interval(0.95);
    expect(n).toBe(100);
    expect((high - low) / 2).toBeGreaterThan(1.96 / 10);
    expect((high - low) / 2).toBeLessThan(3.6 / 10);
    expect((low + high) / 2).toBeCloseTo(mean, 12);
  });

  test("is infinite before it can know anything, and leaves missing values out", () => {
    const sequence = new AnytimeMean();
    expect(sequence.interval().mean).toBeNaN();
    sequence.push(1);
    sequence.push(Number.NaN);
    expect(sequence.interval()).toMatchObject({ n: 1, low: Number.NEGATIVE_INFINITY, mean: 1 });
    expect(sequence.valuesToGo(0.1)).toBeNaN();
  });

  test("tells how many values are missing to a precision, and is right when they scatter as before", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (seed, precision) => {
          const gauss = boxMuller(mulberry32(seed));
          const sequence = new AnytimeMean();
          const values = Array.from({ length: 30 }, gauss);
          for (const value of values) sequence.push(value);
          const toGo = sequence.valuesToGo(precision);
          const { low, high } = sequence.interval();
          if (toGo === 0) expect((high - low) / 2).toBeLessThanOrEqual(precision);
          else expect((high - low) / 2).toBeGreaterThan(precision);
        },
      ),
    );
  });
});
