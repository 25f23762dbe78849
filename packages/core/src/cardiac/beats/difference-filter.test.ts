import { expect, test } from "vitest";
import { mulberry32 } from "../../random/index.ts";
import { DifferenceFilter } from "./difference-filter.ts";

/** The band-pass as its definition says, applied to the trace itself. */
function bandpass(trace: Float64Array, samplingRate: number, low: number, high: number, seconds: number) {
  const delay = Math.round((seconds * samplingRate) / 2);
  const k = Array.from({ length: 2 * delay + 1 }, (_, i) => i - delay);
  const sinc = (f: number, t: number): number =>
    t === 0 ? 2 * f : Math.sin(2 * Math.PI * f * t) / (Math.PI * t);
  const window = k.map((i) => 0.54 + 0.46 * Math.cos((Math.PI * i) / delay));
  const raw = k.map((i, j) => window[j]! * (sinc(high, i / samplingRate) - sinc(low, i / samplingRate)));
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  const flat = raw.map((h, j) => h - (window[j]! * sum(raw)) / sum(window));
  const gain = sum(flat.map((h, j) => h * Math.cos((Math.PI * (low + high) * k[j]!) / samplingRate)));
  return trace.map((_, n) => sum(flat.map((h, j) => (h / gain) * (trace[n - j] ?? Number.NaN))));
}

test("filtering differences is filtering the trace with the band-pass of the definition", () => {
  const uniform = mulberry32(1);
  const trace = Float64Array.from({ length: 400 }, () => uniform() - 0.5);
  const differences = trace.map((x, n) => (n === 0 ? 0 : x - trace[n - 1]!));
  const filter = new DifferenceFilter(360, [8, 30], 0.14);
  const out = new Float64Array(trace.length);
  filter.execute(out, differences, filter.length, trace.length);
  const expected = bandpass(trace, 360, 8, 30, 0.14);
  for (let n = filter.length; n < trace.length; n++) expect(out[n]).toBeCloseTo(expected[n]!, 12);
});

test("the sine in the middle of the band comes out with its own height, delayed by the stated samples", () => {
  const samplingRate = 500;
  const sine = (n: number): number => Math.sin((2 * Math.PI * 19 * n) / samplingRate);
  const filter = new DifferenceFilter(samplingRate, [8, 30], 0.14);
  const differences = Float64Array.from({ length: 600 }, (_, n) => sine(n) - sine(n - 1));
  const out = new Float64Array(600);
  filter.execute(out, differences, filter.length, 600);
  for (let n = filter.length; n < 600; n++) expect(out[n]).toBeCloseTo(sine(n - filter.delay), 9);
});

test("four outputs at a time or one by one are the same bits", () => {
  const uniform = mulberry32(2);
  const differences = Float64Array.from({ length: 203 }, () => uniform() - 0.5);
  const filter = new DifferenceFilter(250, [12, 45], 0.1);
  const together = new Float64Array(203);
  const alone = new Float64Array(203);
  filter.execute(together, differences, filter.length, 203);
  for (let n = filter.length; n < 203; n++) filter.execute(alone, differences, n, n + 1);
  expect(alone).toEqual(together);
});
