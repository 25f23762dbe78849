import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { choosePairSums, plainSums } from "./pair-sums-vector.ts";
import { PhaseMatrixPlan, type PhaseMeasure } from "./phase-matrix-plan.ts";

const measures: readonly PhaseMeasure[] = [
  "plv",
  "ppc",
  "ciplv",
  "pli",
  "wpli",
  "wpli-signed",
  "wpli-debiased",
  "circular-correlation",
  "adjusted-circular-correlation",
  "coherence",
  "imaginary-coherence",
  "imaginary-coherence-signed",
  "envelope-correlation",
];
const noise = (seed: number, length: number) => Float64Array.from({ length }, irwinHall(mulberry32(seed)));
const signals = (seed: number, nChannels: number, nSamples: number) => ({
  real: noise(seed, nChannels * nSamples),
  imaginary: noise(seed + 1, nChannels * nSamples),
});
/** Equal bits, with all NaN counted as one. */
const sameBits = (a: Float64Array, b: Float64Array) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

test("this host has vectors, and they are taken from six channels on, where the problem fits", () => {
  expect(choosePairSums(6, () => 1000).channelMultiple).toBe(4);
  expect(choosePairSums(5, () => 1000)).toBe(plainSums);
  expect(choosePairSums(64, () => 1e7)).toBe(plainSums);
});

test("every measure has the same bits with vectors as without: any channels and lengths, broken channels too", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...measures),
      fc.integer({ min: 6, max: 17 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(1e6),
      fc.option(fc.nat(5)),
      (measure, nChannels, nSamples, seed, broken) => {
        const input = signals(seed, nChannels, nSamples);
        if (broken !== null) input.real[broken * nSamples] = Number.NaN;
        const expected = new Float64Array(nChannels ** 2);
        new PhaseMatrixPlan(measure, nChannels, nSamples, { vectors: false }).execute(expected, input);
        const out = new Float64Array(nChannels ** 2);
        new PhaseMatrixPlan(measure, nChannels, nSamples).execute(out, input);
        expect(sameBits(out, expected)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test("plans of all shapes share one memory by turns and leave each other alone", () => {
  const jobs = [7, 12, 6, 64, 9].flatMap((nChannels, i) =>
    measures.map((measure, m) => {
      const nSamples = 20 + 13 * ((i + m) % 4);
      const input = signals(100 * i + m, nChannels, nSamples);
      const alone = new Float64Array(nChannels ** 2);
      new PhaseMatrixPlan(measure, nChannels, nSamples, { vectors: false }).execute(alone, input);
      return { plan: new PhaseMatrixPlan(measure, nChannels, nSamples), input, alone };
    }),
  );
  for (let round = 0; round < 2; round++)
    for (const { plan, input, alone } of jobs) {
      const out = new Float64Array(alone.length);
      plan.execute(out, input);
      expect(sameBits(out, alone)).toBe(true);
    }
});

test("a window longer than the memory is computed without it", () => {
  const [nChannels, nSamples] = [8, 60_000];
  const input = signals(1, nChannels, nSamples);
  const [a, b] = [new Float64Array(64), new Float64Array(64)];
  new PhaseMatrixPlan("adjusted-circular-correlation", nChannels, nSamples).execute(a, input);
  new PhaseMatrixPlan("adjusted-circular-correlation", nChannels, nSamples, { vectors: false }).execute(
    b,
    input,
  );
  expect(sameBits(a, b)).toBe(true);
});

test("a host without WebAssembly is served by the plain sums", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const fresh = await import("./pair-sums-vector.ts");
  expect(fresh.choosePairSums(64, () => 1000)).toBe(fresh.plainSums);
  vi.unstubAllGlobals();
});
