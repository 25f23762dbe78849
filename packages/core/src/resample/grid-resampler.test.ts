import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { FractionalKernel } from "./fractional-kernel.ts";
import { GridResampler } from "./grid-resampler.ts";
import type { GridResamplerOptions } from "./grid-resampler-options.ts";
import type { GridChunk } from "./grid-rows.ts";

/** Session times of a device whose clock runs `ppm` fast and that began at `start`. */
const clock = (nSamples: number, rate: number, ppm: number, start: number): Float64Array =>
  Float64Array.from({ length: nSamples }, (_, n) => start + (n / rate) * (1 + ppm * 1e-6));

const sinusoid = (times: Float64Array, frequency: number, phase = 0): Float64Array =>
  times.map((t) => Math.sin(2 * Math.PI * frequency * t + phase));

interface Joined {
  firstIndex: number;
  nSamples: number;
  channels: number[][];
  mask: number[];
}

/** Pushes `[nChannels, nSamples]` in pieces and joins what comes out; fails if the index has a hole. */
function run(
  options: GridResamplerOptions,
  data: Float64Array,
  times: Float64Array,
  cuts: Iterable<number> = [],
  gapBefore?: number,
): Joined {
  const resampler = new GridResampler(options);
  const joined: Joined = {
    firstIndex: Number.NaN,
    nSamples: 0,
    channels: Array.from({ length: options.nChannels }, () => []),
    mask: [],
  };
  const append = (chunk: GridChunk) => {
    if (chunk.nSamples === 0) return;
    if (Number.isNaN(joined.firstIndex)) joined.firstIndex = chunk.firstIndex;
    expect(chunk.firstIndex).toBe(joined.firstIndex + joined.nSamples);
    expect(chunk.data.length).toBe(options.nChannels * chunk.nSamples);
    joined.nSamples += chunk.nSamples;
    joined.mask.push(...chunk.mask);
    for (let c = 0; c < options.nChannels; c++)
      joined.channels[c].push(...chunk.data.subarray(c * chunk.nSamples, (c + 1) * chunk.nSamples));
  };
  const n = times.length;
  const bounds = [...new Set([0, ...cuts, ...(gapBefore === undefined ? [] : [gapBefore]), n])]
    .filter((cut) => cut >= 0 && cut <= n)
    .sort((a, b) => a - b);
  for (let b = 0; b + 1 < bounds.length; b++) {
    const from = bounds[b];
    const to = bounds[b + 1];
    const piece = new Float64Array(options.nChannels * (to - from));
    for (let c = 0; c < options.nChannels; c++)
      piece.set(data.subarray(c * n + from, c * n + to), c * (to - from));
    if (from === gapBefore) resampler.gap();
    append(resampler.push(piece, times.slice(from, to), to - from));
  }
  append(resampler.flush());
  return joined;
}

const worstError = (
  { firstIndex, channels, mask }: Joined,
  gridRate: number,
  expected: (t: number) => number,
): number => {
  let worst = 0;
  let compared = 0;
  channels[0].forEach((value, k) => {
    if (mask[k] === 1) return;
    compared++;
    const error = Math.abs(value - expected((firstIndex + k) / gridRate));
    if (!(error <= worst)) worst = error;
  });
  expect(compared).toBeGreaterThan(100);
  return worst;
};

