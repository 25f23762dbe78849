import { windowedCrossCorrelation, windowedCrqa } from "@attune/core";
import { expect, test } from "vitest";
import { describeCrqa, describeLags } from "./descriptions.ts";
import { exploratoryMeasures } from "./measures.ts";

/** A slow wander in which the second follows the first by 3 s. */
const wander = (shift: number): Float64Array =>
  Float64Array.from({ length: 600 }, (_, t) => {
    const at = t - shift;
    return Math.sin(at / 3.1) + Math.sin(at / 5.3 + 1) + Math.sin(at / 7.7 + 2);
  });
const [first, second] = [wander(0), wander(3)];

test("Boker's peak and the largest value of each window stand beside each other, with who leads", () => {
  const lags = { samplingRate: 1, windowSeconds: 30, stepSeconds: 10, maxLagSeconds: 8 };
  const rows = describeLags(windowedCrossCorrelation(first, second, lags));
  const of = (name: string) => rows.find((each) => each.name === name)!.value;
  expect(of("largest: median lag")).toBe(3);
  expect(of("largest: first leads")).toBeGreaterThan(0.9);
  expect(of("peak: first leads") + of("peak: second leads") + of("peak: together")).toBeCloseTo(1, 12);
  expect(of("peak: windows")).toBeLessThanOrEqual(of("largest: windows"));
  expect(of("peak: mean r")).toBeGreaterThan(0.9);
});

test("the recurrence plot gives all of its numbers, and its profile peaks where the first leads", () => {
  // A plain wander recurs at every lag near 3 s; a little of what no lag explains makes one stand out.
  const own = Float64Array.from({ length: 603 }, (_, t) => Math.sin(t * t) + (wander(0)[t] ?? 0) / 3);
  const follower = own.map((_, t) => own[t - 3] ?? 0);
  const rows = describeCrqa(
    windowedCrqa(own, follower, { samplingRate: 1, windowSeconds: 240, radius: 0.8 }),
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "REC",
    "DET",
    "Lmean",
    "Lmax",
    "ENTR",
    "LAM",
    "TT",
    "LAM horizontal",
    "TT horizontal",
    "profile peak",
    "profile lag",
  ]);
  expect(rows.at(-1)!.value).toBe(3);
  expect(rows.every(({ value }) => Number.isFinite(value))).toBe(true);
});

test("absolute measures carry their sign beside them", () => {
  const against = second.map((value) => -value);
  for (const id of ["ibi-correlation", "rsa-correlation", "ibi-ccf", "ibi-ccf-prewhitened"]) {
    const measure = exploratoryMeasures.find((each) => each.id === id)!;
    const [signed] = measure.describe!(first, id.endsWith("correlation") ? first.map((x) => -x) : against);
    expect(signed!.value, id).toBeLessThan(0);
    expect(measure.statistic(first, id.endsWith("correlation") ? first.map((x) => -x) : against)).toBeCloseTo(
      -signed!.value,
      12,
    );
  }
  const susy = exploratoryMeasures.find(({ id }) => id === "ibi-susy")!.describe!(first, second);
  expect(susy.map(({ name }) => name)).toContain("Z signed");
});
