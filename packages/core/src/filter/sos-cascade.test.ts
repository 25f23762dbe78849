import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { butterworth } from "./butterworth.ts";
import { notch } from "./notch.ts";
import { concatenateSections } from "./sections.ts";
import { settlingSamples } from "./settling.ts";
import { SosCascade } from "./sos-cascade.ts";
import { sosfiltfilt } from "./sosfiltfilt.ts";

const rate = 250;
const theta = butterworth({ kind: "bandpass", order: 4, cutoff: [3, 6], samplingRate: rate });
const slow = butterworth({ kind: "highpass", order: 2, cutoff: 0.5, samplingRate: rate });
const mains = notch({ frequency: 50, quality: 30, samplingRate: rate });
const cascades = { theta, slow, mains, together: concatenateSections(theta, slow, mains) };

const noise = (seed: number, length: number): Float64Array =>
  Float64Array.from({ length }, irwinHall(mulberry32(seed)));

const filter = (sections: Float64Array, x: Float64Array, nChannels = 1): Float64Array => {
  const out = new Float64Array(x.length);
  new SosCascade(sections, nChannels).execute(out, x, x.length / nChannels);
  return out;
};

/** Difference equation, section by section, on the whole signal. */
function textbook(sections: Float64Array, x: Float64Array): Float64Array {
  let signal = x;
  for (let s = 0; s < sections.length; s += 6) {
    const y = new Float64Array(x.length);
    const [b0, b1, b2, , a1, a2] = sections.subarray(s, s + 6);
    for (let n = 0; n < x.length; n++)
      y[n] =
        b0 * signal[n] +
        b1 * (signal[n - 1] ?? 0) +
        b2 * (signal[n - 2] ?? 0) -
        a1 * (y[n - 1] ?? 0) -
        a2 * (y[n - 2] ?? 0);
    signal = y;
  }
  return signal;
}

