import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterRandom, mulberry32, normal } from "../random/index.ts";
import { standardDeviation } from "../statistics/index.ts";
import {
  allChannelShuffle,
  blockShuffle,
  circularShift,
  circularShifts,
  feasibleMinimumShift,
  PhaseRandomiser,
  permuteEpisodeLabels,
  runPreservingShuffle,
  timeReverse,
} from "./index.ts";

const isPermutation = (order: Int32Array) =>
  [...order].sort((a, b) => a - b).every((value, i) => value === i);
const smallestShift = (order: Int32Array) =>
  order.reduce((least, value, i) => Math.min(least, Math.abs(value - i)), Number.POSITIVE_INFINITY);

describe("blockShuffle", () => {
  test("is a permutation that moves every window far enough, wherever that is possible", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 80 }), fc.nat(50), fc.nat(1e6), (n, wanted, seed) => {
        const order = blockShuffle(n, { minimumShift: wanted, uniform: counterRandom(seed) });
        expect(isPermutation(order)).toBe(true);
        expect(smallestShift(order)).toBeGreaterThanOrEqual(feasibleMinimumShift(n, wanted));
      }),
    );
  });

  test.each([
    [5, 1, 44],
    [6, 2, 29],
    [7, 3, 8],
  ])("%d windows, shift %d: all %d allowed permutations are equally likely", (n, minimumShift, expected) => {
    const uniform = mulberry32(8);
    const counts = new Map<string, number>();
    const draws = 500 * expected;
    for (let k = 0; k < draws; k++) {
      const key = blockShuffle(n, { minimumShift, uniform }).join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(expected);
    let chiSquare = 0;
    for (const count of counts.values()) chiSquare += (count - 500) ** 2 / 500;
    // Mean df, standard deviation sqrt(2 df): four of them.
    expect(chiSquare).toBeLessThan(expected - 1 + 4 * Math.sqrt(2 * (expected - 1)));
  });

  test("long shifts leave no trace of the repair: every allowed partner is about equally frequent", () => {
    const [n, minimumShift, draws] = [60, 6, 6000];
    const counts = new Float64Array(n * n);
    for (let k = 0; k < draws; k++) {
      const order = blockShuffle(n, { minimumShift, uniform: counterRandom(9, k) });
      for (let i = 0; i < n; i++) counts[i * n + order[i]] += 1;
    }
    // Rows of the middle have 49 partners, rows of the ends 54: a uniform draw cannot be far from draws / 50.
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (Math.abs(i - j) >= minimumShift)
          expect(Math.abs(counts[i * n + j] - draws / 50)).toBeLessThan(60);
  });

  test("the same key gives the same surrogate", () => {
    const draw = (k: number) => blockShuffle(50, { minimumShift: 2, uniform: counterRandom(3, "pair", k) });
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });
});

describe("runPreservingShuffle", () => {
  test("is a permutation that moves every window far enough", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 5 }),
        fc.nat(1e6),
        (runs, segmentLength, minimumShift, seed) => {
          const n = runs.reduce((sum, length) => sum + length, 0);
          const order = runPreservingShuffle(runs, {
            segmentLength,
            minimumShift,
            uniform: counterRandom(seed),
          });
          expect(isPermutation(order)).toBe(true);
          expect(smallestShift(order)).toBeGreaterThanOrEqual(feasibleMinimumShift(n, minimumShift));
        },
      ),
    );
  });

  test("keeps about 1 - 1/segment of the neighbours, where blockShuffle keeps none", () => {
    const neighbours = (order: Int32Array) =>
      order.reduce((sum, v, i) => sum + (order[i + 1] === v + 1 ? 1 : 0), 0);
    const uniform = mulberry32(2);
    const kept = runPreservingShuffle([200, 200], { segmentLength: 20, minimumShift: 2, uniform });
    expect(neighbours(kept)).toBeGreaterThan(0.9 * 400);
    expect(neighbours(blockShuffle(400, { minimumShift: 2, uniform }))).toBeLessThan(0.05 * 400);
  });

  test("keeps the width of the null for overlapping windows, which blockShuffle narrows", () => {
    // Uncoupled noise; statistic: mean over half-overlapping windows of the squared covariance.
    const length = 40;
    const hop = 10;
    const n = 150;
    const statistic = (x: Float64Array, y: Float64Array, order?: Int32Array) => {
      let total = 0;
      for (let w = 0; w < n; w++) {
        let sum = 0;
        const other = order === undefined ? w : order[w];
        for (let t = 0; t < length; t++) sum += x[w * hop + t] * y[other * hop + t];
        total += (sum * sum) / length;
      }
      return total / n;
    };
    const real: number[] = [];
    const widths = { block: 0, run: 0 };
    for (let dyad = 0; dyad < 120; dyad++) {
      const gaussian = normal(counterRandom(5, dyad));
      const x = Float64Array.from({ length: n * hop + length }, gaussian);
      const y = Float64Array.from({ length: n * hop + length }, gaussian);
      real.push(statistic(x, y));
      const uniform = counterRandom(6, dyad);
      const block = Array.from({ length: 40 }, () =>
        statistic(x, y, blockShuffle(n, { minimumShift: 4, uniform })),
      );
      const run = Array.from({ length: 40 }, () =>
        statistic(x, y, runPreservingShuffle([n], { segmentLength: 15, minimumShift: 4, uniform })),
      );
      widths.block += standardDeviation(block) / 120;
      widths.run += standardDeviation(run) / 120;
    }
    const true_ = standardDeviation(real);
    expect(widths.block / true_).toBeLessThan(0.75);
    expect(widths.run / true_).toBeGreaterThan(0.8);
    expect(widths.run / true_).toBeLessThan(1.2);
  });
});

