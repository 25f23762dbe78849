import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bandMean } from "./band-mean.ts";
import { BandedGpdcPlan } from "./banded-gpdc-plan.ts";
import { gpdc, pdc } from "./gpdc.ts";
import { GpdcPlan } from "./gpdc-plan.ts";
import { ipdc } from "./ipdc.ts";
import { noiseVariance } from "./model-shape.ts";
import { largestDifference, modelOf, randomModel, reordered, rescaled } from "./test-models.ts";

const at = { samplingRate: 200, frequencies: [0, 3, 6.5, 9, 40, 100] };
const sizes = fc.record({
  nChannels: fc.integer({ min: 1, max: 6 }),
  order: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/** The definition, without tables and blocks. */
function textbookGpdc(model: ReturnType<typeof randomModel>, f: number, i: number, j: number): number {
  const n = model.nChannels;
  const power = (k: number): number => {
    let re = k === j ? 1 : 0;
    let im = 0;
    for (let r = 1; r <= model.order; r++) {
      const a = model.coefficients[((r - 1) * n + k) * n + j];
      re -= a * Math.cos((2 * Math.PI * f * r) / at.samplingRate);
      im += a * Math.sin((2 * Math.PI * f * r) / at.samplingRate);
    }
    return (re * re + im * im) / model.noiseCovariance[k * n + k];
  };
  let total = 0;
  for (let k = 0; k < n; k++) total += power(k);
  return Math.sqrt(power(i) / total);
}

describe("generalised partial directed coherence", () => {
  test("row is the sink: channel 0 driving channel 1 shows at values[1 * n + 0] only", () => {
    const model = modelOf({
      nChannels: 2,
      terms: [
        [1, 0, 0, 0.5],
        [1, 1, 1, 0.5],
        [2, 1, 0, 0.4],
      ],
    });
    for (const measure of [gpdc, pdc, ipdc]) {
      const { values } = measure(model, { samplingRate: 200, frequencies: [10] });
      expect(values[1 * 2 + 0]).toBeGreaterThan(0.3);
      expect(values[0 * 2 + 1]).toBe(0);
    }
  });

  test("agrees with the definition for any number of channels and any order", () => {
    fc.assert(
      fc.property(sizes, ({ nChannels: n, order, seed }) => {
        const model = randomModel(n, order, seed);
        const { values, frequencies } = gpdc(model, at);
        frequencies.forEach((f, k) => {
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++)
              expect(values[(k * n + i) * n + j]).toBeCloseTo(textbookGpdc(model, f, i, j), 13);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("squares of a column add up to one over the sinks", () => {
    fc.assert(
      fc.property(sizes, ({ nChannels: n, order, seed }) => {
        const model = randomModel(n, order, seed);
        for (const { values } of [gpdc(model, at), pdc(model, at)]) {
          for (let f = 0; f < at.frequencies.length; f++) {
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let i = 0; i < n; i++) sum += values[(f * n + i) * n + j] ** 2;
              expect(sum).toBeCloseTo(1, 12);
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test("rescaling channels by up to ten decades changes GPDC by less than 1e-12, and PDC a lot", () => {
    const model = randomModel(4, 5, 7);
    const inOtherUnits = rescaled(model, [1e10, 1, 3e-4, 25]);
    expect(largestDifference(gpdc(model, at).values, gpdc(inOtherUnits, at).values)).toBeLessThan(1e-12);
    expect(largestDifference(ipdc(model, at).values, ipdc(inOtherUnits, at).values)).toBeLessThan(1e-12);
    expect(largestDifference(pdc(model, at).values, pdc(inOtherUnits, at).values)).toBeGreaterThan(0.5);
  });

  test("reordering the channels reorders rows and columns", () => {
    const model = randomModel(4, 3, 11);
    const order = [2, 0, 3, 1];
    for (const measure of [gpdc, pdc, ipdc]) {
      const before = measure(model, at).values;
      const after = measure(reordered(model, order), at).values;
      for (let f = 0; f < at.frequencies.length; f++)
        for (let i = 0; i < 4; i++)
          for (let j = 0; j < 4; j++)
            expect(after[(f * 4 + i) * 4 + j]).toBeCloseTo(
              before[(f * 4 + order[i]) * 4 + order[j]] ?? Number.NaN,
              13,
            );
    }
  });

  test("a longer delay of a link turns its phase and leaves its magnitude", () => {
    const delayed = (lag: number) =>
      modelOf({
        nChannels: 2,
        terms: [
          [1, 0, 0, 0.7],
          [lag, 1, 0, 0.4],
        ],
      });
    expect(largestDifference(gpdc(delayed(1), at).values, gpdc(delayed(6), at).values)).toBeLessThan(1e-14);
  });

  test("iPDC equals GPDC when the noise is uncorrelated and differs when it is not", () => {
    const model = randomModel(4, 3, 5);
    const uncorrelated = {
      ...model,
      noiseCovariance: model.noiseCovariance.map((v, q) => (q % 5 === 0 ? v : 0)),
    };
    expect(largestDifference(ipdc(uncorrelated, at).values, gpdc(uncorrelated, at).values)).toBeLessThan(
      1e-14,
    );
    expect(largestDifference(ipdc(model, at).values, gpdc(model, at).values)).toBeGreaterThan(0.01);
  });

  test("a degenerate model gives NaN everywhere, not a number that looks right", () => {
    const model = randomModel(3, 2, 1);
    const flat = {
      ...model,
      noiseCovariance: model.noiseCovariance.map((v, q) => (q === 4 ? 0 : v)),
    };
    expect(gpdc(flat, at).values.every(Number.isNaN)).toBe(true);
    const empty = { ...model, coefficients: model.coefficients.map(() => Number.NaN) };
    expect(gpdc(empty, at).values.every(Number.isNaN)).toBe(true);
    expect(pdc(empty, at).values.every(Number.isNaN)).toBe(true);
  });

  test("arrays that do not fit and frequencies beyond half the rate are refused", () => {
    const model = randomModel(3, 2, 1);
    expect(() => gpdc({ ...model, coefficients: new Float64Array(9) }, at)).toThrow(/2 x 3 x 3 = 18/);
    expect(() => gpdc(model, { samplingRate: 200, frequencies: [101] })).toThrow(/0\.\.100 Hz/);
    expect(() => gpdc(model, { samplingRate: 0, frequencies: [1] })).toThrow(/samplingRate/);
    const plan = new GpdcPlan(3, 2, [10], 200);
    expect(() => plan.execute(new Float64Array(8), model.coefficients, noiseVariance(model))).toThrow(
      /1 x 3 x 3 = 9/,
    );
  });
});

describe("a plan for band means", () => {
  const frequencies = Float64Array.from({ length: 40 }, (_, k) => k * 0.5);
  const bands = [
    { low: 3, high: 6, edges: "closed" },
    { low: 6, high: 9, edges: "half-open" },
    { low: 5, high: 7, edges: "closed" },
  ] as const;

  test("gives what the mean of the squared spectrum gives, overlapping bands included", () => {
    fc.assert(
      fc.property(sizes, ({ nChannels: n, order, seed }) => {
        const model = randomModel(n, order, seed);
        const plan = new BandedGpdcPlan(n, order, bands, frequencies, 200);
        const out = new Float64Array(bands.length * n * n);
        plan.execute(out, model.coefficients, noiseVariance(model));
        const spectrum = gpdc(model, { samplingRate: 200, frequencies });
        bands.forEach((band, b) => {
          const mean = bandMean(spectrum, { ...band, squared: true });
          expect(largestDifference(out.subarray(b * n * n, (b + 1) * n * n), mean)).toBeLessThan(1e-14);
        });
      }),
      { numRuns: 30 },
    );
  });

  test("a second execution leaves nothing of the first", () => {
    const plan = new BandedGpdcPlan(3, 2, bands, frequencies, 200);
    const [first, second] = [randomModel(3, 2, 1), randomModel(3, 2, 2)];
    const once = new Float64Array(27);
    plan.execute(once, second.coefficients, noiseVariance(second));
    const twice = new Float64Array(27);
    plan.execute(twice, first.coefficients, noiseVariance(first));
    plan.execute(twice, second.coefficients, noiseVariance(second));
    expect(twice).toEqual(once);
  });

  test("a pole on the unit circle spoils only the bands that hold its frequency", () => {
    const walk = modelOf({
      nChannels: 2,
      terms: [
        [1, 0, 0, 1],
        [1, 1, 1, 0.5],
      ],
    });
    const separate = [
      { low: 0, high: 2, edges: "closed" },
      { low: 3, high: 6, edges: "closed" },
    ] as const;
    const plan = new BandedGpdcPlan(2, 1, separate, frequencies, 200);
    const out = new Float64Array(8);
    plan.execute(out, walk.coefficients, noiseVariance(walk));
    expect(out[0]).toBeNaN();
    expect(largestDifference(out.subarray(4), [1, 0, 0, 1])).toBeLessThan(1e-15);
  });

  test("a band that holds no frequency is an error at construction", () => {
    const narrow = [{ low: 3.1, high: 3.2, edges: "closed" }] as const;
    expect(() => new BandedGpdcPlan(2, 1, narrow, frequencies, 200)).toThrow(/no frequency/);
  });
});
