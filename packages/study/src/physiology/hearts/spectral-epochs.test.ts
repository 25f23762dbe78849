import { correctInterbeatIntervals } from "@attune/core";
import { expect, test } from "vitest";
import { spectralEpochs } from "./spectral-epochs.ts";

/** Beats whose intervals swing by 40 ms either way around 700 ms, 0.25 times a second. */
const beats = ((): Float64Array => {
  const times = [0];
  while (times.at(-1)! < 305) {
    const t = times.at(-1)!;
    times.push(t + 0.7 + 0.04 * Math.sin(2 * Math.PI * 0.25 * t));
  }
  return Float64Array.from(times);
})();
const time = { start: 2, end: 302, epochSeconds: 30, nEpochs: 10 };

test("an adult's value covers two epochs of 30 s and stands in the first; an infant's covers its own", () => {
  const adult = correctInterbeatIntervals(beats, { population: "adult", method: "none" });
  const two = spectralEpochs(adult, "adult", time, () => false);
  expect(two.seconds).toBe(60);
  expect(Array.from(two.values, Number.isNaN)).toEqual(Array.from({ length: 10 }, (_, k) => k % 2 === 1));
  const own = spectralEpochs(adult, "infant", time, () => false);
  expect(own.seconds).toBe(30);
  expect(own.values.some(Number.isNaN)).toBe(false);
  // The variance of a sine of 40 ms is 800 ms^2; interpolation between beats takes some of it.
  for (const value of two.values.filter((each) => !Number.isNaN(each))) {
    expect(value).toBeGreaterThan(Math.log(800) - 0.35);
    expect(value).toBeLessThan(Math.log(800) + 0.1);
  }
});

test("what covers an epoch that is left out is left out, and long epochs are taken as they are", () => {
  const adult = correctInterbeatIntervals(beats, { population: "adult", method: "none" });
  const without = spectralEpochs(adult, "adult", time, (epoch) => epoch === 3);
  expect(Number.isNaN(without.values[2]!)).toBe(true);
  expect(Number.isNaN(without.values[0]!)).toBe(false);
  const long = spectralEpochs(adult, "adult", { ...time, epochSeconds: 75, nEpochs: 4 }, () => false);
  expect(long.seconds).toBe(75);
  expect(long.values.some(Number.isNaN)).toBe(false);
});
