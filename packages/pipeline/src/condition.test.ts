import { OptionError, settlingSamples } from "@attune/core";
import type { AlignedChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConditionOptions, condition, designSections } from "./condition.ts";
import {
  alignedBits,
  alignedChunk,
  cutAligned,
  joinAligned,
  noise,
  outputs,
} from "./example-data.test-support.ts";
import { reasonBit, reasonsOf } from "./reasons.ts";
import type { FilterSettings } from "./settings.ts";

const noFilter: FilterSettings = { phase: "causal", highPassHz: 0, lowPassHz: 0, order: 2, notchHz: 0 };
const lowPass: FilterSettings = { ...noFilter, lowPassHz: 30, order: 4 };
const options = (filter: FilterSettings, analysisRate = 200): ConditionOptions => ({
  filter,
  gridRate: 200,
  analysisRate,
  nChannels: 2,
});
const conditioned = (chunk: AlignedChunk, given: ConditionOptions) =>
  joinAligned(outputs([chunk], condition(given)));

/** Two channels of a sinusoid on an offset, with a gap at the given samples. */
function rhythm(nSamples: number, hertz: number, { gap = [0, 0], firstIndex = 0 } = {}): AlignedChunk {
  const row = Float64Array.from({ length: nSamples }, (_, n) =>
    n >= gap[0]! && n < gap[1]! ? Number.NaN : 1000 + 10 * Math.sin((2 * Math.PI * hertz * n) / 200),
  );
  const mask = Uint16Array.from(row, (value) => (Number.isNaN(value) ? reasonBit("gap") : 0));
  return alignedChunk("adult", [row, row.map((value) => 2 * value)], { mask, firstIndex });
}

