import { mulberry32 } from "@attune/core";
import { describe, expect, test } from "vitest";
import { drawPseudoEvents } from "./pseudo-events.ts";
import { PEOPLE, RATE, simulateGaze } from "./simulated-gaze.ts";
import { EpochCutter, epochLayout, windowOf, withoutEvoked } from "./trials.ts";

const { records, session } = simulateGaze({ seed: 1, nEvents: 4 });

describe("epochs around an event", () => {
  test("45 windows of 300 ms every 50 ms, centred from -0.85 to 1.35 s", () => {
    const layout = epochLayout(200);
    expect([layout.nSamples, layout.nBefore, layout.nWindowSamples]).toEqual([500, 200, 60]);
    expect(layout.times).toHaveLength(45);
    expect([layout.times[0], layout.times[17], layout.times[44]]).toEqual([-0.85, 0, 1.35]);
    expect(epochLayout(250).times).toHaveLength(45);
  });

  test("the event is the sample after the one second before it", () => {
    const cutter = new EpochCutter(session, records, false);
    const epoch = cutter.cut(7.25)!;
    const at = Math.round(7.25 * RATE);
    for (const [channel, record, row] of [
      [0, 0, 0],
      [3, 1, 1],
    ] as const) {
      const { data, nSamples } = records[record]!;
      expect(epoch[channel * 500 + 200]).toBe(data[row * nSamples + at]);
    }
    expect(windowOf(epoch, 200, 4, cutter.layout).slice(180, 183)).toEqual(
      epoch.slice(3 * 500 + 200, 3 * 500 + 203),
    );
  });

  test("one masked sample or one excursion in either head, or an end of the recording, spoils the epoch", () => {
    const masked = records.map((record, p) => ({ ...record, mask: record.mask.slice().fill(p, 1500, 1501) }));
    const cutter = new EpochCutter(session, masked, false);
    const at = (sample: number) => cutter.cut(sample / RATE) !== undefined;
    expect([at(1200), at(1201), at(1700), at(1701)]).toEqual([true, false, false, true]);
    const large = records.map((record, p) => ({
      ...record,
      data: record.data.slice().fill(1000 * p, 1500, 1501),
    }));
    expect(new EpochCutter(session, large, false).cut(1500 / RATE)).toBeUndefined();
    expect([at(199), at(200), at(records[0]!.nSamples - 300), at(records[0]!.nSamples - 299)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("the span says where epochs fit, also when people begin and end apart", () => {
    const later = records.map((record, p) => ({ ...record, firstIndex: record.firstIndex + 100 * p }));
    const { first, last } = new EpochCutter(session, later, false).span;
    const cutter = new EpochCutter(session, later, false);
    expect(first).toBe(1.5);
    expect(cutter.cut(first)).toBeDefined();
    expect(cutter.cut(first - 1 / RATE)).toBeUndefined();
    expect(cutter.cut(last)).toBeDefined();
    expect(cutter.cut(last + 1 / RATE)).toBeUndefined();
  });

  test("without the evoked mean, trials add up to nothing and keep their differences", () => {
    const trials = [Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 7), Float64Array.of(5, 5, 5)];
    const left = withoutEvoked(trials);
    for (let n = 0; n < 3; n++) {
      expect(left.reduce((sum, trial) => sum + trial[n]!, 0)).toBeCloseTo(0, 12);
      expect(left[1]![n]! - left[0]![n]!).toBeCloseTo(trials[1]![n]! - trials[0]![n]!, 12);
    }
    expect(trials[0]).toEqual(Float64Array.of(1, 2, 3));
  });
});

describe("pseudo-events", () => {
  const cutter = new EpochCutter(session, records, false);
  const anywhere = { event: "any", onsets: [], nUnsteady: 0, isQuiet: () => true };

  test("are refused when the recording has not enough room for them", () => {
    const most = Math.floor((cutter.span.last - cutter.span.first) / 1.5) + 1;
    expect(drawPseudoEvents(cutter, anywhere, most + 1, mulberry32(1))).toBeUndefined();
    expect(drawPseudoEvents(cutter, anywhere, 5, mulberry32(1))).toHaveLength(5);
    expect(drawPseudoEvents(cutter, { ...anywhere, isQuiet: () => false }, 1, mulberry32(1))).toBeUndefined();
  });

  test("lie only at quiet times, at least 1.5 s apart", () => {
    const index = records.map((record) => ({
      ...record,
      data: record.data.map((_, n) => (n % record.nSamples) * 1e-4),
    }));
    const clock = new EpochCutter({ ...session, people: PEOPLE }, index, false);
    const epochs = drawPseudoEvents(
      clock,
      { ...anywhere, isQuiet: (time) => time > 5 && time < 25 },
      6,
      mulberry32(4),
    )!;
    const times = epochs.map((epoch) => epoch[200]! / 1e-4 / RATE).sort((a, b) => a - b);
    expect(times[0]).toBeGreaterThan(5);
    expect(times.at(-1)).toBeLessThan(25);
    times.slice(1).forEach((time, i) => {
      expect(time - times[i]!).toBeGreaterThanOrEqual(1.5 - 1e-9);
    });
  });
});
