import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { diagnoseMvar } from "./diagnostics.ts";
import { fitMvar } from "./fit-mvar.ts";
import { selectOrder } from "./order-selection.ts";
import { portmanteau } from "./portmanteau.ts";
import { residualCorrelation } from "./residual-correlation.ts";
import { residuals } from "./residuals.ts";
import { simulateVar } from "./simulate-var.ts";
import { spectralRadius } from "./spectral-radius.ts";
import {
  BACCALA_EXAMPLE_3,
  BACCALA_EXAMPLE_4,
  cutRecord,
  denseCoefficients,
  largestDifference,
  simulateNetwork,
} from "./test-networks.ts";

const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 3000, 31);
const halves = cutRecord(x, 5, [
  [0, 1400],
  [1500, 3000],
]);
const options = { nChannels: 5, order: 3 };

describe("selectOrder", () => {
  test("each point of every curve is a fit of that order to the same rows", () => {
    const maxOrder = 6;
    const selection = selectOrder(halves, { nChannels: 5, maxOrder, demean: false });
    expect(selection.nObservations).toBe(1394 + 1494);
    for (let order = 1; order <= maxOrder; order++) {
      const trimmed = halves.map((window) => {
        const nSamples = window.length / 5;
        return cutRecord(window, 5, [[maxOrder - order, nSamples]])[0];
      });
      const model = fitMvar(trimmed, { nChannels: 5, order, demean: false });
      expect(model.nObservations).toBe(selection.nObservations);
      // ln det by elimination on the correlation-free textbook route: product of sequential residual variances.
      const s = Array.from({ length: 5 }, (_, i) =>
        Array.from(model.noiseCovariance.subarray(i * 5, i * 5 + 5)),
      );
      let logDet = 0;
      for (let p = 0; p < 5; p++) {
        logDet += Math.log(s[p][p]);
        for (let r = p + 1; r < 5; r++) {
          const f = s[r][p] / s[p][p];
          for (let c = p; c < 5; c++) s[r][c] -= f * s[p][c];
        }
      }
      const n = selection.nObservations;
      const k = 25 * order;
      expect(selection.curves.aic![order - 1]).toBeCloseTo(logDet + (2 * k) / n, 10);
      expect(selection.curves.hq![order - 1]).toBeCloseTo(logDet + (2 * Math.log(Math.log(n)) * k) / n, 10);
      expect(selection.curves.bic![order - 1]).toBeCloseTo(logDet + (Math.log(n) * k) / n, 10);
      const correction = (5 * (2 * 5 * order + 6)) / (n - 5 * order - 6);
      expect(selection.curves.aicc![order - 1]).toBeCloseTo(logDet + correction, 10);
      const fpe = 5 * Math.log((n + 5 * order + 1) / (n - 5 * order - 1));
      expect(selection.curves.lnfpe![order - 1]).toBeCloseTo(logDet + fpe, 10);
    }
  });

  test("pooled data find the true order 3 by HQ, BIC and AICc", () => {
    const { minima, orders, status } = selectOrder(halves, { nChannels: 5, maxOrder: 12 });
    expect(status).toBe("ok");
    expect(Array.from(orders)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(minima.hq).toBe(3);
    expect(minima.bic).toBe(3);
    expect(minima.aicc).toBe(3);
  });

  test("the elbow of a curve that falls to the true order and is flat after it is that order", () => {
    const one = simulateNetwork([[2, 0, 0, -0.9]], 1, 5000, 2);
    const { elbows } = selectOrder([one], { nChannels: 1, maxOrder: 10, criteria: ["aic"] });
    expect(elbows).toEqual({ aic: 2 });
  });

  test("too few rows for the highest order is a status, not a number", () => {
    const selection = selectOrder(cutRecord(x, 5, [[0, 50]]), { nChannels: 5, maxOrder: 9 });
    expect(selection.status).toBe("insufficient-data");
    expect(selection.minima.aic).toBeNaN();
    expect(selection.elbows.aic).toBeNaN();
  });
});

describe("residuals", () => {
  test("of the true model are the innovations that went in", () => {
    const coefficients = denseCoefficients(BACCALA_EXAMPLE_4, 5, 2);
    const draws: number[] = [];
    const normal = irwinHall(mulberry32(9));
    const record = simulateVar({
      nChannels: 5,
      coefficients,
      nSamples: 100,
      burnIn: 0,
      normal: () => {
        draws.push(normal());
        return draws.at(-1)!;
      },
    });
    const truth = { ...fitMvar([record], { nChannels: 5, order: 2, demean: false }), coefficients };
    const [e] = residuals(truth, [record]);
    expect(e.length).toBe(5 * 98);
    for (let i = 0; i < 5; i++)
      for (let t = 0; t < 98; t++) expect(e[i * 98 + t]).toBeCloseTo(draws[(t + 2) * 5 + i], 12);
  });

  test("of a least-squares fit have the noise covariance of the model", () => {
    const model = fitMvar(halves, options);
    const errors = residuals(model, halves);
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        let sum = 0;
        for (const e of errors) {
          const nRows = e.length / 5;
          for (let t = 0; t < nRows; t++) sum += e[i * nRows + t] * e[j * nRows + t];
        }
        expect(sum / model.nObservations).toBeCloseTo(model.noiseCovariance[i * 5 + j], 11);
      }
    }
  });
});

