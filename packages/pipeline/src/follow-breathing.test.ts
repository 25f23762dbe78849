import { counterRandom, findBreaths, normal, OptionError, respirationEpochs, rsaBand } from "@attune/core";
import type { ClockOffset, HeartOutput, Respiration, Role, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutSamples, outputs } from "./example-data.test-support.ts";
import { beltChunk, beltOf, dyad, dyadHearts, runHearts } from "./example-hearts.test-support.ts";
import { followBreathing } from "./follow-breathing.ts";

const run = (inputs: readonly (SampleChunk | ClockOffset)[], role: Role, rate = 50): Respiration[] =>
  outputs(inputs, followBreathing(beltOf(role, role, rate)));
const isRespiration = (item: HeartOutput): item is Respiration => item.kind === "respiration";

describe("followBreathing", () => {
  test.each([
    ["adult", 0.25, 50],
    ["adult", 0.1, 250],
    ["adult", 0.55, 50],
    ["child", 0.4, 10],
    ["infant", 0.6, 500],
    ["infant", 1.3, 25],
    ["infant", 0.2, 12],
  ] as const)("the rate of a belt, and whether it leaves the band: %s at %d Hz", (role, hertz, rate) => {
    const { low, high } = rsaBand(role);
    const all = run([beltChunk(role, rate, 120, () => hertz)], role, rate);
    expect(all.map(({ at }) => at)).toEqual(Array.from({ length: 119 }, (_, k) => k + 1));
    expect(all[0]).toMatchObject({ rate: Number.NaN, depth: Number.NaN, outsideBand: false });
    for (const { at, rate: found, depth, outsideBand, coverage, windowSeconds } of all) {
      expect(coverage).toBeCloseTo(Math.min(1, at / windowSeconds), 10);
      if (at < 1.2 * windowSeconds) continue;
      expect(Math.abs(found / hertz - 1), `${found} Hz at ${at} s`).toBeLessThan(0.06);
      expect(depth).toBeGreaterThan(1.1);
      expect(depth).toBeLessThan(2.6);
      expect(outsideBand).toBe(hertz < low || hertz > high);
    }
  });

  test("breathing that leaves the band and comes back is flagged for as long as the median of the window is outside", () => {
    const seconds = 300;
    const all = run(
      [beltChunk("infant", 50, seconds, (at) => (at >= 100 && at < 200 ? 1.3 : 0.6))],
      "infant",
    );
    const flagged = all.filter(({ outsideBand }) => outsideBand).map(({ at }) => at);
    expect(flagged[0]).toBeGreaterThan(104);
    expect(flagged[0]).toBeLessThan(113);
    expect(flagged.at(-1)).toBeGreaterThan(208);
    expect(flagged.at(-1)).toBeLessThan(222);
    expect(flagged.length).toBe(flagged.at(-1)! - flagged[0]! + 1);
  });

  test("it is what the offline kernels make of the belt up to each second, to the bit", () => {
    const seconds = 150;
    const chunk = beltChunk("adult", 50, seconds, (at) => 0.2 + 0.08 * Math.sin(at / 9));
    chunk.data.fill(Number.NaN, 3000, 3100);
    const all = run([chunk], "adult");
    expect(all.length).toBe(seconds - 1);
    expect(all.filter(({ rate }) => !Number.isNaN(rate)).length).toBeGreaterThan(100);
    // The belt as the offline analysis reads it: means of 50 ms.
    const bins = Array.from({ length: 20 * seconds }, (_, bin) => {
      const inside = [...chunk.data].filter(
        (value, n) => Math.floor((n / 50) * 20) === bin && !Number.isNaN(value),
      );
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    });
    for (const { at, nBreaths, rate, depth, outsideBand, windowSeconds, coverage } of all) {
      const breaths = findBreaths(bins.slice(0, 20 * at), { samplingRate: 20, population: "adult" });
      const [epoch] = respirationEpochs(breaths, {
        epochSeconds: windowSeconds,
        startTime: at - windowSeconds,
        nEpochs: 1,
        band: rsaBand("adult"),
      });
      expect(nBreaths).toBe(epoch!.nBreaths);
      if (coverage >= 0.8)
        expect({ rate, outsideBand }).toEqual({ rate: epoch!.rate, outsideBand: epoch!.outsideBand });
      else expect({ rate, outsideBand }).toEqual({ rate: Number.NaN, outsideBand: false });
      if (!Number.isNaN(rate)) expect(depth).toBe(epoch!.depth);
    }
  });

  test("any cut of the belt gives the same, with samples missing and stamps that step back", () => {
    const whole = beltChunk("infant", 50, 120, () => 0.7);
    whole.data.fill(Number.NaN, 2000, 2150);
    const time = whole.sessionTime!.slice();
    time[900] = time[880]!;
    for (let n = 4000; n < time.length; n++) time[n]! += 7.3;
    for (let n = 5500; n < time.length; n++) time[n]! += 40;
    const chunk = { ...whole, sessionTime: time };
    const expected = run([chunk], "infant");
    expect(expected.length).toBeGreaterThan(110);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 1, maxLength: 8 }), (cuts) => {
        expect(run(cutSamples(chunk, cuts), "infant")).toEqual(expected);
      }),
      { numRuns: 25 },
    );
    expect(run(cutSamples(chunk, [1]), "infant")).toEqual(expected);
  });

  test("a belt that is lost says nothing about the rate until enough of the window is known again", () => {
    const seconds = 200;
    const belt = beltChunk("infant", 50, seconds, () => 0.6);
    const [before, lost, after] = cutSamples(belt, [100 * 50, 12 * 50, seconds * 50]);
    expect(lost!.nSamples).toBe(600);
    const all = run([before!, after!], "infant");
    const unknown = all.filter(({ at, rate }) => at > 25 && Number.isNaN(rate)).map(({ at }) => at);
    expect(unknown[0]).toBeGreaterThan(100);
    expect(unknown[0]).toBeLessThan(107);
    expect(unknown.at(-1)).toBeLessThan(131);
    expect(unknown.length).toBe(unknown.at(-1)! - unknown[0]! + 1);
    for (const { at, rate } of all) if (at > 131) expect(Math.abs(rate - 0.6)).toBeLessThan(0.03);
  });

  test("on a clock that drifts and jitters, known by its stamps and offsets only, the rate is that of the session clock", () => {
    const draw = normal(counterRandom("jitter"));
    const ppm = 5e-3;
    const rate = 50;
    const seconds = 150;
    const belt = beltChunk("adult", rate, seconds, () => 0.25);
    const inputs = cutSamples(belt, [25]).flatMap((piece): (SampleChunk | ClockOffset)[] => {
      const stamp = (at: number) => at * (1 + ppm) - 700;
      const { sessionTime, ...rest } = piece;
      const first = sessionTime![0]!;
      const offset = {
        kind: "clock-offset",
        streamId: piece.streamId,
        collectedAt: stamp(first),
        offset: first - stamp(first),
      } as const;
      const deviceTime = sessionTime!.map((at) => stamp(at) + 0.002 * draw());
      return piece.firstSample % 250 === 0 ? [offset, { ...rest, deviceTime }] : [{ ...rest, deviceTime }];
    });
    const all = run(inputs, "adult", rate * (1 - ppm));
    const settled = all.filter(({ at }) => at > 60);
    expect(settled.length).toBeGreaterThan(80);
    for (const { rate: found } of settled) expect(Math.abs(found - 0.25)).toBeLessThan(0.01);
  });

  test("beside two hearts it changes nothing of theirs; a belt alone is enough", () => {
    const hearts = dyad(60);
    const belts = [beltChunk("adult", 50, 60, () => 0.22), beltChunk("infant", 25, 60, () => 0.6)];
    const given = { ...dyadHearts, belts: [beltOf("adult", "adult", 50), beltOf("infant", "infant", 25)] };
    const all = runHearts([...hearts, ...belts], given);
    expect(all.filter((item) => !isRespiration(item))).toEqual(runHearts(hearts));
    expect(all.filter(isRespiration)).toEqual([
      ...run([belts[0]!], "adult"),
      ...run([belts[1]!], "infant", 25),
    ]);
    const alone = runHearts(belts, { ...given, people: [] });
    expect(alone).toEqual(all.filter(isRespiration));
  });

  test("a belt that is too slow is refused", () => {
    const slow: SampleChunk = beltChunk("adult", 4, 60, () => 0.2);
    expect(() => run([slow], "adult", 4)).toThrow(OptionError);
  });
});