describe("circular shift", () => {
  test("shifts lie in the allowed range and reach both of its ends", () => {
    const shifts = circularShifts(20, { minimumShift: 8, uniform: mulberry32(1), count: 400 });
    expect([...new Set(shifts)].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12]);
  });

  test("a record that is too short gives no shift", () => {
    expect(circularShifts(15, { minimumShift: 8, uniform: mulberry32(1), count: 4 }).length).toBe(0);
  });

  test("y[t] = x[(t - shift) mod N], and the opposite shift undoes it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.integer(),
        (values, shift) => {
          const x = Float64Array.from(values);
          const y = new Float64Array(x.length);
          const back = new Float64Array(x.length);
          circularShift(x, shift, y);
          for (let t = 0; t < x.length; t++)
            expect(y[t]).toBe(x[(((t - shift) % x.length) + x.length) % x.length]);
          circularShift(y, -shift, back);
          expect(back).toEqual(x);
        },
      ),
    );
    const x = new Float64Array(4);
    expect(() => circularShift(x, 1, x)).toThrow("circularShift expected");
  });
});

describe("PhaseRandomiser", () => {
  /** Cross-spectrum at every frequency by the plain definition of the Fourier transform. */
  function crossSpectra(data: Float64Array, nChannels: number, n: number): number[] {
    const re = new Float64Array(nChannels * n);
    const im = new Float64Array(nChannels * n);
    for (let c = 0; c < nChannels; c++)
      for (let k = 0; k < n; k++)
        for (let t = 0; t < n; t++) {
          re[c * n + k] += data[c * n + t] * Math.cos((2 * Math.PI * ((k * t) % n)) / n);
          im[c * n + k] -= data[c * n + t] * Math.sin((2 * Math.PI * ((k * t) % n)) / n);
        }
    const out: number[] = [];
    for (let a = 0; a < nChannels; a++)
      for (let b = 0; b < nChannels; b++)
        for (let k = 0; k < n; k++) {
          const [i, j] = [a * n + k, b * n + k];
          out.push(re[i] * re[j] + im[i] * im[j], im[i] * re[j] - re[i] * im[j]);
        }
    return out;
  }

  test.each([16, 31, 45, 60])("keeps every cross-spectrum of a head of three channels, %d samples", (n) => {
    const gaussian = normal(mulberry32(n));
    const data = Float64Array.from({ length: 3 * n }, gaussian);
    const out = new Float64Array(3 * n);
    new PhaseRandomiser(3, n).execute(out, data, mulberry32(n + 1));
    const before = crossSpectra(data, 3, n);
    const after = crossSpectra(out, 3, n);
    for (let i = 0; i < before.length; i++) expect(Math.abs(after[i] - before[i])).toBeLessThan(1e-9 * n);
    let change = 0;
    for (let i = 0; i < data.length; i++) change = Math.max(change, Math.abs(out[i] - data[i]));
    expect(change).toBeGreaterThan(0.5);
  });

  test("destroys alignment: correlation with the untouched signal averages to zero", () => {
    const n = 101;
    const gaussian = normal(mulberry32(1));
    const x = Float64Array.from({ length: n }, gaussian);
    const centre = x.reduce((sum, v) => sum + v, 0) / n;
    const energy = x.reduce((sum, v) => sum + (v - centre) ** 2, 0);
    const y = new Float64Array(n);
    const plan = new PhaseRandomiser(1, n);
    const uniform = mulberry32(2);
    let total = 0;
    for (let k = 0; k < 2000; k++) {
      plan.execute(y, x, uniform);
      for (let t = 0; t < n; t++) total += ((x[t] - centre) * (y[t] - centre)) / energy / 2000;
    }
    // Each correlation has a standard deviation of about 0.1.
    expect(Math.abs(total)).toBeLessThan(0.01);
  });

  test("works in place and refuses other shapes", () => {
    const plan = new PhaseRandomiser(2, 10);
    const data = Float64Array.from({ length: 20 }, normal(mulberry32(1)));
    const out = new Float64Array(20);
    plan.execute(out, data, mulberry32(3));
    plan.execute(data, data, mulberry32(3));
    expect(data).toEqual(out);
    expect(() => plan.execute(out, new Float64Array(19), mulberry32(1))).toThrow("2 x 10 = 20 values");
  });
});

describe("time and labels", () => {
  test("timeReverse twice is the identity, and once turns each channel around", () => {
    const x = Float64Array.of(1, 2, 3, 10, 20, 30);
    const y = new Float64Array(6);
    timeReverse(x, 2, 3, y);
    expect([...y]).toEqual([3, 2, 1, 30, 20, 10]);
    expect(() => timeReverse(x, 2, 3, x)).toThrow("timeReverse expected");
  });

  test("allChannelShuffle permutes every channel for itself", () => {
    const plan = allChannelShuffle(3, 30, mulberry32(1));
    const rows = [0, 1, 2].map((c) => plan.slice(c * 30, (c + 1) * 30));
    for (const row of rows) expect(isPermutation(row)).toBe(true);
    expect(rows[0]).not.toEqual(rows[1]);
  });

  test("labels change places within strata only", () => {
    const labels = ["direct", "averted", "direct", "averted", "averted", "averted"];
    const strata = [1, 1, 1, 1, 2, 2];
    const drawn = new Set<string>();
    const uniform = mulberry32(6);
    for (let k = 0; k < 200; k++) {
      const out = permuteEpisodeLabels(labels, uniform, strata);
      expect(out.slice(4)).toEqual(["averted", "averted"]);
      drawn.add(out.slice(0, 4).join(" "));
    }
    expect(drawn.size).toBe(6);
    expect(() => permuteEpisodeLabels(labels, uniform, [1])).toThrow("6 strata");
  });
});