describe("portmanteau", () => {
  const kinds = ["ljung-box", "li-mcleod", "box-pierce"] as const;
  test("rejects white residuals about as often as its level says", () => {
    const rejected = { "ljung-box": 0, "li-mcleod": 0, "box-pierce": 0 };
    const nRuns = 200;
    for (let run = 0; run < nRuns; run++) {
      const record = simulateNetwork(
        [
          [1, 0, 0, 0.5],
          [1, 1, 0, 0.3],
        ],
        2,
        500,
        1000 + run,
      );
      const model = fitMvar([record], { nChannels: 2, order: 1 });
      for (const kind of kinds)
        if (portmanteau(model, [record], { maxLag: 10, kind }).p < 0.05) rejected[kind]++;
    }
    // 0.05 of 200 is 10; the binomial lies within 3..20 with probability 0.998.
    for (const kind of kinds) {
      expect(rejected[kind]).toBeGreaterThanOrEqual(3);
      expect(rejected[kind]).toBeLessThanOrEqual(20);
    }
  });

  test("finds an order that is too low", () => {
    const low = fitMvar(halves, { nChannels: 5, order: 1 });
    for (const kind of kinds) {
      const result = portmanteau(low, halves, { maxLag: 12, kind });
      expect(result.df).toBe(25 * 11);
      expect(result.p).toBeLessThan(1e-10);
    }
  });

  test("of one channel is the sum of squared autocorrelations", () => {
    const record = simulateNetwork([[1, 0, 0, 0.5]], 1, 200, 77);
    const model = fitMvar([record], { nChannels: 1, order: 1 });
    const [e] = residuals(model, [record]);
    const total = e.length;
    const correlation = (lag: number) => {
      let sum = 0;
      let squares = 0;
      for (let t = 0; t < total; t++) {
        squares += e[t] * e[t];
        if (t >= lag) sum += e[t] * e[t - lag];
      }
      return sum / squares;
    };
    let ljungBox = 0;
    let boxPierce = 0;
    for (let lag = 1; lag <= 6; lag++) {
      ljungBox += (total * (total + 2) * correlation(lag) ** 2) / (total - lag);
      boxPierce += total * correlation(lag) ** 2;
    }
    const statistic = (kind: (typeof kinds)[number]) =>
      portmanteau(model, [record], { maxLag: 6, kind }).statistic;
    expect(statistic("ljung-box")).toBeCloseTo(ljungBox, 10);
    expect(statistic("box-pierce")).toBeCloseTo(boxPierce, 10);
    expect(statistic("li-mcleod")).toBeCloseTo(boxPierce + 42 / (2 * total), 10);
  });

  test("needs more lags than the order", () => {
    const model = fitMvar(halves, options);
    expect(() => portmanteau(model, halves, { maxLag: 3 })).toThrow(OptionError);
  });
});

describe("residualCorrelation", () => {
  const groups = { first: [0, 1], second: [2, 3, 4] };
  test("covers zero between groups with separate noise", () => {
    const result = residualCorrelation(fitMvar(halves, options), halves, { ...groups, confidence: 0.999 });
    expect(result.allCoverZero).toBe(true);
    expect(result.correlation.length).toBe(6);
  });

  test("finds a source that reaches both at once, with the right size", () => {
    const record = simulateVar({
      nChannels: 2,
      coefficients: [
        [1, 0, 0, 0.5],
        [1, 1, 1, 0.5],
      ],
      nSamples: 20_000,
      noiseCholesky: Float64Array.of(1, 0, 0.3, Math.sqrt(1 - 0.09)),
      normal: irwinHall(mulberry32(5)),
    });
    const model = fitMvar([record], { nChannels: 2, order: 2 });
    const result = residualCorrelation(model, [record], { first: [0], second: [1] });
    expect(result.allCoverZero).toBe(false);
    expect(result.low[0]).toBeLessThan(0.3);
    expect(result.high[0]).toBeGreaterThan(0.3);
    expect(() => residualCorrelation(model, [record], { first: [0], second: [2] })).toThrow(OptionError);
  });
});

