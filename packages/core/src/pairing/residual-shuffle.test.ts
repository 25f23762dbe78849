import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LagMoments } from "../mvar/index.ts";
import { textbookSquaredGpdc } from "../mvar/test-networks.ts";
import { counterRandom, permutation } from "../random/index.ts";
import { kolmogorovSmirnovUniform, mean, permutationP } from "../statistics/index.ts";
import { blockShuffle } from "../surrogate/index.ts";
import { DirectedFit } from "./directed-fit.ts";
import { type Direction, directionMeans, directionsBetween } from "./directions.ts";
import { adultAndInfant, dyadTerms, type People, processWindows } from "./example-windows.test-support.ts";
import { PairedMoments } from "./paired-moments.ts";
import { ResidualShuffle } from "./residual-shuffle.ts";
import { identityPairing, type WindowSet } from "./window-set.ts";

const BINS = 64;
const bands = [
  { low: 3, high: 6 },
  { low: 6, high: 9 },
];

function pooledFit(set: WindowSet, order: number) {
  const moments = new LagMoments(set.nChannels, order);
  for (const window of set.windows) moments.addWindow(window, set.nSamples);
  const fit = new DirectedFit({
    nChannels: set.nChannels,
    order,
    samplingRate: 200,
    frequencyBins: BINS,
    bands,
  });
  expect(fit.execute(moments.gram, moments.nRows)).toBe("ok");
  const { gram, nRows } = moments;
  return {
    fit,
    pooled: { order, gram, nRows, coefficients: fit.coefficients, noiseCovariance: fit.noiseCovariance },
  };
}

/** Least squares by normal equations and Gaussian elimination, nothing shared between calls. */
function leastSquares(rows: readonly number[][], targets: readonly number[]): number[] {
  const m = rows[0].length;
  const a = Array.from({ length: m }, (_, r) => [
    ...Array.from({ length: m }, (_, c) => rows.reduce((sum, row) => sum + row[r] * row[c], 0)),
    rows.reduce((sum, row, t) => sum + row[r] * targets[t], 0),
  ]);
  for (let p = 0; p < m; p++) {
    const pivot = a.reduce(
      (best, row, r) => (r >= p && Math.abs(row[p]) > Math.abs(a[best][p]) ? r : best),
      p,
    );
    [a[p], a[pivot]] = [a[pivot], a[p]];
    for (let r = 0; r < m; r++) {
      if (r === p) continue;
      const factor = a[r][p] / a[p][p];
      for (let c = p; c <= m; c++) a[r][c] -= factor * a[p][c];
    }
  }
  return a.map((row, r) => row[m] / row[r]);
}
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The null in so many words: x* is made sample by sample and the whole model fitted to it. `[band, sink, source]`. */
function textbook(
  set: WindowSet,
  order: number,
  direction: Direction,
  places: Int32Array,
  unit: number,
): number[] {
  const { nChannels: n, nSamples, windows } = set;
  const nUsed = nSamples - order;
  const pasts: number[][] = [];
  for (const window of windows)
    for (let t = order; t < nSamples; t++)
      pasts.push(
        Array.from({ length: n * order }, (_, c) => window[(c % n) * nSamples + t - 1 - Math.floor(c / n)]),
      );
  const isSender = (c: number) => direction.fromChannels.includes(c % n);
  const withoutSender = pasts.map((row) => row.filter((_, c) => !isSender(c)));
  const coefficients = new Float64Array(order * n * n);
  const variances: number[] = [];
  for (let sink = 0; sink < n; sink++) {
    let targets = windows.flatMap((window) => [
      ...window.subarray(sink * nSamples + order, (sink + 1) * nSamples),
    ]);
    if (direction.toChannels.includes(sink)) {
      const restricted = leastSquares(withoutSender, targets);
      const predicted = withoutSender.map((row) => dot(row, restricted));
      const residuals = targets.map((value, t) => value - predicted[t]);
      targets = predicted.map((value, t) => {
        const w = Math.floor(t / nUsed);
        const source = places[Math.floor(w / unit)] * unit + (w % unit);
        return value + residuals[source * nUsed + (t % nUsed)];
      });
    }
    const solution = leastSquares(pasts, targets);
    variances.push(mean(targets.map((value, t) => (value - dot(pasts[t], solution)) ** 2)));
    solution.forEach((value, c) => {
      coefficients[(Math.floor(c / n) * n + sink) * n + (c % n)] = value;
    });
  }
  return bands.flatMap(({ low, high }) => {
    const inBand = Array.from({ length: BINS }, (_, k) => k / (2 * BINS)).filter(
      (f) => f * 200 >= low && f * 200 <= high,
    );
    const spectrum = textbookSquaredGpdc(coefficients, variances, inBand);
    return Array.from({ length: n * n }, (_, at) => mean(inBand.map((_, f) => spectrum[f * n * n + at])));
  });
}

const family: People = [
  ["adult", 1],
  ["infant", 1],
  ["child", 2],
];

