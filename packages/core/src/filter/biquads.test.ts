import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { biquadCoefficients, filterBiquads } from "./biquads.ts";
import { VectorBiquads } from "./biquads-vector.ts";

afterEach(() => vi.unstubAllGlobals());

const noise = (seed: number, length: number) => Float64Array.from({ length }, irwinHall(mulberry32(seed)));
const sectionsOf = (seed: number, nSections: number) => {
  const uniform = mulberry32(seed);
  const sections = new Float64Array(nSections * 6);
  for (let s = 0; s < nSections; s++) {
    const radius = 0.5 + 0.499 * uniform();
    sections.set(
      [uniform(), uniform() - 1, uniform(), 1, -2 * radius * Math.cos(3 * uniform()), radius * radius],
      s * 6,
    );
  }
  return sections;
};
const vectorsOf = (coefficients: Float64Array, nChannels: number): VectorBiquads => {
  const vectors = VectorBiquads.create(coefficients, nChannels);
  if (vectors === undefined) throw new Error("This host has no WebAssembly with vectors, and Node has.");
  return vectors;
};
/** Equal bits, with all NaN counted as one. */
const sameBits = (a: Float64Array, b: Float64Array) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

test("two channels a vector give the bits of one after another: any channels, sections and lengths", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 13 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
      fc.nat(1e6),
      fc.boolean(),
      (nChannels, nSections, lengths, seed, inPlace) => {
        const coefficients = biquadCoefficients(sectionsOf(seed, nSections));
        const vectors = vectorsOf(coefficients, nChannels);
        const state = noise(seed + 1, nChannels * nSections * 2);
        const plainState = state.slice();
        for (const [k, nSamples] of lengths.entries()) {
          const data = noise(seed + 2 + k, nChannels * nSamples);
          const expected = new Float64Array(data.length);
          filterBiquads(expected, data, nChannels, nSamples, coefficients, plainState);
          const untouched = data.slice();
          const out = inPlace ? data : new Float64Array(data.length);
          vectors.execute(out, data, nSamples, state);
          expect(sameBits(out, expected)).toBe(true);
          expect(sameBits(state, plainState)).toBe(true);
          if (!inPlace) expect(data).toEqual(untouched);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("NaN, infinities and numbers at the edge of zero come out alike", () => {
  const coefficients = biquadCoefficients(sectionsOf(5, 3));
  const special = [Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, -2.2e-308, 1e308, 0, 1];
  const data = Float64Array.from({ length: 7 * 16 }, (_, i) => special[(i * 5 + Math.floor(i / 16)) % 8]);
  for (let c = 0; c < 3; c++) data.fill(5e-310 * (c + 1), c * 16, (c + 1) * 16);
  const [state, plainState] = [new Float64Array(42), new Float64Array(42)];
  const expected = new Float64Array(data.length);
  filterBiquads(expected, data, 7, 16, coefficients, plainState);
  vectorsOf(coefficients, 7).execute(data, data, 16, state);
  expect(sameBits(data, expected)).toBe(true);
  expect(sameBits(state, plainState)).toBe(true);
});

test("cascades that share the memory by turns do not disturb each other", () => {
  const shapes = [
    [3, 2],
    [64, 5],
    [8, 1],
    [5, 6],
  ] as const;
  const running = Array.from({ length: 400 }, (_, i) => {
    const [nChannels, nSections] = shapes[i % shapes.length];
    const coefficients = biquadCoefficients(sectionsOf(i, nSections));
    const state = new Float64Array(nChannels * nSections * 2);
    return {
      coefficients,
      nChannels,
      state,
      plain: state.slice(),
      vectors: vectorsOf(coefficients, nChannels),
    };
  });
  for (let round = 0; round < 3; round++) {
    running.forEach(({ coefficients, nChannels, state, plain, vectors }, i) => {
      const nSamples = 1 + ((i + round) % 7);
      const data = noise(1000 * round + i, nChannels * nSamples);
      const expected = new Float64Array(data.length);
      filterBiquads(expected, data, nChannels, nSamples, coefficients, plain);
      vectors.execute(data, data, nSamples, state);
      expect(sameBits(data, expected)).toBe(true);
    });
  }
});

test("takes what fits and pays: not one or two channels, not a handful of samples, not minutes", () => {
  const coefficients = biquadCoefficients(sectionsOf(1, 5));
  expect(VectorBiquads.create(coefficients, 2)).toBeUndefined();
  expect(VectorBiquads.create(coefficients, 100_000)).toBeUndefined();
  const vectors = vectorsOf(coefficients, 64);
  expect(vectors.takes(32)).toBe(true);
  expect(vectors.takes(480)).toBe(true);
  expect(vectors.takes(5000)).toBe(false);
  expect(vectorsOf(coefficients, 3).takes(2)).toBe(false);
  // The longest chunk that fits touches the last number of the memory and nothing behind it.
  let longest = 480;
  while (vectors.takes(longest + 1)) longest++;
  const data = noise(3, 64 * longest);
  const [state, plain] = [new Float64Array(640), new Float64Array(640)];
  const expected = new Float64Array(data.length);
  filterBiquads(expected, data, 64, longest, coefficients, plain);
  vectors.execute(data, data, longest, state);
  expect(sameBits(data, expected)).toBe(true);
});

test.each([
  ["has no WebAssembly", undefined],
  [
    "refuses to compile",
    {
      Module: class {
        constructor() {
          throw new Error("blocked by a content policy");
        }
      },
    },
  ],
])("a host that %s is served by the plain functions", async (_, host) => {
  vi.stubGlobal("WebAssembly", host);
  vi.resetModules();
  const fresh = await import("./sos-cascade.ts");
  const { VectorBiquads: none } = await import("./biquads-vector.ts");
  const sections = sectionsOf(2, 4);
  expect(none.create(biquadCoefficients(sections), 8)).toBeUndefined();
  const data = noise(4, 8 * 100);
  const expected = new Float64Array(data.length);
  filterBiquads(expected, data, 8, 100, biquadCoefficients(sections), new Float64Array(64));
  new fresh.SosCascade(sections, 8).execute(data, data, 100);
  expect(data).toEqual(expected);
});