describe("diagnoseMvar", () => {
  test("a model of the right order passes every check", () => {
    const model = fitMvar(halves, options);
    const result = diagnoseMvar(model, halves);
    expect(result.consistency).toBeGreaterThan(0.8);
    expect(result.consistency).toBeLessThanOrEqual(1);
    for (const value of result.durbinWatson) expect(Math.abs(value - 2)).toBeLessThan(0.1);
    expect(result.parameterRatio).toBeCloseTo((25 * 3) / 2900, 14);
    expect(result.maxAdvisedOrder).toBeCloseTo((3 * Math.sqrt(2900)) / 5, 12);
    expect(result.stable).toBe(true);
    expect(result.autocorrelationsOutside).toBeLessThan(0.15);
    // Channel 0 is the oscillator with pole 0.95 at an eighth of the rate: variance of AR(2) with unit noise.
    const phi1 = 0.95 * Math.SQRT2;
    const phi2 = -0.9025;
    const variance = (1 - phi2) / ((1 + phi2) * ((1 - phi2) ** 2 - phi1 ** 2));
    expect(Math.abs(result.rSquared[0] - (1 - 1 / variance))).toBeLessThan(0.02);
  });

  test("a first-order model of an oscillator does not", () => {
    const low = diagnoseMvar(fitMvar(halves, { nChannels: 5, order: 1 }), halves);
    expect(low.autocorrelationsOutside).toBeGreaterThan(0.2);
    expect(low.durbinWatson[0]).toBeLessThan(1.5);
  });
});

describe("spectralRadius", () => {
  test("of published networks is 0.95", () => {
    expect(spectralRadius(denseCoefficients(BACCALA_EXAMPLE_3, 5, 3), 5, 3)).toBeCloseTo(0.95, 12);
    expect(spectralRadius(denseCoefficients(BACCALA_EXAMPLE_4, 5, 2), 5, 2)).toBeCloseTo(0.95, 12);
  });

  test("is NaN for coefficients that are not numbers", () => {
    expect(spectralRadius(Float64Array.of(Number.NaN), 1, 1)).toBeNaN();
  });

  test("copes with 20 channels at order 16", () => {
    const terms = Array.from({ length: 20 }, (_, i) => [16, i, i, 0.5 + 0.02 * i] as const);
    expect(spectralRadius(denseCoefficients(terms, 20, 16), 20, 16)).toBeCloseTo(0.88 ** (1 / 16), 10);
  });
});

describe("simulateVar", () => {
  test("dense coefficients, terms, and both ways to give the noise agree", () => {
    const base = { nChannels: 5, nSamples: 50 };
    const dense = denseCoefficients(BACCALA_EXAMPLE_3, 5, 3);
    const a = simulateVar({ ...base, coefficients: dense, normal: irwinHall(mulberry32(1)) });
    const b = simulateVar({ ...base, coefficients: BACCALA_EXAMPLE_3, normal: irwinHall(mulberry32(1)) });
    expect(largestDifference(a, b)).toBeLessThan(1e-12);
    const mixed = simulateVar({
      ...base,
      coefficients: dense,
      sd: [1, 2, 1, 1, 1],
      mixing: [[1, 0, 0.7]],
      normal: irwinHall(mulberry32(1)),
    });
    const lower = new Float64Array(25);
    for (let i = 0; i < 5; i++) lower[i * 6] = i === 1 ? 2 : 1;
    lower[5] = 0.7;
    const c = simulateVar({
      ...base,
      coefficients: dense,
      noiseCholesky: lower,
      normal: irwinHall(mulberry32(1)),
    });
    expect(largestDifference(mixed, c)).toBeLessThan(1e-12);
  });

  test("a lag below 1 or a channel that is not there is an error", () => {
    const normal = irwinHall(mulberry32(1));
    for (const term of [
      [0, 0, 0, 1],
      [1, 2, 0, 1],
    ] as const)
      expect(() => simulateVar({ nChannels: 2, coefficients: [term], nSamples: 3, normal })).toThrow(
        OptionError,
      );
  });
});
