import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { fitMvar } from "./fit-mvar.ts";
import type { MvarEstimator } from "./model.ts";
import {
  BACCALA_EXAMPLE_3,
  BACCALA_EXAMPLE_4,
  cutRecord,
  denseCoefficients,
  largestDifference,
  simulateNetwork,
  textbookLeastSquares,
  textbookSquaredGpdc,
} from "./test-networks.ts";

const ESTIMATORS: readonly MvarEstimator[] = [
  "ols",
  "nuttall-strand",
  "vieira-morf",
  "yule-walker",
  "biosig7",
];
const FREQUENCIES = [0.05, 0.125, 0.25, 0.4];

describe("on long records of networks with known links", () => {
  const networks = [
    ["example 3", BACCALA_EXAMPLE_3],
    ["example 4", BACCALA_EXAMPLE_4],
  ] as const;
  for (const [name, terms] of networks) {
    const x = simulateNetwork(terms, 5, 200_000, 11);
    const truth = textbookSquaredGpdc(denseCoefficients(terms, 5, 3), [1, 1, 1, 1, 1], FREQUENCIES);
    const squaredGpdc = (estimator: MvarEstimator) => {
      const model = fitMvar([x], { nChannels: 5, order: 3, estimator });
      expect(model.status).toBe("ok");
      const variances = [0, 1, 2, 3, 4].map((i) => model.noiseCovariance[i * 6]);
      return textbookSquaredGpdc(model.coefficients, variances, FREQUENCIES);
    };
    const largestFalseLink = (gpdc: Float64Array) =>
      gpdc.reduce((worst, value, at) => (truth[at] === 0 ? Math.max(worst, value) : worst), 0);

    for (const estimator of ["ols", "nuttall-strand", "vieira-morf", "yule-walker"] as const) {
      test(`${estimator} is consistent on ${name}: GPDC within 0.01 of the truth, absent links below 0.002`, () => {
        const gpdc = squaredGpdc(estimator);
        expect(largestDifference(gpdc, truth)).toBeLessThan(0.01);
        expect(largestFalseLink(gpdc)).toBeLessThan(0.002);
      });
    }

    test(`the biosig7 trap on ${name}: links that do not exist stay, however long the record`, () => {
      expect(largestFalseLink(squaredGpdc("biosig7"))).toBeGreaterThan(name === "example 4" ? 0.1 : 0.05);
    });
  }

  test("the true network of example 3 has the published squared GPDC", () => {
    const gpdc = textbookSquaredGpdc(
      denseCoefficients(BACCALA_EXAMPLE_3, 5, 3),
      [1, 1, 1, 1, 1],
      FREQUENCIES,
    );
    const link = (source: number, sink: number) =>
      FREQUENCIES.map((_, f) => gpdc[(f * 5 + sink) * 5 + source]);
    expect(largestDifference(link(0, 1), [0.28475, 0.37608, 0.10103, 0.02786])).toBeLessThan(1e-5);
    expect(largestDifference(link(4, 3), [0.21645, 0.16667, 0.1, 0.0686])).toBeLessThan(1e-5);
  });
});