describe("two devices with clocks of their own", () => {
  const rates = [128, 250, 256, 500, 512, 1000];
  test.each(
    rates.flatMap((rate) => [
      [rate, 200],
      [rate, 100],
    ]),
  )("at %i Hz, +40 and -15 ppm, show one 7 Hz source alike on a grid of %i Hz", (rate, gridRate) => {
    const options = { nChannels: 1, inputRate: rate, gridRate };
    const seven = (t: number) => Math.sin(2 * Math.PI * 7 * t);
    const fast = clock(8 * rate, rate, 40, 1000.0123);
    const slow = clock(8 * 256, 256, -15, 1000.0371);
    const a = run(options, sinusoid(fast, 7), fast);
    const b = run({ ...options, inputRate: 256 }, sinusoid(slow, 7), slow);
    expect(worstError(a, gridRate, seven)).toBeLessThan(1e-5);
    expect(worstError(b, gridRate, seven)).toBeLessThan(1e-5);

    // Project both on the source: the angle between them is the phase that resampling would invent.
    let cross = 0;
    let inPhase = 0;
    let largest = 0;
    for (let k = Math.max(a.firstIndex, b.firstIndex); k < a.firstIndex + a.nSamples; k++) {
      const x = a.channels[0][k - a.firstIndex];
      const y = b.channels[0][k - b.firstIndex];
      if (y === undefined || Number.isNaN(x) || Number.isNaN(y)) continue;
      largest = Math.max(largest, Math.abs(x - y));
      const t = k / gridRate;
      cross += (x - y) * Math.cos(2 * Math.PI * 7 * t);
      inPhase += x * seven(t);
    }
    expect(inPhase).toBeGreaterThan(100);
    expect(largest).toBeLessThan(1e-4);
    expect(Math.abs(cross / inPhase)).toBeLessThan(1e-5);
  });
});

describe("magnitude", () => {
  const amplitudeAt = (inputRate: number, gridRate: number, frequency: number, ppm: number): number => {
    const times = clock(10 * inputRate, inputRate, ppm, 5.00321);
    const { channels } = run({ nChannels: 1, inputRate, gridRate }, sinusoid(times, frequency), times);
    return Math.max(...channels[0].filter((x) => !Number.isNaN(x)).map(Math.abs));
  };

  test.each([
    [500, 200],
    [256, 200],
    [128, 200],
    [250, 250],
  ])("%i Hz to %i Hz is flat within 0.01 dB up to 0.40 of the lower rate", (inputRate, gridRate) => {
    const lower = Math.min(inputRate, gridRate);
    for (const share of [0.011, 0.0533, 0.1511, 0.2517, 0.3503, 0.399]) {
      const frequency = share * lower;
      const times = clock(10 * inputRate, inputRate, 40, 5.00321);
      const out = run({ nChannels: 1, inputRate, gridRate }, sinusoid(times, frequency), times);
      const error = worstError(out, gridRate, (t) => Math.sin(2 * Math.PI * frequency * t));
      // 0.01 dB is a factor of 1.00115; an error this small bounds magnitude and phase together.
      expect(error).toBeLessThan(3e-5);
    }
  });

  test("nothing that would fold gets through", () => {
    for (const frequency of [100.5, 120, 150, 190, 210, 249])
      expect(amplitudeAt(500, 200, frequency, 40)).toBeLessThan(3e-5);
  });

  test("a large offset passes exactly, whatever the fractional positions", () => {
    const times = clock(2000, 256, 37, 0.0017);
    const { channels, mask } = run(
      { nChannels: 1, inputRate: 256, gridRate: 200 },
      times.map(() => 3e5),
      times,
    );
    channels[0].forEach((x, k) => {
      if (mask[k] === 0) expect(Math.abs(x - 3e5)).toBeLessThan(1e-8);
    });
  });

  test("its published pass band and latency follow the half-width", () => {
    const long = new GridResampler({ nChannels: 1, inputRate: 500, gridRate: 200 });
    const short = new GridResampler({ nChannels: 1, inputRate: 500, gridRate: 200, halfWidth: 16 });
    expect(long.passBandHz).toBeGreaterThan(80);
    expect(long.stopBandHz).toBe(100);
    expect(long.latencySeconds).toBeCloseTo(0.16, 12);
    expect(short.passBandHz).toBeGreaterThan(60);
    expect(short.latencySeconds).toBeCloseTo(0.08, 12);
  });
});

