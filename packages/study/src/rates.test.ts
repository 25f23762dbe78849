import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { montage, PEOPLE, quickSettings } from "./example-windows.test-support.ts";
import { fitRates } from "./rates.ts";
import { validateSettings } from "./validate-settings.ts";

const at = (...rates: number[]) =>
  rates.map((nominalSamplingRate, i) => ({
    ...(i === 0 ? montage("adult", "adult") : montage(`infant-${i}`, "infant")),
    nominalSamplingRate,
  }));

describe("the rate of the analysis", () => {
  test("stays the profile's where every amplifier is as fast", () => {
    const settings = quickSettings();
    expect(fitRates(settings, at(200, 500))).toBe(settings);
  });

  test("falls to the slowest amplifier's", () => {
    expect(fitRates(quickSettings(), at(250, 128, 160))).toMatchObject({ gridRate: 128, analysisRate: 128 });
  });

  test("keeps the factor between grid and analysis", () => {
    const settings = quickSettings({ gridRate: 400, analysisRate: 100 });
    expect(fitRates(settings, at(500, 256))).toMatchObject({ gridRate: 256, analysisRate: 64 });
  });

  test("leaves out filters beyond half of the new rate and keeps the others", () => {
    const filter = { phase: "causal", highPassHz: 0.5, lowPassHz: 45, order: 2, notchHz: 50 } as const;
    const { filter: at128 } = fitRates(quickSettings({ filter }), at(128, 128));
    expect(at128).toEqual(filter);
    const { filter: at90 } = fitRates(quickSettings({ filter }), at(90, 250));
    expect(at90).toEqual({ ...filter, lowPassHz: 0, notchHz: 0 });
  });

  test("can be divided by the factor again, whatever the amplifier's rate", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 120, max: 190, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        (rate, factor) => {
          const filter = { phase: "causal", highPassHz: 0, lowPassHz: 9.9, order: 2, notchHz: 0 } as const;
          const settings = quickSettings({ gridRate: 200, analysisRate: 200 / factor, filter });
          expect(() => validateSettings(fitRates(settings, at(rate, 500)), PEOPLE)).not.toThrow();
        },
      ),
    );
  });
});