describe("pooled windows", () => {
  const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 900, 3);
  const cuts = [
    [0, 200],
    [230, 300],
    [310, 316],
    [400, 900],
  ] as const;
  const windows = cutRecord(x, 5, cuts);

  test("are one fit over all rows that do not cross a boundary", () => {
    const model = fitMvar(windows, { nChannels: 5, order: 3, demean: false });
    expect(largestDifference(model.coefficients, textbookLeastSquares(windows, 5, 3))).toBeLessThan(1e-11);
    expect(model.nObservations).toBe(197 + 67 + 3 + 497);
  });

  test("a window no longer than the order adds nothing", () => {
    const short = cutRecord(x, 5, [[600, 603]]);
    const options = { nChannels: 5, order: 3 };
    const model = fitMvar([...windows, ...short], options);
    expect(model).toEqual(fitMvar(windows, options));
  });

  for (const estimator of ESTIMATORS) {
    test(`${estimator}: the order of the windows does not matter`, () => {
      const options = { nChannels: 5, order: 3, estimator };
      const forward = fitMvar(windows, options);
      const backward = fitMvar([...windows].reverse(), options);
      expect(largestDifference(forward.coefficients, backward.coefficients)).toBeLessThan(1e-12);
      expect(largestDifference(forward.noiseCovariance, backward.noiseCovariance)).toBeLessThan(1e-12);
    });

    test(`${estimator}: the same window twice gives the fit of that window`, () => {
      const options = { nChannels: 5, order: 3, estimator };
      const once = fitMvar([windows[0]], options);
      const twice = fitMvar([windows[0], windows[0]], options);
      expect(largestDifference(once.coefficients, twice.coefficients)).toBeLessThan(1e-12);
      expect(twice.nObservations).toBe(2 * once.nObservations);
    });
  }
});

describe("symmetries", () => {
  const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 300, 4);
  const n = 5;
  const nSamples = 300;
  for (const estimator of ESTIMATORS) {
    test(`${estimator}: rescaling channels rescales the model and nothing else`, () => {
      const unit = [1e-10, 1e10, 1, 3e-6, 1e3];
      const scaled = x.map((value, at) => value * unit[Math.floor(at / nSamples)]);
      const plain = fitMvar([x], { nChannels: n, order: 4, estimator });
      const model = fitMvar([scaled], { nChannels: n, order: 4, estimator });
      const back = model.coefficients.map((a, at) => (a * unit[at % n]) / unit[Math.floor(at / n) % n]);
      expect(largestDifference(back, plain.coefficients)).toBeLessThan(1e-12);
      const noise = model.noiseCovariance.map((s, at) => s / unit[at % n] / unit[Math.floor(at / n)]);
      expect(largestDifference(noise, plain.noiseCovariance)).toBeLessThan(1e-12);
      expect(model.spectralRadius).toBeCloseTo(plain.spectralRadius, 11);
      expect(model.status).toBe("ok");
    });

    test(`${estimator}: permuting the channels permutes the model`, () => {
      fc.assert(
        fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
          const shuffled = new Float64Array(x.length);
          order.forEach((from, to) => {
            shuffled.set(x.subarray(from * nSamples, (from + 1) * nSamples), to * nSamples);
          });
          const plain = fitMvar([x], { nChannels: n, order: 4, estimator });
          const model = fitMvar([shuffled], { nChannels: n, order: 4, estimator });
          const expected = model.coefficients.map((_, at) => {
            const lag = Math.floor(at / (n * n));
            return plain.coefficients[(lag * n + order[Math.floor(at / n) % n]) * n + order[at % n]];
          });
          expect(largestDifference(model.coefficients, expected)).toBeLessThan(1e-12);
        }),
        { numRuns: 10 },
      );
    });

    test(`${estimator}: offsets do not matter when windows are demeaned`, () => {
      const shifted = x.map(
        (value, at) => value + [25_000, -31_000, 4000, 500, 0][Math.floor(at / nSamples)],
      );
      const plain = fitMvar([x], { nChannels: n, order: 4, estimator, demean: true });
      const model = fitMvar([shifted], { nChannels: n, order: 4, estimator, demean: true });
      expect(largestDifference(model.coefficients, plain.coefficients)).toBeLessThan(1e-10);
    });
  }

  test("an intercept makes the offset of the whole record irrelevant", () => {
    const shifted = x.map((value) => value + 1000);
    const options = { nChannels: n, order: 2, intercept: true, demean: false };
    const plain = fitMvar([x], options);
    const model = fitMvar([shifted], options);
    expect(largestDifference(model.coefficients, plain.coefficients)).toBeLessThan(1e-9);
  });
});