describe("samples that lie on the grid already", () => {
  const gauss = irwinHall(mulberry32(7));
  const data = Float64Array.from({ length: 2 * 700 }, gauss);

  test("come out unchanged to the bit, edges included", () => {
    const times = Float64Array.from({ length: 700 }, (_, n) => (n + 1234) / 250 + 4e-10 * Math.sin(n));
    const out = run({ nChannels: 2, inputRate: 250, gridRate: 250 }, data, times, [1, 2, 333]);
    expect(out.firstIndex).toBe(1234);
    expect(out.channels[0]).toEqual([...data.subarray(0, 700)]);
    expect(out.channels[1]).toEqual([...data.subarray(700)]);
    expect(out.mask).toEqual(new Array(700).fill(0));
  });

  test("a gap is masked and nothing else; a NaN stays alone in its channel", () => {
    const times = Float64Array.from({ length: 700 }, (_, n) => (n < 400 ? n : n + 50) / 250);
    const withNaN = data.slice();
    withNaN[100] = Number.NaN;
    const out = run({ nChannels: 2, inputRate: 250, gridRate: 250 }, withNaN, times);
    expect(out.nSamples).toBe(750);
    out.mask.forEach((mask, k) => {
      expect(mask).toBe(k === 100 || (k >= 400 && k < 450) ? 1 : 0);
    });
    expect(out.channels[1][100]).toBe(data[800]);
    expect(out.channels[0][450]).toBe(data[400]);
  });

  test("a stream that only crosses the grid now and then is filtered throughout", () => {
    const times = clock(3000, 250, 40, 0);
    const out = run({ nChannels: 1, inputRate: 250, gridRate: 250 }, sinusoid(times, 124), times);
    for (const x of out.channels[0]) if (!Number.isNaN(x)) expect(Math.abs(x)).toBeLessThan(1e-2);
  });
});

