import { describe, expect, test } from "vitest";
import { bandMean, frequencyGrid, gpdc } from "../coupling/index.ts";
import { fitMvar, LagMoments } from "../mvar/index.ts";
import { DirectedFit } from "./directed-fit.ts";
import { directionMeans, directionsBetween } from "./directions.ts";
import { adultAndInfant, dyadTerms, noiseWindows, processWindows } from "./example-windows.test-support.ts";

const bands = [
  { low: 3, high: 6 },
  { low: 6, high: 9 },
];
const fitOptions = { nChannels: 4, order: 4, samplingRate: 200, frequencyBins: 256, bands };
const dyad = processWindows(adultAndInfant, dyadTerms(0.1), 20, 200, 1);

describe("DirectedFit", () => {
  test("equals the band mean of squared GPDC of the pooled fit, both edges included", () => {
    const moments = new LagMoments(4, 4);
    for (const window of dyad.windows) moments.addWindow(window, 200);
    const fit = new DirectedFit(fitOptions);
    expect(fit.execute(moments.gram, moments.nRows)).toBe("ok");
    const model = fitMvar(dyad.windows, { nChannels: 4, order: 4, demean: false });
    const spectrum = gpdc(model, {
      samplingRate: 200,
      frequencies: frequencyGrid({ samplingRate: 200, nfft: 256 }),
    });
    bands.forEach((band, b) => {
      const expected = bandMean(spectrum, { ...band, edges: "closed", squared: true });
      expected.forEach((value, at) => {
        expect(fit.matrices[b * 16 + at]).toBeCloseTo(value, 9);
      });
    });
  });

  test("measures a model that was fitted elsewhere", () => {
    const model = fitMvar(dyad.windows, { nChannels: 4, order: 4, estimator: "nuttall-strand" });
    const fit = new DirectedFit(fitOptions);
    fit.measure(model.coefficients, model.noiseCovariance);
    const spectrum = gpdc(model, {
      samplingRate: 200,
      frequencies: frequencyGrid({ samplingRate: 200, nfft: 256 }),
    });
    const alpha = bandMean(spectrum, { low: 6, high: 9, edges: "closed", squared: true });
    alpha.forEach((value, at) => {
      expect(fit.matrices[16 + at]).toBeCloseTo(value, 12);
    });
  });

  test("moments that cannot be solved give a status and NaN, and the next fit is good again", () => {
    const fit = new DirectedFit(fitOptions);
    const moments = new LagMoments(4, 4);
    expect(fit.execute(moments.gram, 10)).toBe("insufficient-data");
    expect(fit.execute(moments.gram, 1000)).toBe("not-positive-definite");
    expect(fit.matrices.every(Number.isNaN)).toBe(true);
    for (const window of dyad.windows) moments.addWindow(window, 200);
    expect(fit.execute(moments.gram, moments.nRows)).toBe("ok");
    expect(fit.matrices.every(Number.isFinite)).toBe(true);
  });
});

describe("directionMeans", () => {
  const people = noiseWindows(
    [
      ["adult", 2],
      ["infant", 1],
      ["child", 1],
    ],
    1,
    5,
    "people",
  ).people;

  test("every ordered pair of people, in the order of the people", () => {
    expect(directionsBetween(people).map(({ from, to }) => `${from}>${to}`)).toEqual([
      "adult>infant",
      "adult>child",
      "infant>adult",
      "infant>child",
      "child>adult",
      "child>infant",
    ]);
  });

  test("the row is the sink and the column the source", () => {
    const matrices = new Float64Array(2 * 16);
    // Band 0: from channel 1 (adult) to channel 2 (infant). Band 1: from channel 3 (child) to channel 0 (adult).
    matrices[2 * 4 + 1] = 1;
    matrices[16 + 0 * 4 + 3] = 1;
    const directions = directionsBetween(people);
    const out = new Float64Array(directions.length * 2);
    directionMeans(out, matrices, directions, 4);
    const named = directions.flatMap(({ from, to }, d) =>
      [0, 1].map((band) => [`${from}>${to} ${band}`, out[d * 2 + band]] as const),
    );
    expect(Object.fromEntries(named.filter(([, value]) => value !== 0))).toEqual({
      "adult>infant 0": 0.5,
      "child>adult 1": 0.5,
    });
  });

  test("planted coupling is found in its direction", () => {
    const moments = new LagMoments(4, 4);
    for (const window of dyad.windows) moments.addWindow(window, 200);
    const fit = new DirectedFit(fitOptions);
    fit.execute(moments.gram, moments.nRows);
    const directions = directionsBetween(dyad.people);
    const out = new Float64Array(4);
    directionMeans(out, fit.matrices, directions, 4);
    expect(directions[0]).toMatchObject({ from: "adult", to: "infant" });
    expect(out[1]).toBeGreaterThan(3 * out[3]);
  });
});