describe("condition", () => {
  test("without a filter and without decimation the samples pass as they are", () => {
    const chunk = rhythm(300, 7, { gap: [100, 120] });
    expect(outputs([chunk], condition(options(noFilter)))).toEqual([chunk]);
  });

  test("a filter that starts on an offset makes no step", () => {
    const out = conditioned(rhythm(1000, 7), options({ ...noFilter, highPassHz: 0.5 }));
    expect(Math.max(...out.data.subarray(0, 1000).map(Math.abs))).toBeLessThan(25);
  });

  test("what leaves before the filter has settled says so", () => {
    const given = options({ ...noFilter, highPassHz: 2 });
    const settling = settlingSamples(designSections(given)!, 0.01);
    const { mask } = conditioned(rhythm(1000, 7), given);
    expect(settling).toBeGreaterThan(50);
    expect(mask.indexOf(0)).toBe(settling);
    expect(reasonsOf(mask[settling - 1]!)).toEqual(["filter-settling"]);
    expect(mask.subarray(settling).every((bits) => bits === 0)).toBe(true);
  });

  test("a gap resets the filter: what follows is what a fresh filter gives", () => {
    const whole = rhythm(1000, 7, { gap: [400, 410] });
    const given = options({ ...lowPass, highPassHz: 1 });
    const [before, gap, after] = cutAligned(whole, [400, 10, 590]) as [
      AlignedChunk,
      AlignedChunk,
      AlignedChunk,
    ];
    const out = cutAligned(conditioned(whole, given), [400, 10, 590]) as (typeof before)[];
    expect(alignedBits(out[0]!)).toEqual(alignedBits(conditioned(before, given)));
    expect(alignedBits(out[2]!)).toEqual(alignedBits(conditioned(after, given)));
    expect(out[1]!.mask).toEqual(gap.mask);
    expect(out[1]!.data.every(Number.isNaN)).toBe(true);
  });

  test("a causal low-pass delays a rhythm, a zero-phase one does not", () => {
    const chunk = rhythm(2000, 10);
    const shiftOf = ({ data }: AlignedChunk): number => {
      let [re, im] = [0, 0];
      for (let n = 600; n < 1400; n++) {
        re += (data[n]! - 1000) * Math.sin((2 * Math.PI * 10 * n) / 200);
        im += (data[n]! - 1000) * Math.cos((2 * Math.PI * 10 * n) / 200);
      }
      return -Math.atan2(im, re);
    };
    expect(shiftOf(conditioned(chunk, options(lowPass)))).toBeGreaterThan(0.5);
    expect(Math.abs(shiftOf(conditioned(chunk, options({ ...lowPass, phase: "zero-phase" }))))).toBeLessThan(
      1e-6,
    );
  });

  test("a causal filter does not know the future", () => {
    const [early, late] = [rhythm(500, 7), rhythm(500, 7)];
    late.data.fill(-77, 400, 500);
    late.data.fill(-77, 900, 1000);
    const [a, b] = [early, late].map((chunk) => conditioned(chunk, options({ ...lowPass, notchHz: 50 }))) as [
      AlignedChunk,
      AlignedChunk,
    ];
    expect(b.data.subarray(0, 400)).toEqual(a.data.subarray(0, 400));
    expect(b.data[450]).not.toBe(a.data[450]);
  });

  test("every channel of every person is delayed alike", () => {
    const out = conditioned(rhythm(600, 12), options({ ...lowPass, highPassHz: 0.5 }));
    for (let n = 300; n < 600; n++) expect(out.data[600 + n]).toBeCloseTo(2 * out.data[n]!, 8);
  });

  test("the notch takes the mains out and leaves the rest", () => {
    const amplitude = (hertz: number): number => {
      const { data } = conditioned(rhythm(2000, hertz), options({ ...noFilter, notchHz: 50 }));
      return Math.max(...data.subarray(1500, 2000).map((value) => Math.abs(value - 1000)));
    };
    expect(amplitude(50)).toBeLessThan(0.05);
    expect(amplitude(10)).toBeGreaterThan(9.5);
  });

  test("samples before the filter stay beside the filtered ones", () => {
    const chunk = rhythm(400, 7, { gap: [100, 130] });
    for (const phase of ["causal", "zero-phase"] as const)
      expect(conditioned(chunk, options({ ...lowPass, phase })).unfiltered).toEqual(chunk.unfiltered);
  });

  test("zero-phase: a stretch too short to be filtered both ways is unusable, and nothing fails", () => {
    const row = noise(60, "short");
    const mask = new Uint16Array(60);
    for (const n of [5, 46]) mask[n] = reasonBit("gap");
    const out = conditioned(
      alignedChunk("adult", [row, row], { mask }),
      options({ ...lowPass, phase: "zero-phase" }),
    );
    expect(reasonsOf(out.mask[0]!)).toEqual(["filter-settling"]);
    expect(reasonsOf(out.mask[20]!)).toEqual([]);
    expect(reasonsOf(out.mask[50]!)).toEqual(["filter-settling"]);
    expect(Array.from(out.data.subarray(0, 60), Number.isNaN)).toEqual(
      Array.from(out.mask, (bits) => bits !== 0),
    );
  });

  test("zero-phase: a stretch is held back until it ends", () => {
    const chunk = rhythm(300, 7, { gap: [200, 210] });
    const given = options({ ...lowPass, phase: "zero-phase" });
    const lengths = outputs(cutAligned(chunk, [50]), condition(given)).map(({ nSamples }) => nSamples);
    expect(lengths).toEqual([200, 10, 90]);
  });

  test("decimation keeps the grid points whose absolute index divides, wherever the stream began", () => {
    for (const firstIndex of [0, 1, 2, 3, 4, 7, -5]) {
      const row = Float64Array.from({ length: 23 }, (_, n) => firstIndex + n);
      const chunk = alignedChunk("adult", [row, row], { firstIndex });
      const out = conditioned(chunk, options(noFilter, 50));
      expect(out.samplingRate).toBe(50);
      expect(Array.from(out.data.subarray(0, out.nSamples))).toEqual(
        [...row].filter((index) => index % 4 === 0),
      );
      expect(out.firstIndex).toBe(Math.ceil(firstIndex / 4) + 0);
    }
  });

  test("chunks in which no grid point is kept do not come out empty", () => {
    const chunk = rhythm(40, 7);
    const out = outputs(cutAligned(chunk, [1]), condition(options(noFilter, 50)));
    expect(out.map(({ nSamples }) => nSamples)).toEqual(new Array(10).fill(1));
  });

  test("an analysis rate that does not divide the grid rate is refused", () => {
    expect(() => condition(options(noFilter, 80))).toThrow(OptionError);
    expect(() => condition(options(noFilter, 400))).toThrow("divides the grid rate");
  });

  const masks = fc.array(fc.record({ usable: fc.boolean(), length: fc.integer({ min: 1, max: 70 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  const filters = fc.constantFrom<FilterSettings>(
    noFilter,
    lowPass,
    { ...noFilter, highPassHz: 1, notchHz: 50 },
    { ...lowPass, phase: "zero-phase" },
    { ...lowPass, phase: "zero-phase", highPassHz: 1, order: 3 },
  );

  test("any chunking gives the same bits, with gaps anywhere", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        masks,
        filters,
        fc.constantFrom(200, 100, 40),
        fc.nat(9),
        cuts,
        (runs, filter, rate, first, drawn) => {
          const mask = Uint16Array.from(
            runs.flatMap(({ usable, length }) =>
              new Array<number>(length).fill(usable ? 0 : reasonBit("gap")),
            ),
          );
          const row = noise(mask.length, "any").map((value, n) => (mask[n] === 0 ? value : Number.NaN));
          const chunk = alignedChunk("adult", [row, row.map((value) => value ** 2)], {
            mask,
            firstIndex: first,
          });
          const whole = outputs([chunk], condition(options(filter, rate)));
          const pieces = outputs(cutAligned(chunk, drawn), condition(options(filter, rate)));
          expect(pieces.length > 0).toBe(whole.length > 0);
          if (whole.length > 0)
            expect(alignedBits(joinAligned(pieces))).toEqual(alignedBits(joinAligned(whole)));
        },
      ),
    );
  });
});