describe("ResidualShuffle", () => {
  test("equals its textbook version: other data, a new fit, the measure of its coefficients", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(adultAndInfant, family),
        fc.nat(5),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 2, max: 3 }),
        fc.nat(1e6),
        (people, which, unit, order, seed) => {
          const set = processWindows(people, dyadTerms(0.15), 6, 40, seed);
          const { fit, pooled } = pooledFit(set, order);
          const directions = directionsBetween(set.people);
          const direction = directions[which % directions.length];
          const places = permutation(6 / unit, counterRandom(seed));
          const out = new Float64Array(bands.length * 16);
          new ResidualShuffle(set, pooled, direction, fit.plan, unit).execute(out, places);
          const expected = textbook(set, order, direction, places, unit);
          for (let b = 0; b < bands.length; b++)
            for (const i of direction.toChannels)
              for (const j of direction.fromChannels) {
                const at = (b * 4 + i) * 4 + j;
                expect(Math.abs(out[at] - expected[at])).toBeLessThan(1e-8);
              }
        },
      ),
      { numRuns: 25 },
    );
  });

  test("residuals that stay where they were give the recording itself", () => {
    const set = processWindows(adultAndInfant, dyadTerms(0.1), 10, 100, 3);
    const { fit, pooled } = pooledFit(set, 3);
    for (const direction of directionsBetween(set.people)) {
      const out = new Float64Array(32);
      const shuffle = new ResidualShuffle(set, pooled, direction, fit.plan);
      shuffle.execute(
        out,
        Int32Array.from({ length: 10 }, (_, w) => w),
      );
      out.forEach((value, at) => {
        expect(value).toBeCloseTo(fit.matrices[at], 9);
      });
    }
  });

  test("one permutation leaves nothing behind for the next", () => {
    const set = processWindows(adultAndInfant, dyadTerms(0.1), 8, 60, 4);
    const { fit, pooled } = pooledFit(set, 2);
    const [direction] = directionsBetween(set.people);
    const shuffle = new ResidualShuffle(set, pooled, direction, fit.plan);
    const run = (places: Int32Array, by = shuffle) => {
      const out = new Float64Array(32);
      by.execute(out, places);
      return out;
    };
    const [a, b] = [permutation(8, counterRandom(1)), permutation(8, counterRandom(2))];
    const first = run(a);
    run(b);
    expect(run(a)).toEqual(first);
    expect(run(a, new ResidualShuffle(set, pooled, direction, fit.plan))).toEqual(first);
  });

  /** p of both directions in the alpha band by residual shuffle, and by shuffling whole windows. */
  function judge(set: WindowSet, order: number, nSurrogates: number, seed: number) {
    const { fit, pooled } = pooledFit(set, order);
    const directions = directionsBetween(set.people);
    const nValues = directions.length * bands.length;
    const value = new Float64Array(nValues);
    directionMeans(value, fit.matrices, directions, set.nChannels);
    const out = new Float64Array(bands.length * set.nChannels ** 2);
    const means = new Float64Array(nValues);
    const residual = directions.map((direction, d) => {
      const uniform = counterRandom("residual", seed, d);
      const shuffle = new ResidualShuffle(set, pooled, direction, fit.plan);
      return Array.from({ length: nSurrogates }, () => {
        shuffle.execute(out, permutation(set.nWindows, uniform));
        directionMeans(means, out, directions, set.nChannels);
        return means[d * bands.length + 1];
      });
    });
    const paired = new PairedMoments(set, order);
    const gram = new Float64Array(pooled.gram.length);
    const uniform = counterRandom("block", seed);
    const block: number[][] = directions.map(() => []);
    for (let s = 0; s < nSurrogates; s++) {
      const pairing = identityPairing(set);
      pairing[1] = blockShuffle(set.nWindows, { minimumShift: 1, uniform });
      paired.gram(gram, pairing);
      expect(fit.execute(gram, paired.nRows)).toBe("ok");
      directionMeans(means, fit.matrices, directions, set.nChannels);
      for (const d of directions.keys()) block[d].push(means[d * bands.length + 1]);
    }
    return directions.map((_, d) => ({
      value: value[d * bands.length + 1],
      residual: residual[d],
      block: block[d],
    }));
  }

  test("without coupling its p-values are uniform", () => {
    const one: People = [
      ["adult", 1],
      ["infant", 1],
    ];
    const ps: number[] = [];
    for (let seed = 0; seed < 150; seed++) {
      const terms = dyadTerms(0).filter(([, sink, source]) => sink === source && (sink === 0 || sink === 2));
      const apart = terms.map(([lag, sink, source, value]) => [lag, sink / 2, source / 2, value] as const);
      for (const { value, residual } of judge(processWindows(one, apart, 15, 60, 1000 + seed), 2, 39, seed))
        ps.push(permutationP(value, residual));
    }
    expect(mean(ps)).toBeGreaterThan(0.45);
    expect(mean(ps)).toBeLessThan(0.57);
    expect(kolmogorovSmirnovUniform(ps, { levels: 40 }).p).toBeGreaterThan(0.001);
  });

  test("under strong coupling one way it stays calibrated the other way, which shuffled windows do not", () => {
    const nRecordings = 100;
    const mixing = [
      [1, 0, 0.5],
      [3, 2, 0.5],
    ] as const;
    const reverse = Array.from({ length: nRecordings }, (_, seed) => {
      const set = processWindows(adultAndInfant, dyadTerms(0.1), 20, 100, seed, mixing);
      return judge(set, 3, 39, seed)[1];
    });
    const falsePositives = (by: "residual" | "block") =>
      reverse.filter((each) => permutationP(each.value, each[by]) <= 0.05).length;
    const chance = (by: "residual" | "block") => mean(reverse.map((each) => mean(each[by])));
    const observed = mean(reverse.map(({ value }) => value));
    // The central 99 % of the binomial distribution of 100 recordings at 0.05.
    expect(falsePositives("residual")).toBeGreaterThanOrEqual(1);
    expect(falsePositives("residual")).toBeLessThanOrEqual(11);
    expect(chance("residual") / observed).toBeGreaterThan(0.9);
    expect(chance("residual") / observed).toBeLessThan(1.1);
    // Without the drive that shapes it, the infant's spectrum is another one, and with it the chance level.
    expect(chance("block") / observed).toBeGreaterThan(1.5);
    expect(falsePositives("block")).toBeLessThan(falsePositives("residual"));
  });
});
