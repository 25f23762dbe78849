import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CausalClock } from "./causal-clock.ts";

const RATE = 250;

/** Delay with a long tail, mean 4 ms; the same for every sample of a packet of 10, as over a network. Deterministic. */
function delayOf(k: number): number {
  let h = Math.imul(Math.floor(k / 10) + 1, 0x9e3779b1) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) >>> 0;
  h = (h ^ (h >>> 13)) >>> 0;
  const u = (h + 1) / 4294967297;
  const v = ((Math.imul(h, 0xc2b2ae35) >>> 0) + 1) / 4294967297;
  return -0.002 * Math.log(u * v);
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Largest deviation of unflagged times from the truth, up to a constant; and the flagged samples. */
function judge(
  time: Float64Array,
  flags: Uint8Array,
  truth: Float64Array,
): { worst: number; doubtful: number[] } {
  const errors: number[] = [];
  const doubtful: number[] = [];
  time.forEach((t, k) => {
    if (flags[k] === 0) errors.push(t - truth[k]!);
    else doubtful.push(k);
  });
  const middle = median(errors);
  return { worst: errors.reduce((max, e) => Math.max(max, Math.abs(e - middle)), 0), doubtful };
}

function run(
  stamps: Float64Array,
  offsets: [number, number][],
  chunk = 50,
): { time: Float64Array; flags: Uint8Array } {
  const clock = new CausalClock({ nominalSamplingRate: RATE });
  const time = new Float64Array(stamps.length);
  const flags = new Uint8Array(stamps.length);
  let next = 0;
  for (let k = 0; k < stamps.length; k += chunk) {
    const n = Math.min(chunk, stamps.length - k);
    while (next < offsets.length && offsets[next]![0] <= stamps[k + n - 1]!)
      clock.addOffset(...offsets[next++]!);
    clock.push(stamps.subarray(k, k + n), n, time.subarray(k, k + n), flags.subarray(k, k + n));
  }
  return { time, flags };
}

/** 60 s; device clock 500 s behind and 60 ppm slow; offsets every 5 s, the first before the first sample. */
function session(
  lost = 0,
  at = 7500,
): { stamps: Float64Array; truth: Float64Array; offsets: [number, number][] } {
  const truth = Float64Array.from({ length: 15_000 }, (_, k) => 600 + k / RATE + (k >= at ? lost : 0));
  const device = (t: number): number => (t - 600) * (1 - 60e-6) + 100;
  const stamps = truth.map((t, k) => device(t + delayOf(k)));
  const offsets = Array.from({ length: 14 }, (_, i): [number, number] => {
    const t = 599 + 5 * i;
    return [device(t), t - device(t) + (i % 3) * 2e-5];
  });
  return { stamps, truth, offsets };
}

