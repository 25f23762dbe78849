import { expect, test } from "vitest";
import { SimulatedHeart } from "./ecg.ts";

const heart = () =>
  new SimulatedHeart({
    shape: "adult",
    beatsPerMinute: 120,
    breathsUntil: (seconds) => (27 / 60) * seconds,
    respiratorySinusArrhythmia: 6,
  });

test("the largest deflection of every beat is its R peak, at the time that the truth says", () => {
  const ecg = heart();
  const beats = ecg.beatsUntil(30).filter((at) => at < 29.5);
  expect(beats.length).toBeGreaterThan(55);
  for (const peak of beats) {
    let highest = 0;
    for (let offset = -200; offset <= 200; offset++)
      if (ecg.at(peak + offset / 1000) > ecg.at(peak + highest / 1000)) highest = offset;
    expect(Math.abs(highest)).toBeLessThanOrEqual(1);
    expect(ecg.at(peak)).toBeGreaterThan(0.9);
  }
});

test("the rate goes up and down with breathing, by as much as asked for", () => {
  const beats = heart().beatsUntil(120);
  const rates = beats.slice(1).map((at, i) => 60 / (at - beats[i]!));
  expect(Math.max(...rates)).toBeGreaterThan(125);
  expect(Math.max(...rates)).toBeLessThanOrEqual(126.001);
  expect(Math.min(...rates)).toBeLessThan(115);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(113.999);
});

test("reading it in any order gives the same electrocardiogram", () => {
  const forwards = heart();
  const first = Array.from({ length: 2000 }, (_, n) => forwards.at(n / 200));
  const late = heart();
  late.beatsUntil(20);
  expect(Array.from({ length: 2000 }, (_, n) => late.at(n / 200))).toEqual(first);
});
