import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random/index.ts";
import { ArrivalClock } from "./arrival-clock.ts";
import { CausalClock } from "./causal-clock.ts";

const RATE = 250;

interface Arrival {
  /** Number of the last sample of the read. */
  readonly index: number;
  readonly at: number;
}

interface Simulated {
  readonly ppm: number;
  /** When sample 0 was taken, host time. */
  readonly phase: number;
  readonly seed: number;
  readonly stall?: readonly [at: number, seconds: number];
}

/** What reaches the host of reads handed over at `handOver`, when it stands still for 50-350 ms about every 7 s. */
class StallingHost {
  readonly reads: Arrival[] = [];
  readonly #uniform: () => number;
  readonly #stall: readonly [number, number] | undefined;
  #busyUntil = 0;
  #last = -1;
  constructor({ seed, stall, phase }: Simulated) {
    this.#uniform = mulberry32(seed);
    this.#stall = stall && [phase + stall[0], phase + stall[0] + stall[1]];
  }
  handOver(newest: number, at: number): void {
    if (newest <= this.#last) return;
    if (this.#uniform() < 0.016 / 7) this.#busyUntil = at + 0.05 + 0.3 * this.#uniform();
    if (this.#stall && at >= this.#stall[0] && at < this.#stall[1]) this.#busyUntil = this.#stall[1];
    if (at < this.#busyUntil) return;
    const arrived = at + 0.0005 * -Math.log(1 - this.#uniform());
    // After a stall the driver gives its buffer in pieces of 4095 bytes: only the last piece ends in a fresh sample.
    for (let piece = this.#last + 124; piece < newest; piece += 124)
      this.reads.push({ index: piece, at: arrived });
    this.reads.push({ index: newest, at: arrived });
    this.#last = newest;
  }
}

/**
 * Frames of 33 bytes at 250 Hz behind an FTDI adapter: it hands over 62 bytes as soon as it has them, and what there is
 * 16 ms after the last time (FTDI application note AN232B-04).
 */
function simulateReads(seconds: number, device: Simulated): Arrival[] {
  const interval = 1 / (RATE * (1 + device.ppm * 1e-6));
  const host = new StallingHost(device);
  let bytes = 0;
  let handedOverAt = device.phase;
  for (let n = 0; n < seconds * RATE; n++) {
    const complete = device.phase + n * interval + 0.003;
    if (bytes > 0 && handedOverAt + 0.016 < complete) {
      handedOverAt += 0.016;
      bytes = 0;
      host.handOver(n - 1, handedOverAt);
    }
    bytes += 33;
    if (bytes < 62) continue;
    bytes -= 62;
    handedOverAt = complete;
    host.handOver(bytes > 0 ? n - 1 : n, complete);
  }
  return host.reads;
}

/**
 * The worst case: handed over every 16 ms on the host's clock to the dot, which is 4 samples, so that a sample waits for
 * a time that creeps through 0-4 ms in tens of seconds.
 */
function simulateStrictTicks(seconds: number, device: Simulated): Arrival[] {
  const interval = 1 / (RATE * (1 + device.ppm * 1e-6));
  const host = new StallingHost(device);
  for (let tick = 1; tick * 0.016 < seconds; tick++)
    host.handOver(Math.floor((tick * 0.016 - 0.002) / interval), device.phase + tick * 0.016);
  return host.reads;
}

/** Session time of each second's last sample through the causal clock of the analysis, and its true sampling time. */
function throughCausalClock(
  reads: readonly Arrival[],
  { ppm, phase }: { ppm: number; phase: number },
  latency: number,
): { time: number[]; error: number[]; flags: number[] } {
  const arrival = new ArrivalClock({ declaredLatencySeconds: latency });
  const causal = new CausalClock({ nominalSamplingRate: RATE });
  const result = { time: [] as number[], error: [] as number[], flags: [] as number[] };
  const stamp = new Float64Array(1);
  const session = new Float64Array(1);
  const flag = new Uint8Array(1);
  let lastOffsetAt = Number.NEGATIVE_INFINITY;
  let next = 0;
  for (const { index, at } of reads) {
    arrival.update(index / RATE, at);
    if (index / RATE - lastOffsetAt >= 1) {
      lastOffsetAt = index / RATE;
      causal.addOffset(index / RATE, arrival.offsetAt(index / RATE));
    }
    for (; next <= index; next++) {
      stamp[0] = next / RATE;
      causal.push(stamp, 1, session, flag);
      result.time.push(session[0]!);
      result.error.push(session[0]! - (phase + next / (RATE * (1 + ppm * 1e-6))));
      result.flags.push(flag[0]!);
    }
  }
  return result;
}

const rms = (values: number[]): number => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

describe("ArrivalClock", () => {
  test.each([
    { ppm: -200, link: "an adapter", simulate: simulateReads },
    { ppm: 0, link: "an adapter", simulate: simulateReads },
    { ppm: 200, link: "an adapter", simulate: simulateReads },
    { ppm: -200, link: "strict ticks", simulate: simulateStrictTicks },
    { ppm: 80, link: "strict ticks", simulate: simulateStrictTicks },
    { ppm: 200, link: "strict ticks", simulate: simulateStrictTicks },
  ])("a drift of $ppm ppm behind $link is found within 5 ppm", ({ ppm, simulate }) => {
    for (const seed of [1, 2, 3, 4]) {
      const clock = new ArrivalClock();
      for (const { index, at } of simulate(240, { ppm, phase: 5000, seed })) clock.update(index / RATE, at);
      expect(Math.abs(clock.driftPpm - ppm)).toBeLessThan(5);
      expect(clock.jitterRms).toBeGreaterThan(0.0003);
      expect(clock.jitterRms).toBeLessThan(0.005);
    }
  });

  test("two devices on different clocks agree within 1 ms of one another after 60 s of settling", () => {
    for (const seed of [11, 12, 13, 14, 15, 16]) {
      const a = { ppm: 120, phase: 900, seed };
      const b = { ppm: -90, phase: 900.37, seed: seed + 100 };
      const first = throughCausalClock(simulateReads(300, a), a, 0);
      const second = throughCausalClock(simulateReads(300, b), b, 0);
      let worst = 0;
      for (let k = 60 * RATE; k < 299 * RATE; k += 50)
        worst = Math.max(worst, Math.abs(first.error[k]! - second.error[k]!));
      expect(worst).toBeLessThan(1e-3);
    }
  });

  test("in the worst case they agree within 2 ms, half a sample, and mostly within 1 ms", () => {
    for (const seed of [11, 12, 13, 14, 15, 16]) {
      const a = { ppm: 120, phase: 900, seed };
      const b = { ppm: -90, phase: 900.37, seed: seed + 100 };
      const first = throughCausalClock(simulateStrictTicks(300, a), a, 0);
      const second = throughCausalClock(simulateStrictTicks(300, b), b, 0);
      const differences: number[] = [];
      for (let k = 60 * RATE; k < 299 * RATE; k += 50)
        differences.push(Math.abs(first.error[k]! - second.error[k]!));
      expect(Math.max(...differences)).toBeLessThan(2e-3);
      expect(differences.filter((d) => d < 1e-3).length).toBeGreaterThan(0.85 * differences.length);
    }
  });

  test("ten minutes with 80 ppm, batching and stalls give times with less than 0.1 ms of jitter that never go back", () => {
    const device = { ppm: 80, phase: 12_345, seed: 7 };
    const { time, error, flags } = throughCausalClock(simulateReads(600, device), device, 0.0073);
    // Until 30 s the causal clock knows no drift.
    const settled = error.slice(60 * RATE);
    expect(rms(settled)).toBeLessThan(0.1e-3);
    expect(settled.every((e) => Math.abs(e) < 0.3e-3)).toBe(true);
    expect(time.slice(3 * RATE).every((t, k) => t > time[k + 3 * RATE - 1]!)).toBe(true);
    expect(flags.slice(3 * RATE).every((flag) => flag === 0)).toBe(true);
  });

  test("a stall of 700 ms leaves no gap and moves the times by less than 1 ms", () => {
    const device = { ppm: -60, phase: 40, seed: 5 };
    const calm = throughCausalClock(simulateReads(180, device), device, 0);
    const stalled = throughCausalClock(simulateReads(180, { ...device, stall: [90, 0.7] }), device, 0);
    for (let k = 60 * RATE; k < 179 * RATE; k++) {
      expect(Math.abs(stalled.error[k]! - calm.error[k]!)).toBeLessThan(1e-3);
      expect(stalled.time[k]! - stalled.time[k - 1]!).toBeLessThan(1.5 / RATE);
      expect(stalled.flags[k]).toBe(0);
    }
  });

  test("lost samples that moved the index leave the line where it was", () => {
    const reads = simulateReads(120, { ppm: 50, phase: 0, seed: 3 });
    const whole = new ArrivalClock();
    const holed = new ArrivalClock();
    for (const { index, at } of reads) {
      whole.update(index / RATE, at);
      if (at < 60 || at > 75) holed.update(index / RATE, at);
    }
    expect(Math.abs(holed.driftPpm - whole.driftPpm)).toBeLessThan(5);
    expect(Math.abs(holed.offsetAt(120) - whole.offsetAt(120))).toBeLessThan(0.5e-3);
  });

  test("a declared latency is taken off, and device and host time are inverse to one another", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (latency, seed) => {
          const plain = new ArrivalClock();
          const shifted = new ArrivalClock({ declaredLatencySeconds: latency });
          for (const { index, at } of simulateReads(8, { ppm: 30, phase: 77, seed })) {
            plain.update(index / RATE, at);
            shifted.update(index / RATE, at);
          }
          expect(shifted.offsetAt(8)).toBeCloseTo(plain.offsetAt(8) - latency, 9);
          expect(shifted.deviceTimeAt(shifted.hostTimeAt(5.5))).toBeCloseTo(5.5, 9);
          expect(plain.lateness(8, plain.hostTimeAt(8) + 0.25)).toBeCloseTo(0.25, 9);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("a first read that the host took late does not spoil the start", () => {
    const clock = new ArrivalClock();
    clock.update(0, 100.4);
    for (let k = 5; k <= 500; k += 5) clock.update(k / RATE, 100 + k / RATE);
    expect(clock.offsetAt(2)).toBeCloseTo(100, 5);
  });

  test("a device clock that was set is found again: 10 s of arrivals outweigh the old line, which keeps its drift", () => {
    const clock = new ArrivalClock();
    const arrive = (from: number, to: number, offset: number): void => {
      for (let t = from; t < to; t += 0.02) clock.update(t, t * (1 - 100e-6) + offset);
    };
    arrive(0, 100, 50);
    expect(clock.driftPpm).toBeCloseTo(100, 0);
    arrive(100, 112, 57);
    expect(clock.offsetAt(112)).toBeCloseTo(57 - 112e-4, 3);
    expect(clock.driftPpm).toBeCloseTo(100, -1);
    clock.restart();
    arrive(0, 0.1, 300);
    expect(clock.offsetAt(0.1)).toBeCloseTo(300, 3);
  });

  test("a wrong rate shows within a minute as the drift it is", () => {
    const clock = new ArrivalClock();
    for (let k = 0; k < 60 * 245; k += 5) clock.update(k / 250, 10 + k / 245);
    expect(clock.driftPpm).toBeCloseTo((245 / 250 - 1) * 1e6, -1);
  });

  test("it says NaN before it knows, ignores what is no number, and refuses impossible options", () => {
    const clock = new ArrivalClock();
    expect(clock.offsetAt(1)).toBeNaN();
    expect(clock.lateness(1, 2)).toBeNaN();
    expect(clock.jitterRms).toBeNaN();
    expect(clock.update(Number.NaN, 1)).toBeNaN();
    expect(clock.nUpdates).toBe(0);
    expect(() => new ArrivalClock({ halftimeSeconds: 0 })).toThrow(/halftimeSeconds > 0/);
    expect(() => new ArrivalClock({ declaredLatencySeconds: Number.NaN })).toThrow(/finite/);
  });
});
