import { describe, expect, test } from "vitest";
import { bandMean } from "./band-mean.ts";
import { frequencyGrid } from "./frequency-grid.ts";
import { interPersonMean } from "./inter-person-mean.ts";

const spectrum = {
  frequencies: Float64Array.of(5, 6, 7),
  values: Float64Array.of(0, 0.1, 0.2, 0.3, 0, 0.3, 0.4, 0.5, 0, 0.5, 0.6, 0.7),
};

describe("the mean over a band", () => {
  test("a closed band holds both ends, a half-open band leaves the upper end out", () => {
    const closed = bandMean(spectrum, { low: 5, high: 6, edges: "closed", squared: false });
    expect([...closed]).toEqual([0, 0.2, expect.closeTo(0.3, 12), 0.4]);
    const open = bandMean(spectrum, { low: 5, high: 6, edges: "half-open", squared: false });
    expect([...open]).toEqual([0, 0.1, 0.2, 0.3]);
  });

  test("squares are taken before the mean", () => {
    const mean = bandMean(spectrum, { low: 5, high: 7, edges: "closed", squared: true });
    expect(mean[1]).toBeCloseTo((0.01 + 0.09 + 0.25) / 3, 14);
  });

  test("an edge that rounding moved by an ulp still counts", () => {
    const frequencies = Float64Array.of(5, 6 + 1e-15, 7);
    expect(frequencies[1]).toBeGreaterThan(6);
    const closed = bandMean(
      { ...spectrum, frequencies },
      { low: 5, high: 6, edges: "closed", squared: false },
    );
    expect(closed[1]).toBeCloseTo(0.2, 12);
    const open = bandMean(
      { ...spectrum, frequencies: Float64Array.of(5, 6 - 1e-15, 7) },
      { low: 5, high: 6, edges: "half-open", squared: false },
    );
    expect(open[1]).toBe(0.1);
  });

  test("an empty band is an error, never a mean of nothing", () => {
    expect(() => bandMean(spectrum, { low: 8, high: 9, edges: "closed", squared: true })).toThrow(
      /no frequency lies in the closed band 8\.\.9 Hz/,
    );
    expect(() => bandMean(spectrum, { low: 6, high: 6, edges: "half-open", squared: true })).toThrow(
      /no frequency/,
    );
    expect(() => bandMean(spectrum, { low: 7, high: 5, edges: "closed", squared: true })).toThrow(
      /backwards/,
    );
  });

  test("values that are no square matrices per frequency are refused", () => {
    const values = new Float64Array(9);
    expect(() =>
      bandMean(
        { frequencies: spectrum.frequencies, values },
        { low: 5, high: 7, edges: "closed", squared: true },
      ),
    ).toThrow(/square matrix/);
  });
});

describe("the frequency grid", () => {
  test("is k rate / (2 nfft) without the Nyquist frequency", () => {
    const grid = frequencyGrid({ samplingRate: 200, nfft: 256 });
    expect(grid.length).toBe(256);
    expect(grid[0]).toBe(0);
    expect(grid[8]).toBe(3.125);
    expect(grid[255]).toBe(100 - 100 / 256);
  });

  test("refuses a grid of no points", () => {
    expect(() => frequencyGrid({ samplingRate: 200, nfft: 0 })).toThrow(/nfft/);
  });
});

describe("the mean between two people", () => {
  // [sink, source] of adult 0, 1 and infant 2, 3; entry = 10 sink + source
  const matrix = Float64Array.from({ length: 16 }, (_, q) => 10 * Math.floor(q / 4) + (q % 4));

  test("takes rows of the influenced and columns of the influencing person", () => {
    const toInfant = interPersonMean(matrix, { fromIndices: [0, 1], toIndices: [2, 3] });
    expect(toInfant).toEqual({ fromIndices: [0, 1], toIndices: [2, 3], value: 25.5, nLinks: 4 });
    const toAdult = interPersonMean(matrix, { fromIndices: [2, 3], toIndices: [0, 1] });
    expect(toAdult.value).toBe(7.5);
  });

  test("refuses a channel of both people", () => {
    expect(() => interPersonMean(matrix, { fromIndices: [0, 1], toIndices: [1, 2] })).toThrow(/stands twice/);
    expect(() => interPersonMean(matrix, { fromIndices: [0], toIndices: [4] })).toThrow(/0\.\.3/);
    expect(() => interPersonMean(matrix, { fromIndices: [], toIndices: [1] })).toThrow(/no channel/);
  });
});
