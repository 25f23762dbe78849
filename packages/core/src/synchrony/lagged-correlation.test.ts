import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { autoregressiveResiduals } from "./autoregressive-residuals.ts";
import { centreSeries, standardiseSeries } from "./centre-series.ts";
import { fisherZ } from "./fisher-z.ts";
import { laggedCorrelation } from "./lagged-correlation.ts";
import { covariation, detrendedCovariation } from "./pair-correlation.ts";
import { autoregressive, follower, noise } from "./series.test-support.ts";

const samplingRate = 1;

describe("laggedCorrelation", () => {
  test("a planted lag of 3 s is the argmax in every preparation, positive for the adult's lead", () => {
    const { adult, infant } = follower(900, 3, 0.7, "lag");
    for (const prepare of ["constant", "linear", "prewhiten"] as const) {
      expect(laggedCorrelation(adult, infant, { samplingRate, prepare }).peakLag).toBe(3);
      expect(laggedCorrelation(infant, adult, { samplingRate, prepare }).peakLag).toBe(-3);
    }
  });

  test("exchanging the members mirrors it to the bit", () => {
    const { adult, infant } = follower(300, 2, 0.5, "mirror");
    infant.fill(Number.NaN, 50, 60);
    for (const prepare of ["constant", "linear", "prewhiten"] as const) {
      const one = laggedCorrelation(adult, infant, { samplingRate, prepare });
      const other = laggedCorrelation(infant, adult, { samplingRate, prepare });
      expect(other.values).toEqual(one.values.slice().reverse());
      expect(other.peakLag).toBe(-one.peakLag);
    }
  });

  test("prewhitening takes away what memory alone makes of unrelated series", () => {
    const largest = (prepare: "linear" | "prewhiten") => {
      let sum = 0;
      for (let k = 0; k < 30; k++) {
        const a = autoregressive(0.97, 300, "wa", k);
        const b = autoregressive(0.97, 300, "wb", k);
        sum += Math.max(...laggedCorrelation(a, b, { samplingRate, prepare }).values.map(Math.abs));
      }
      return sum / 30;
    };
    expect(largest("prewhiten")).toBeLessThan(0.16);
    expect(largest("linear")).toBeGreaterThan(0.25);
  });

  test("missing samples cost pairs, not size, and too many of them the value", () => {
    const { adult, infant } = follower(2000, 0, 0.8, "missing");
    const full = laggedCorrelation(adult, infant, { samplingRate, maxLagSeconds: 0 });
    for (let t = 0; t < 2000; t += 10) adult[t] = Number.NaN;
    const tenth = laggedCorrelation(adult, infant, { samplingRate, maxLagSeconds: 0 });
    expect(tenth.nValid[0]).toBe(1800);
    expect(tenth.values[0]).toBeCloseTo(full.values[0]!, 1);
    adult.fill(Number.NaN, 0, 300);
    const third = laggedCorrelation(adult, infant, { samplingRate, maxLagSeconds: 0 });
    expect([third.values[0], third.peakLag]).toEqual([Number.NaN, Number.NaN]);
  });

  test("a member that does not vary has no value", () => {
    const flat = new Float64Array(100).map((_, t) => 700.1 + 0.3 * t);
    expect(laggedCorrelation(flat, noise(100, 1), { samplingRate }).values.every(Number.isNaN)).toBe(true);
  });

  test("wrong calls are refused", () => {
    expect(() => laggedCorrelation(noise(10, 1), noise(11, 1), { samplingRate })).toThrow(ShapeError);
    expect(() => laggedCorrelation(noise(10, 1), noise(10, 1), { samplingRate })).toThrow(OptionError);
    expect(() => autoregressiveResiduals(noise(10, 1), 0)).toThrow(OptionError);
  });
});

describe("covariation of whole series", () => {
  test("a common drift counts with the line and not without", () => {
    const drift = (seed: number) => noise(500, "drift", seed).map((x, t) => 700 + x + t / 50);
    expect(covariation(drift(1), drift(2))).toBeGreaterThan(0.8);
    expect(Math.abs(detrendedCovariation(drift(1), drift(2)))).toBeLessThan(0.15);
  });

  test("is symmetric to the bit and blind to level, scale and, but for its sign, direction", () => {
    const { adult, infant } = follower(200, 0, 0.6, "symmetric");
    for (const f of [covariation, detrendedCovariation]) {
      expect(f(adult, infant)).toBe(f(infant, adult));
      expect(
        f(
          adult.map((x) => 3 - 1e4 * x),
          infant,
        ),
      ).toBeCloseTo(-f(adult, infant), 10);
    }
  });

  test("needs 80 % valid pairs", () => {
    const { adult, infant } = follower(100, 0, 0.6, "coverage");
    adult.fill(Number.NaN, 0, 20);
    expect(covariation(adult, infant)).not.toBeNaN();
    infant[50] = Number.NaN;
    expect(covariation(adult, infant)).toBeNaN();
    expect(covariation(adult, infant, { minimumCoverage: 0.5 })).not.toBeNaN();
  });

  test("Fisher's z is finite at a perfect correlation and NaN for none", () => {
    expect(fisherZ(0.5)).toBeCloseTo(0.5 * Math.log(3), 15);
    expect(fisherZ(1)).toBe(-fisherZ(-1));
    expect(Number.isFinite(fisherZ(1))).toBe(true);
    expect(fisherZ(Number.NaN)).toBeNaN();
  });

  test("centred and standardised series keep their gaps", () => {
    const x = Float64Array.of(1, 2, Number.NaN, 4, 5.5);
    expect(centreSeries(x, "constant").map((v) => Math.round(1e6 * v) / 1e6)).toEqual(
      Float64Array.of(-2.125, -1.125, Number.NaN, 0.875, 2.375),
    );
    const z = standardiseSeries(x);
    expect(z[2]).toBeNaN();
    expect(z[4]! - z[0]!).toBeCloseTo(4.5 / Math.sqrt(12.1875 / 3), 3);
    expect(standardiseSeries(new Float64Array(4).fill(0.1)).every(Number.isNaN)).toBe(true);
  });

  test("autoregressive coefficients are recovered", () => {
    const { coefficients, residuals } = autoregressiveResiduals(
      autoregressive(0.6, 20_000, "ar").map((x) => x + 800),
      2,
    );
    expect(coefficients[0]).toBeCloseTo(0.6, 1);
    expect(Math.abs(coefficients[1]!)).toBeLessThan(0.03);
    expect(residuals).toHaveLength(19_998);
  });
});