describe("gaps and edges", () => {
  const inputRate = 256;
  const gridRate = 200;
  const half = 41;
  const options = { nChannels: 1, inputRate, gridRate };
  const gapAt = 1000;

  /** A grid time may have a value only if `reach` samples before and after it are there without a break. */
  const mayHaveValue = (times: Float64Array, t: number, reach: number): boolean => {
    let at = -1;
    while (at + 1 < times.length && times[at + 1] <= t) at++;
    const first = at - reach + 1;
    const last = at + reach;
    if (first < 0 || last >= times.length) return false;
    for (let n = first; n < last; n++) if (times[n + 1] - times[n] > 1.5 / inputRate) return false;
    return true;
  };

  const times = clock(2000, inputRate, 20, 3.01).map((t, n) => (n < gapAt ? t : t + 0.73));

  test.each([32, 16, 1])(
    "with a margin of %i the mask is set exactly where samples are missing",
    (maskMargin) => {
      const out = run({ ...options, maskMargin }, sinusoid(times, 10), times);
      const reach = Math.ceil((half * maskMargin) / 32);
      out.mask.forEach((mask, k) => {
        const isMissing = !mayHaveValue(times, (out.firstIndex + k) / gridRate, reach);
        expect(mask).toBe(isMissing ? 1 : 0);
        expect(Number.isNaN(out.channels[0][k])).toBe(isMissing);
      });
      expect(out.firstIndex).toBe(Math.ceil(times[0] * gridRate));
      expect(out.firstIndex + out.nSamples - 1).toBe(Math.floor(times[1999] * gridRate));
    },
  );

  test("values away from the gap are those of the recording without the gap", () => {
    const out = run(options, sinusoid(times, 10), times);
    expect(worstError(out, gridRate, (t) => Math.sin(2 * Math.PI * 10 * t))).toBeLessThan(5e-5);
  });

  test("a smaller margin keeps a slow signal near the gap nearly right", () => {
    const out = run({ ...options, maskMargin: 8 }, sinusoid(times, 2), times);
    expect(worstError(out, gridRate, (t) => Math.sin(2 * Math.PI * 2 * t))).toBeLessThan(0.02);
  });

  test("a single missing sample is a gap", () => {
    const all = clock(1000, inputRate, 0, 0.0011);
    const withHole = all.filter((_, n) => n !== 500);
    const out = run(options, sinusoid(withHole, 10), withHole);
    const masked = out.mask.slice(100, -100).reduce((sum, m) => sum + m, 0);
    expect(masked).toBeGreaterThanOrEqual(Math.floor((2 * half * gridRate) / inputRate));
  });

  test("gap() breaks a stream whose times run on", () => {
    const steady = clock(1500, inputRate, 0, 0.0011);
    const out = run(options, sinusoid(steady, 10), steady, [], 700);
    const t = (k: number) => (out.firstIndex + k) / gridRate;
    out.mask.forEach((mask, k) => {
      const isNear = t(k) > steady[700 - half] && t(k) < steady[700 + half - 1];
      if (isNear) expect(mask).toBe(1);
    });
    expect(out.mask.reduce((sum, m) => sum + m, 0)).toBeLessThan(140);
  });

  test("a NaN takes the kernel's width in its channel and nothing in the others", () => {
    const steady = clock(1000, inputRate, 30, 0.0011);
    const data = new Float64Array(2000);
    data.set(sinusoid(steady, 10));
    data.set(sinusoid(steady, 10), 1000);
    data[500] = Number.NaN;
    const out = run({ ...options, nChannels: 2 }, data, steady);
    let missing = 0;
    out.channels[0].forEach((x, k) => {
      expect(out.mask[k]).toBe(Number.isNaN(x) ? 1 : 0);
      const t = (out.firstIndex + k) / gridRate;
      const isInside = t > steady[half] && t < steady[999 - half];
      if (!isInside) return;
      if (Number.isNaN(x)) missing++;
      else expect(out.channels[1][k]).toBe(x);
      expect(Number.isNaN(out.channels[1][k])).toBe(false);
    });
    expect(missing).toBeCloseTo((2 * half * gridRate) / inputRate, -1);
  });

  test("a step back in time starts a new segment and repeats no grid index", () => {
    const stepped = clock(2000, inputRate, 0, 10).map((t, n) => (n < gapAt ? t : t - 0.5));
    const out = run(options, sinusoid(stepped, 10), stepped);
    expect(worstError(out, gridRate, (t) => Math.sin(2 * Math.PI * 10 * t))).toBeLessThan(5e-5);
    expect(out.firstIndex + out.nSamples - 1).toBe(Math.floor(stepped[1999] * gridRate));
  });

  test("samples without a time are lost samples", () => {
    const holed = clock(1000, inputRate, 0, 0.0011);
    holed.fill(Number.NaN, 500, 520);
    const out = run(options, sinusoid(holed, 10), holed);
    expect(out.mask.filter((m) => m === 1).length).toBeGreaterThan(100);
    expect(worstError(out, gridRate, (t) => Math.sin(2 * Math.PI * 10 * t))).toBeLessThan(5e-5);
  });

  test("a recording shorter than the kernel is all mask; none at all is nothing", () => {
    const short = clock(50, inputRate, 0, 1.001);
    const out = run(options, sinusoid(short, 10), short);
    expect(out.nSamples).toBeGreaterThan(30);
    expect(out.mask.every((m) => m === 1)).toBe(true);
    const idle = new GridResampler(options);
    expect(idle.push(new Float64Array(0), new Float64Array(0), 0).nSamples).toBe(0);
    expect(idle.flush().nSamples).toBe(0);
  });

  test("a clock that jumps by hours is an error that names the jump, and reset() recovers", () => {
    const resampler = new GridResampler(options);
    resampler.push(new Float64Array(1), Float64Array.of(1), 1);
    expect(() => resampler.push(new Float64Array(1), Float64Array.of(1e9), 1)).toThrow(OptionError);
    resampler.reset();
    const chunk = resampler.push(new Float64Array(1), Float64Array.of(1e9), 1);
    expect(chunk.nSamples).toBe(0);
  });
});

