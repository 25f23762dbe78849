import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bandRms, kilohmsOfMicrovolts } from "./impedance.ts";

/** One second of a sine of the given RMS on an electrode that also drifts and picks up the mains. */
function electrode(rms: number, phase: number, samplingRate: number, drift: number): Float64Array {
  return Float64Array.from({ length: samplingRate }, (_, n) => {
    const t = n / samplingRate;
    const mains = 40 * Math.sin(2 * Math.PI * 50 * t + 1);
    return Math.SQRT2 * rms * Math.sin(2 * Math.PI * 31.2 * t + phase) + 12_000 + drift * t + mains;
  });
}

describe("impedance", () => {
  test("51.76 uV are 10 kohm, and no voltage is never less than nothing", () => {
    expect(kilohmsOfMicrovolts(51.76)).toBeCloseTo(10, 2);
    expect(kilohmsOfMicrovolts(0)).toBe(0);
  });

  test("the band of one second gives the RMS to 1 % at any phase, in spite of drift and mains", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 6.3, noNaN: true }),
        fc.double({ min: 20, max: 500, noNaN: true }),
        (phase, rms) => {
          const measured = bandRms(electrode(rms, phase, 250, 300), 250, 250, false);
          expect(Math.abs(measured / rms - 1)).toBeLessThan(0.01);
        },
      ),
    );
  });

  test("the mean of two samples that a Daisy sends is made good", () => {
    const fast = electrode(51.76, 0.4, 250, 100);
    const averaged = Float64Array.from({ length: 125 }, (_, n) => (fast[2 * n]! + fast[2 * n + 1]!) / 2);
    expect(Math.abs(bandRms(averaged, 125, 125, true) / 51.76 - 1)).toBeLessThan(0.01);
    expect(bandRms(averaged, 125, 125, false) / 51.76).toBeLessThan(0.94);
  });

  test("a missing sample makes it unknown", () => {
    const signal = electrode(50, 0, 250, 0);
    signal[17] = Number.NaN;
    expect(bandRms(signal, 250, 250, false)).toBeNaN();
  });
});
