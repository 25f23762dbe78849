import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { mulberry32, normal } from "../../random/index.ts";
import { impedanceEnsembles } from "./impedance-ensembles.ts";
import { importPreEjectionPeriods } from "./pre-ejection-period.ts";

const samplingRate = 1000;

/** Two minutes of dZ/dt with its maximum 150 ms and its minimum 380 ms after R, in strong noise, and an ECG. */
function recording() {
  const gauss = normal(mulberry32(1));
  const beatTimes = Array.from({ length: 150 }, (_, k) => 0.4 + 0.8 * k);
  const dZdt = Float64Array.from({ length: 120 * samplingRate }, () => 0.5 * gauss());
  const ecg = new Float64Array(dZdt.length);
  for (const beat of beatTimes) {
    const r = Math.round(beat * samplingRate);
    for (let n = -60; n < 500 && r + n < dZdt.length; n++) {
      dZdt[r + n] += 2 * Math.exp(-(((n - 150) / 30) ** 2)) - Math.exp(-(((n - 380) / 20) ** 2));
      ecg[r + n] += Math.abs(n) <= 25 ? 1 - Math.abs(n) / 25 : 0;
    }
  }
  return { dZdt, ecg, beatTimes };
}

describe("impedanceEnsembles", () => {
  const { dZdt, ecg, beatTimes } = recording();
  const options = { samplingRate, beatTimes, population: "adult" } as const;

  test("finds Z and X in the ensemble and proposes B from the R-Z time, for the eye to check", () => {
    const epochs = impedanceEnsembles(dZdt, options);
    expect(epochs.length).toBe(2);
    for (const epoch of epochs) {
      expect(epoch.nBeats).toBeGreaterThan(73);
      expect(Math.abs(epoch.zPoint - 150)).toBeLessThanOrEqual(6);
      expect(Math.abs(epoch.xPoint - 380)).toBeLessThanOrEqual(8);
      expect(epoch.bPoint).toBeCloseTo(1.233 * epoch.zPoint - 0.0032 * epoch.zPoint ** 2 - 31.59, 12);
      expect(epoch.leftVentricularEjectionTime).toBeCloseTo(epoch.xPoint - epoch.bPoint, 12);
      expect(epoch.qOnset).toBe(0);
      expect(epoch.needsVisualCheck).toBe(true);
      expect(epoch.preEjectionPeriod).toMatchObject({ source: "candidate", checked: false });
      expect(epoch.preEjectionPeriod.preEjectionPeriod).toBe(epoch.bPoint);
    }
  });

  test("with the ECG the period runs from the Q onset", () => {
    const [epoch] = impedanceEnsembles(dZdt, { ...options, ecg });
    expect(Math.abs(epoch.qOnset + 25)).toBeLessThanOrEqual(2);
    expect(epoch.preEjectionPeriod.preEjectionPeriod).toBeCloseTo(epoch.bPoint - epoch.qOnset, 12);
  });

  test("beats with missing samples are left out, and too few of them give no marks", () => {
    const holed = dZdt.slice().fill(Number.NaN, 2_000, 52_000);
    const [first, second] = impedanceEnsembles(holed, options);
    expect(first.nBeats).toBeLessThan(15);
    expect(first.bPoint).toBeNaN();
    expect(first.preEjectionPeriod.preEjectionPeriod).toBeNaN();
    expect(second.bPoint).not.toBeNaN();
  });

  test("a signal without a systolic wave has no marks; epochs last 30 to 60 s", () => {
    const rising = Float64Array.from({ length: 60_000 }, (_, n) => n % 800);
    const [epoch] = impedanceEnsembles(rising, {
      ...options,
      beatTimes: Array.from({ length: 74 }, (_, k) => 0.8 * (k + 1)),
    });
    expect(epoch.zPoint).toBeNaN();
    expect(epoch.xPoint).toBeNaN();
    expect(() => impedanceEnsembles(dZdt, { ...options, epochSeconds: 10 })).toThrow(OptionError);
    expect(() => impedanceEnsembles(dZdt, { ...options, samplingRate: 100 })).toThrow(OptionError);
  });
});

test("imported periods keep their order in time, and slips of unit or placeholders become missing", () => {
  const rows = [
    { startTime: 60, preEjectionPeriod: 0.104 },
    { startTime: 0, preEjectionPeriod: 104 },
    { startTime: 30, preEjectionPeriod: 999 },
  ];
  const found = importPreEjectionPeriods(rows, { epochSeconds: 30 });
  expect(found.map(({ preEjectionPeriod }) => preEjectionPeriod)).toEqual([104, Number.NaN, Number.NaN]);
  expect(found[0]).toMatchObject({ startTime: 0, epochSeconds: 30, source: "imported", checked: true });
});