test("the tabulated kernel is the formula, at any fraction, to 1e-8 over all its taps", () => {
  const bessel = (squared: number) => {
    let sum = 1;
    for (let k = 1, term = 1; k < 200; k++) {
      term *= squared / (4 * k * k);
      sum += term;
    }
    return sum;
  };
  const half = 32;
  const kernel = new FractionalKernel(200, 200, half);
  const cutoff = (kernel.passBandHz + kernel.stopBandHz) / 2 / 200;
  const beta = 0.1102 * (96 - 8.7);
  const weights = new Float64Array(2 * half);
  for (let k = 0; k <= 997; k++) {
    const fraction = k / 997;
    kernel.weights(weights, fraction);
    const exact = weights.map((_, tap) => {
      const u = tap - half + 1 - fraction;
      const angle = 2 * Math.PI * cutoff * u;
      return (angle === 0 ? 1 : Math.sin(angle) / angle) * bessel(beta ** 2 * (1 - (u / half) ** 2));
    });
    const sum = exact.reduce((total, w) => total + w, 0);
    const error = exact.reduce((total, w, tap) => total + Math.abs(w / sum - weights[tap]), 0);
    expect(error).toBeLessThan(1e-8);
  }
});

test("any cut of the input gives the same bits", () => {
  const gauss = irwinHall(mulberry32(11));
  fc.assert(
    fc.property(
      fc.constantFrom([256, 200], [200, 200], [500, 100], [128, 200], [250, 250]),
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.array(fc.nat(900), { maxLength: 20 }),
      fc.nat(900),
      fc.nat(899),
      fc.constantFrom(32, 9),
      (rates, ppm, cuts, gapAt, nanAt, maskMargin) => {
        const [inputRate, gridRate] = rates;
        const drift = ppm > 40 ? 0 : ppm;
        const times = clock(900, inputRate, drift, 2).map((t, n) => (n < gapAt ? t : t + 40 / gridRate));
        const data = Float64Array.from({ length: 5 * 900 }, gauss);
        data[2 * 900 + nanAt] = Number.NaN;
        const options = { nChannels: 5, inputRate, gridRate, maskMargin };
        const whole = run(options, data, times);
        expect(run(options, data, times, cuts)).toEqual(whole);
        expect(whole.nSamples).toBeGreaterThan(150);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

test("one sample at a time gives the same bits over several buffer lengths", () => {
  const gauss = irwinHall(mulberry32(12));
  const times = clock(5000, 500, 33, 2);
  const data = Float64Array.from(times, gauss);
  const options = { nChannels: 1, inputRate: 500, gridRate: 200 };
  const whole = run(options, data, times);
  expect(run(options, data, times, times.keys())).toEqual(whole);
  expect(whole.mask.filter((m) => m === 0).length).toBeGreaterThan(1800);
});

test("the resampler is linear", () => {
  const gauss = irwinHall(mulberry32(13));
  const times = clock(1000, 256, 33, 2);
  const x = Float64Array.from(times, gauss);
  const y = Float64Array.from(times, gauss);
  const options = { nChannels: 1, inputRate: 256, gridRate: 200 };
  const sum = run(
    options,
    x.map((value, n) => 3 * value - 2 * y[n]),
    times,
  ).channels[0];
  const ofX = run(options, x, times).channels[0];
  const ofY = run(options, y, times).channels[0];
  sum.forEach((value, k) => {
    if (!Number.isNaN(value)) expect(Math.abs(value - (3 * ofX[k] - 2 * ofY[k]))).toBeLessThan(1e-12);
  });
});

test("wrong shapes and options say what they expected", () => {
  const resampler = new GridResampler({ nChannels: 2, inputRate: 256, gridRate: 200 });
  expect(() => resampler.push(new Float64Array(3), new Float64Array(2), 2)).toThrow(ShapeError);
  const valid = { nChannels: 1, inputRate: 256, gridRate: 200 };
  for (const wrong of [
    { nChannels: 0 },
    { inputRate: 0 },
    { gridRate: Number.NaN },
    { halfWidth: 4 },
    { maskMargin: 0 },
  ])
    expect(() => new GridResampler({ ...valid, ...wrong })).toThrow(OptionError);
});
