import type { AlignedChunk, ClockOffset, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { align } from "./align.ts";
import { alignedBits, cutSamples, joinAligned, noise, outputs } from "./example-data.test-support.ts";
import { reasonsOf } from "./reasons.ts";

interface Device {
  readonly rate: number;
  /** Device seconds per session second, minus one. */
  readonly drift?: number;
  readonly start?: number;
  readonly signal?: (sessionTime: number, channel: number) => number;
  readonly known?: boolean;
}

/** Two channels of a device between two of its own sample counters. */
function record(device: Device, firstSample: number, nSamples: number): SampleChunk {
  const { rate, drift = 0, start = 0, signal = (t, c) => Math.sin(20 * t + c), known = true } = device;
  const deviceTime = Float64Array.from({ length: nSamples }, (_, n) => (firstSample + n) / rate);
  const sessionTime = deviceTime.map((time) => start + time / (1 + drift));
  const data = new Float64Array(2 * nSamples);
  for (let c = 0; c < 2; c++)
    for (let n = 0; n < nSamples; n++) data[c * nSamples + n] = signal(sessionTime[n]!, c);
  const chunk: SampleChunk = { kind: "samples", streamId: "cap", firstSample, nSamples, data, deviceTime };
  return known ? { ...chunk, sessionTime } : chunk;
}

const alignTo200 = (rate: number, person = "adult") =>
  align({ person, nChannels: 2, nominalSamplingRate: rate, gridRate: 200 });
const aligned = (inputs: (SampleChunk | ClockOffset)[], rate: number) =>
  joinAligned(outputs(inputs, alignTo200(rate)));

/** Reasons between two session times, once each. */
function reasonsBetween(chunk: AlignedChunk, from: number, to: number): string[] {
  let seen = 0;
  for (let k = 0; k < chunk.nSamples; k++) {
    const time = (chunk.firstIndex + k) / chunk.samplingRate;
    if (time >= from && time < to) seen |= chunk.mask[k]!;
  }
  return reasonsOf(seen);
}

describe("align", () => {
  test("a sample of the grid lies at its index over the rate on the session clock", () => {
    const out = aligned([record({ rate: 250, start: 3.3 }, 0, 1000)], 250);
    expect(out.firstIndex).toBe(660);
    for (let k = 0; k < out.nSamples; k++) {
      if (out.mask[k] !== 0) continue;
      expect(out.data[k]).toBeCloseTo(Math.sin((20 * (out.firstIndex + k)) / 200), 4);
    }
    expect(out.mask.filter((bits) => bits === 0).length).toBeGreaterThan(700);
  });

  test("two people whose clocks drift apart end up on one grid: a common 7 Hz rhythm keeps its phase", () => {
    const rhythm = (t: number) => 20 * Math.sin(2 * Math.PI * 7 * t);
    const adult = aligned([record({ rate: 500, drift: 8e-5, signal: rhythm }, 0, 500 * 60)], 500);
    const infant = aligned(
      [record({ rate: 250, drift: -9e-5, start: 0.0137, signal: rhythm }, 0, 250 * 60)],
      250,
    );
    const phaseAt = (chunk: AlignedChunk, from: number): number => {
      let [re, im] = [0, 0];
      for (let k = from; k < from + 200; k++) {
        const value = chunk.data[k - chunk.firstIndex]!;
        re += value * Math.sin((2 * Math.PI * 7 * k) / 200);
        im += value * Math.cos((2 * Math.PI * 7 * k) / 200);
      }
      return Math.atan2(im, re);
    };
    for (const from of [200, 5000, 11_000]) {
      expect(Math.abs(phaseAt(adult, from))).toBeLessThan(1e-3);
      expect(Math.abs(phaseAt(adult, from) - phaseAt(infant, from))).toBeLessThan(1e-3);
    }
  });

  test("nothing is interpolated across lost samples: they are a gap, and the grid runs on", () => {
    const device = { rate: 250 };
    const out = aligned([record(device, 0, 500), record(device, 550, 450)], 250);
    expect(out.nSamples).toBe(800);
    expect(reasonsBetween(out, 2, 2.2)).toEqual(["gap"]);
    expect(reasonsBetween(out, 0.5, 1.5)).toEqual([]);
    expect(reasonsBetween(out, 2.6, 3.5)).toEqual([]);
    for (let k = 400; k < 440; k++) expect(out.data[k]).toBeNaN();
  });

  test("a single lost sample is a gap too", () => {
    const out = aligned([record({ rate: 250 }, 0, 500), record({ rate: 250 }, 501, 499)], 250);
    expect(reasonsBetween(out, 1.99, 2.01)).toEqual(["gap"]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a value of %d is missing with its reason, and never a number",
    (value) => {
      const chunk = record({ rate: 250 }, 0, 1000);
      chunk.data[1000 + 500] = value;
      const out = aligned([chunk], 250);
      expect(reasonsBetween(out, 1.95, 2.05)).toEqual(["not-a-number"]);
      expect(reasonsBetween(out, 1, 1.7)).toEqual([]);
      for (let k = 0; k < out.nSamples; k++) {
        const second = out.data[out.nSamples + k]!;
        expect(Number.isFinite(second) || Number.isNaN(second)).toBe(true);
        if (out.mask[k] === 0) expect(Number.isFinite(second)).toBe(true);
      }
      expect(out.data[out.nSamples + 400]).toBeNaN();
    },
  );

  test("before the first clock offset there is no time, then the clock settles, then samples are good", () => {
    const device = { rate: 250, start: 100, known: false };
    const offset: ClockOffset = { kind: "clock-offset", streamId: "cap", collectedAt: 1, offset: 100 };
    const out = aligned([record(device, 0, 250), offset, record(device, 250, 1250)], 250);
    expect(out.firstIndex / 200).toBeCloseTo(101.25, 1);
    expect(reasonsBetween(out, 101.6, 101.8)).toEqual(["clock"]);
    expect(reasonsBetween(out, 103, 105)).toEqual([]);
  });

  test("where the clock is estimated, a counted loss is a gap at once and leaves no doubt behind", () => {
    const device = { rate: 250, start: 100, known: false };
    const offset: ClockOffset = { kind: "clock-offset", streamId: "cap", collectedAt: 0, offset: 100 };
    const out = aligned([offset, record(device, 0, 1250), record(device, 1350, 1250)], 250);
    expect(reasonsBetween(out, 103, 104.8)).toEqual([]);
    expect(reasonsBetween(out, 104.95, 105.45)).toEqual(["gap"]);
    expect(reasonsBetween(out, 105.6, 110)).toEqual([]);
    expect((out.firstIndex + out.nSamples) / 200).toBeCloseTo(110.4, 1);
  });

  test("time that does not advance places no sample", () => {
    const chunk = record({ rate: 250 }, 0, 1000);
    chunk.sessionTime!.fill(2, 500, 520);
    const out = aligned([chunk], 250);
    expect(reasonsBetween(out, 2.01, 2.07)).toEqual(["gap"]);
    expect(reasonsBetween(out, 2.3, 3.5)).toEqual([]);
  });

  test("what waits for later samples comes out at the end, marked", () => {
    const chunk = record({ rate: 250 }, 0, 500);
    const out = aligned([chunk], 250);
    expect(out.nSamples).toBe(400);
    expect(reasonsBetween(out, 1.9, 2)).toEqual(["gap"]);
  });

  test("the input is not written to", () => {
    const chunk = record({ rate: 250 }, 0, 400);
    chunk.data[7] = Number.NaN;
    const [data, time] = [chunk.data.slice(), chunk.sessionTime!.slice()];
    aligned([chunk], 250);
    expect(chunk.data).toEqual(data);
    expect(chunk.sessionTime).toEqual(time);
  });

  const pieceLengths = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })), { maxLength: 6 });
  /** Samples with holes in the counter, missing values and values beyond number. */
  const damagedRecording = fc.record({
    parts: fc.array(
      fc.record({ lost: fc.integer({ min: 0, max: 30 }), nSamples: fc.integer({ min: 1, max: 200 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    missing: fc.array(fc.nat(1999), { maxLength: 6 }),
    rate: fc.constantFrom(200, 250, 500),
    drift: fc.constantFrom(0, 1e-4),
    cuts: pieceLengths,
  });
  type Damaged = typeof damagedRecording extends fc.Arbitrary<infer T> ? T : never;

  function damagedParts({ parts, missing, rate, drift }: Damaged, known: boolean): SampleChunk[] {
    let next = 0;
    return parts.map(({ lost, nSamples }) => {
      const first = next + lost;
      next = first + nSamples;
      const chunk = record(
        { rate, drift, known, signal: (t, c) => 10 * Math.sin(31 * t * (c + 1)) },
        first,
        nSamples,
      );
      for (const at of missing) {
        const n = at - first;
        if (n >= 0 && n < nSamples) chunk.data[(at % 2) * nSamples + n] = Number.NaN;
      }
      return chunk;
    });
  }

  test("any chunking gives the same bits, with gaps and missing values close to each other", () => {
    fc.assert(
      fc.property(damagedRecording, (damaged) => {
        const parts = damagedParts(damaged, true);
        const whole = outputs(parts, alignTo200(damaged.rate));
        const pieces = outputs(
          parts.flatMap((chunk) => cutSamples(chunk, damaged.cuts)),
          alignTo200(damaged.rate),
        );
        expect(pieces.length > 0).toBe(whole.length > 0);
        if (whole.length > 0)
          expect(alignedBits(joinAligned(pieces))).toEqual(alignedBits(joinAligned(whole)));
      }),
    );
  });

  test("any chunking gives the same bits where the clock is estimated and in doubt", () => {
    const jitter = noise(5000, "jitter");
    const offsets: ClockOffset[] = [0, 5, 9].map((collectedAt, i) => ({
      kind: "clock-offset",
      streamId: "cap",
      collectedAt,
      offset: 50 + (i === 2 ? 0.2 : 0.0001 * i),
    }));
    const parts = [
      record({ rate: 250, known: false }, 0, 1500),
      record({ rate: 250, known: false }, 1600, 2400),
    ];
    for (const { deviceTime, firstSample } of parts)
      deviceTime.forEach((time, n) => {
        deviceTime[n] = time + 0.001 * jitter[firstSample + n]!;
      });
    parts[1]!.data[300] = Number.NaN;
    const whole = joinAligned(outputs([...offsets, ...parts], alignTo200(250)));
    expect(whole.mask.some((bits) => reasonsOf(bits).includes("clock"))).toBe(true);
    fc.assert(
      fc.property(pieceLengths, (cuts) => {
        const pieces = parts.flatMap((chunk) => cutSamples(chunk, cuts));
        expect(alignedBits(joinAligned(outputs([...offsets, ...pieces], alignTo200(250))))).toEqual(
          alignedBits(whole),
        );
      }),
      { numRuns: 25 },
    );
  });
});