describe("conditioning", () => {
  test("band-limited data leave the Cholesky path, and refinement agrees with QR", () => {
    const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 400, 8);
    const solvers = new Set<string | undefined>();
    for (const pole of [0, 0.5, 0.7, 0.8, 0.9]) {
      let y = x;
      for (let pass = 0; pass < 3; pass++) {
        let state = 0;
        y = y.map((value, at) => {
          state = at % 400 === 0 ? value : pole * state + value;
          return state;
        });
      }
      const options = { nChannels: 5, order: 3, demean: true };
      const model = fitMvar([y], options);
      // With a constant regressor the fit goes through QR; centring over the regression's own rows removes it.
      const byQr = fitMvar([y], { ...options, intercept: true });
      solvers.add(model.solver);
      expect(byQr.solver).toBe("qr");
      expect(largestDifference(model.coefficients, byQr.coefficients)).toBeLessThan(0.02);
      const exact = fitMvar([y, y.map((value) => -value)], { ...options, demean: false, intercept: true });
      const same = fitMvar([y, y.map((value) => -value)], { ...options, demean: false });
      expect(largestDifference(exact.coefficients, same.coefficients)).toBeLessThan(1e-10);
      expect(largestDifference(exact.noiseCovariance, same.noiseCovariance)).toBeLessThan(1e-9);
    }
    expect([...solvers]).toContain("cholesky");
    expect([...solvers]).toContain("refined");
  });

  test("an unstable process is reported, with its coefficients", () => {
    const grow = simulateNetwork([[1, 0, 0, 1.02]], 1, 300, 5);
    const model = fitMvar([grow.map((value) => value / 1e8)], { nChannels: 1, order: 1, demean: false });
    expect(model.status).toBe("unstable");
    expect(model.coefficients[0]).toBeCloseTo(1.02, 6);
    expect(model.spectralRadius).toBeCloseTo(1.02, 6);
  });

  test("a bridged pair of electrodes is flagged, and the other channel keeps its own fit", () => {
    const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 300, 6).subarray(0, 600);
    const bridged = new Float64Array(900);
    bridged.set(x);
    bridged.set(x.subarray(0, 300), 600);
    const model = fitMvar([bridged], { nChannels: 3, order: 2 });
    const pair = fitMvar([x.slice()], { nChannels: 2, order: 2 });
    expect(model.status).toBe("not-positive-definite");
    for (let k = 0; k < 2; k++) {
      expect(model.coefficients[k * 9 + 3]).toBeCloseTo(pair.coefficients[k * 4 + 2], 11);
      expect(model.coefficients[k * 9 + 4]).toBeCloseTo(pair.coefficients[k * 4 + 3], 11);
      expect(model.coefficients[k * 9 + 5]).toBe(0);
    }
  });
});

describe("what cannot be fitted", () => {
  const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 40, 7);
  test("no more rows than regressors: insufficient data, and no numbers", () => {
    const model = fitMvar([x], { nChannels: 5, order: 7 });
    expect(model.nObservations).toBe(33);
    expect(model.status).toBe("insufficient-data");
    expect(model.coefficients.every(Number.isNaN)).toBe(true);
    expect(model.spectralRadius).toBeNaN();
    expect(fitMvar([], { nChannels: 5, order: 2 }).status).toBe("insufficient-data");
  });

  test("a missing sample is an error that names the channel and the sample", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = x.slice();
      broken[2 * 40 + 17] = bad;
      expect(() => fitMvar([broken], { nChannels: 5, order: 2 })).toThrow(OptionError);
      expect(() => fitMvar([broken], { nChannels: 5, order: 2 })).toThrow(/channel 2, sample 17/);
    }
  });

  test("wrong shapes and options are errors", () => {
    expect(() => fitMvar([x.subarray(1)], { nChannels: 5, order: 2 })).toThrow(ShapeError);
    expect(() => fitMvar([x], { nChannels: 0, order: 2 })).toThrow(OptionError);
    expect(() => fitMvar([x], { nChannels: 5, order: 1.5 })).toThrow(OptionError);
    expect(() => fitMvar([x], { nChannels: 5, order: 2, estimator: "yule-walker", intercept: true })).toThrow(
      OptionError,
    );
  });
});