describe("CausalClock", () => {
  test("stays within 2 ms of the truth under drift and heavy-tailed delay, and settles in 2 s", () => {
    const { stamps, truth, offsets } = session();
    const { time, flags } = run(stamps, offsets);
    const { worst, doubtful } = judge(time, flags, truth);
    expect(worst).toBeLessThan(2e-3);
    expect(doubtful.slice(0, 2 * RATE)).toEqual(Array.from({ length: 2 * RATE }, (_, k) => k));
    // A packet that is later than 20 ms raises a short doubt.
    expect(doubtful.length - 2 * RATE).toBeLessThan(0.02 * stamps.length);
  });

  test.each([0.06, 0.12, 0.5, 3])(
    "a loss of %f s becomes a jump of that size after about a second of doubt",
    (lost) => {
      const { stamps, truth, offsets } = session(lost);
      const { time, flags } = run(stamps, offsets);
      const { worst, doubtful } = judge(time, flags, truth);
      expect(worst).toBeLessThan(2.5e-3);
      const late = doubtful.filter((k) => k >= 7500 && k < 7500 + 4 * RATE);
      expect(late[0]).toBe(7500);
      expect(late.length).toBeGreaterThanOrEqual(RATE);
      expect(late.length).toBeLessThan(2.2 * RATE);
      const jumps = Array.from(time.subarray(1), (t, k) => t - time[k]! - 1 / RATE).filter((dt) => dt > 0.02);
      expect(jumps).toHaveLength(1);
      expect(Math.abs(jumps[0]! - lost)).toBeLessThan(4e-3);
    },
  );

  test.each([0.1, 0.6, 1.5])("a stall of %f s in which nothing is lost moves nothing", (stall) => {
    const { stamps, truth, offsets } = session();
    for (let k = 7500; k < stamps.length; k++) stamps[k] = Math.max(stamps[k]!, stamps[7499]! + stall);
    const { time, flags } = run(stamps, offsets);
    const { worst, doubtful } = judge(time, flags, truth);
    expect(worst).toBeLessThan(2.5e-3);
    expect(doubtful.filter((k) => k >= 2 * RATE).length).toBeLessThan((1 + 2 * stall) * RATE);
    for (let k = 2 * RATE; k < time.length; k++) expect(time[k]! - time[k - 1]!).toBeLessThan(0.01);
  });

  test("one bad offset changes nothing; two that agree are a reset and make a jump", () => {
    const { stamps, truth, offsets } = session();
    const bad = offsets.map(([t, v], i): [number, number] => [t, i === 6 ? v + 0.4 : v]);
    const one = run(stamps, bad);
    expect(judge(one.time, one.flags, truth).worst).toBeLessThan(2e-3);
    const reset = offsets.map(([t, v], i): [number, number] => [t, i >= 6 ? v + 0.4 : v]);
    const { time } = run(stamps, reset);
    const jumps = Array.from(time.subarray(1), (t, k) => t - time[k]! - 1 / RATE).filter((dt) => dt > 0.1);
    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeCloseTo(0.4, 2);
  });

  test("a small change of the offset is slewed in, not jumped", () => {
    const { stamps, offsets } = session();
    const moved = offsets.map(([t, v], i): [number, number] => [t, i >= 1 ? v + 0.03 : v]);
    const { time, flags } = run(stamps, moved);
    for (let k = 2 * RATE; k < time.length; k++)
      if (flags[k] === 0) expect(Math.abs(time[k]! - time[k - 1]! - 1 / RATE)).toBeLessThan(1e-3);
  });

  test("a restart of the stream's computer is bridged in doubt and then follows the new offsets", () => {
    const { stamps, truth, offsets } = session();
    const restarted = stamps.map((t, k) => (k >= 7500 ? t - 90 : t));
    const restart = stamps[7500]!;
    const after = offsets.map(([t, v]): [number, number] => (t >= restart ? [t - 90, v + 90] : [t, v]));
    const clock = new CausalClock({ nominalSamplingRate: RATE });
    const time = new Float64Array(stamps.length);
    const flags = new Uint8Array(stamps.length);
    let next = 0;
    for (let k = 0; k < stamps.length; k += 50) {
      while (next < offsets.length && offsets[next]![0] <= stamps[k + 49]!)
        clock.addOffset(...after[next++]!);
      clock.push(restarted.subarray(k, k + 50), 50, time.subarray(k, k + 50), flags.subarray(k, k + 50));
    }
    const { worst, doubtful } = judge(time, flags, truth);
    expect(worst).toBeLessThan(3e-3);
    expect(doubtful.filter((k) => k > 2 * RATE).length).toBeLessThan(7 * RATE);
  });

  test("any cut into chunks gives the same bits", () => {
    const { stamps, offsets } = session(0.12);
    const whole = run(stamps, offsets, stamps.length);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 997 }), (chunk) => {
        const cut = run(stamps, offsets, chunk);
        expect(cut.time).toEqual(whole.time);
        expect(cut.flags).toEqual(whole.flags);
      }),
      { numRuns: 12 },
    );
  });

  test("time never runs backward, whatever the stamps are", () => {
    const stamp = fc.oneof(
      fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      fc.constant(Number.NaN),
      fc.double({ min: 0, max: 20, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(stamp, { maxLength: 800 }), fc.constantFrom(0, 20, 250), (values, rate) => {
        const clock = new CausalClock({ nominalSamplingRate: rate });
        clock.addOffset(-1e9, 3);
        const time = new Float64Array(values.length);
        const flags = new Uint8Array(values.length);
        clock.push(Float64Array.from(values), values.length, time, flags);
        let last = Number.NEGATIVE_INFINITY;
        time.forEach((t, k) => {
          if (Number.isNaN(t)) expect(flags[k]).toBe(1);
          else {
            expect(t).toBeGreaterThanOrEqual(last);
            last = t;
          }
        });
      }),
    );
  });

  test("a loss that the device counted moves time at once and leaves nothing in doubt", () => {
    const rate = 250;
    const clock = new CausalClock({ nominalSamplingRate: rate });
    clock.addOffset(0, 0);
    const lost = 60;
    const before = Float64Array.from({ length: 10 * rate }, (_, k) => k / rate);
    const after = Float64Array.from({ length: 2 * rate }, (_, k) => (before.length + lost + k) / rate);
    const time = new Float64Array(before.length);
    const flags = new Uint8Array(before.length);
    clock.push(before, before.length, time, flags);
    clock.skip(lost);
    clock.push(after, after.length, time, flags);
    for (let k = 0; k < after.length; k++) {
      expect(flags[k]).toBe(0);
      expect(Math.abs(time[k] - after[k])).toBeLessThan(1e-6);
    }
  });

  test("before the first offset there is no time, and that is flagged", () => {
    const clock = new CausalClock({ nominalSamplingRate: RATE });
    const time = new Float64Array(3);
    const flags = new Uint8Array(3);
    clock.push(Float64Array.of(1, 1.004, 1.008), 3, time, flags);
    expect(time.every(Number.isNaN)).toBe(true);
    expect([...flags]).toEqual([1, 1, 1]);
  });
});