describe.each(Object.entries(cascades))("%s", (_, sections) => {
  test("the output is that of the difference equation", () => {
    const x = noise(1, 600);
    const expected = textbook(sections, x);
    filter(sections, x).forEach((y, n) => {
      expect(Math.abs(y - expected[n])).toBeLessThan(1e-10);
    });
  });

  test("any cut of the input, into single samples too, gives the same bits", () => {
    const nChannels = 3;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }),
        fc.boolean(),
        (lengths, single) => {
          const pieces = single ? new Array<number>(50).fill(1) : lengths;
          const nSamples = pieces.reduce((sum, length) => sum + length, 0);
          const x = noise(2, nChannels * nSamples);
          const whole = filter(sections, x, nChannels);
          const cascade = new SosCascade(sections, nChannels);
          let start = 0;
          for (const length of pieces) {
            const chunk = new Float64Array(nChannels * length);
            for (let c = 0; c < nChannels; c++)
              chunk.set(x.subarray(c * nSamples + start, c * nSamples + start + length), c * length);
            // In place: out is the input.
            cascade.execute(chunk, chunk, length);
            for (let c = 0; c < nChannels; c++)
              expect(chunk.subarray(c * length, (c + 1) * length)).toEqual(
                whole.subarray(c * nSamples + start, c * nSamples + start + length),
              );
            start += length;
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("each channel is filtered as if it were alone", () => {
    const x = noise(3, 4 * 100);
    const together = filter(sections, x, 4);
    for (let c = 0; c < 4; c++)
      expect(together.slice(c * 100, (c + 1) * 100)).toEqual(
        filter(sections, x.slice(c * 100, (c + 1) * 100)),
      );
  });

  test("it is linear", () => {
    const x = noise(4, 300);
    const y = noise(5, 300);
    const of = filter(
      sections,
      x.map((value, n) => 2 * value - 5 * y[n]),
    );
    const fx = filter(sections, x);
    const fy = filter(sections, y);
    of.forEach((value, n) => {
      expect(Math.abs(value - (2 * fx[n] - 5 * fy[n]))).toBeLessThan(1e-10);
    });
  });

  test("initialise makes a constant input give its steady output from the first sample on", () => {
    const cascade = new SosCascade(sections, 2);
    cascade.initialise(Float64Array.of(1e4, -3));
    const out = new Float64Array(2 * 500);
    cascade.execute(
      out,
      Float64Array.from(out, (_, i) => (i < 500 ? 1e4 : -3)),
      500,
    );
    const gain = sections === mains ? 1 : 0;
    for (let n = 0; n < 500; n++) {
      expect(Math.abs(out[n] - gain * 1e4)).toBeLessThan(1e-5);
      expect(Math.abs(out[500 + n] + gain * 3)).toBeLessThan(1e-8);
    }
  });

  test("reset forgets", () => {
    const x = noise(6, 100);
    const cascade = new SosCascade(sections, 1);
    const first = new Float64Array(100);
    const again = new Float64Array(100);
    cascade.execute(first, x, 100);
    cascade.execute(again, x, 100);
    expect(again).not.toEqual(first);
    cascade.reset();
    cascade.execute(again, x, 100);
    expect(again).toEqual(first);
  });
});

test("a NaN stays in its channel until reset", () => {
  const cascade = new SosCascade(theta, 2);
  const x = noise(7, 2 * 20);
  x[3] = Number.NaN;
  const out = new Float64Array(40);
  cascade.execute(out, x, 20);
  expect(out[2]).not.toBeNaN();
  expect(out[19]).toBeNaN();
  expect(out.subarray(20)).toEqual(filter(theta, x.slice(20)));
  cascade.reset();
  cascade.execute(out, noise(7, 40), 20);
  expect(out.some(Number.isNaN)).toBe(false);
});

describe("settlingSamples", () => {
  test("after it, the step of an offset has decayed to the tolerance", () => {
    for (const sections of [theta, slow, cascades.together]) {
      const n = settlingSamples(sections, 1e-3);
      const step = filter(sections, new Float64Array(2 * n).fill(1));
      // The bound is relative to sum |h|, the largest output that an input within [-1, 1] can reach.
      const impulse = new Float64Array(4 * n);
      impulse[0] = 1;
      const bound = 1e-3 * filter(sections, impulse).reduce((sum, h) => sum + Math.abs(h), 0);
      for (let m = n; m < 2 * n; m++) expect(Math.abs(step[m])).toBeLessThan(bound);
    }
  });

  test("a slower filter and a tighter tolerance take longer", () => {
    const of = (cutoff: number) =>
      settlingSamples(butterworth({ kind: "highpass", order: 2, cutoff, samplingRate: rate }));
    expect(of(0.1) / of(1)).toBeGreaterThan(8);
    expect(of(0.1) / of(1)).toBeLessThan(12);
    expect(settlingSamples(theta, 1e-6)).toBeGreaterThan(1.5 * settlingSamples(theta, 1e-3));
  });

  test("an unstable filter never settles, a pure delay settles at once", () => {
    expect(settlingSamples(Float64Array.of(1, 0, 0, 1, -2.1, 1.2))).toBe(Number.POSITIVE_INFINITY);
    expect(settlingSamples(Float64Array.of(1, 0, 0, 1, -2, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(settlingSamples(Float64Array.of(0, 0, 1, 1, 0, 0))).toBe(3);
    const radius = 1 - 1e-8;
    expect(settlingSamples(Float64Array.of(1, 0, 0, 1, -radius, 0)) / (Math.log(1000) * 1e8)).toBeCloseTo(
      1,
      6,
    );
  });
});

describe("sosfiltfilt", () => {
  test("shifts nothing in time", () => {
    const x = Float64Array.from({ length: 2000 }, (_, n) => Math.sin((2 * Math.PI * 4.5 * n) / rate));
    const y = sosfiltfilt(theta, x);
    for (let n = 600; n < 1400; n++) expect(Math.abs(y[n] - x[n])).toBeLessThan(0.01);
  });

  test("the reversed signal gives the reversed output, away from the ends", () => {
    const x = noise(8, 3000);
    const forwards = sosfiltfilt(theta, x);
    const backwards = sosfiltfilt(theta, x.slice().reverse()).reverse();
    for (let n = 1000; n < 2000; n++) expect(Math.abs(forwards[n] - backwards[n])).toBeLessThan(1e-5);
  });

  test("filters each channel alone and leaves the input untouched", () => {
    const x = noise(9, 2 * 200);
    const copy = x.slice();
    const both = sosfiltfilt(slow, x, { nChannels: 2 });
    expect(x).toEqual(copy);
    expect(both.slice(200)).toEqual(sosfiltfilt(slow, x.slice(200)));
  });

  test("a stretch no longer than its padding is an error that says so", () => {
    expect(() => sosfiltfilt(theta, new Float64Array(27))).toThrow(/more than 27 samples/);
    expect(sosfiltfilt(theta, new Float64Array(28)).length).toBe(28);
    expect(sosfiltfilt(theta, new Float64Array(5), { padLength: 0 }).length).toBe(5);
    expect(() => sosfiltfilt(theta, new Float64Array(99), { nChannels: 2 })).toThrow(ShapeError);
    expect(() => sosfiltfilt(theta, new Float64Array(99), { padLength: -1 })).toThrow(OptionError);
  });
});

test("wrong shapes are errors", () => {
  const cascade = new SosCascade(theta, 2);
  expect(() => cascade.execute(new Float64Array(4), new Float64Array(6), 3)).toThrow(ShapeError);
  expect(() => cascade.initialise(new Float64Array(3))).toThrow(ShapeError);
  expect(() => new SosCascade(new Float64Array(7), 2)).toThrow(ShapeError);
  expect(() => new SosCascade(Float64Array.of(1, 0, 0, 2, 0, 0), 1)).toThrow(OptionError);
  expect(() => new SosCascade(theta, 0)).toThrow(OptionError);
});
