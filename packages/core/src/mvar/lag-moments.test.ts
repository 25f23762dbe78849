import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../errors.ts";
import { assembleGram, crossLagMoments } from "./cross-lag-moments.ts";
import { fitMvar } from "./fit-mvar.ts";
import { LagMoments } from "./lag-moments.ts";
import { MomentSolver } from "./moment-solver.ts";
import { MvarPlan } from "./mvar-plan.ts";
import { solveMoments } from "./solve-moments.ts";
import { BACCALA_EXAMPLE_3, cutRecord, largestDifference, simulateNetwork } from "./test-networks.ts";

const record = simulateNetwork(BACCALA_EXAMPLE_3, 5, 1000, 21);

/** Every product summed on its own. */
function textbookGram(x: Float64Array, n: number, order: number): Float64Array {
  const nSamples = x.length / n;
  const side = (order + 1) * n;
  const out = new Float64Array(side * side);
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      const a = (r % n) * nSamples - Math.floor(r / n);
      const b = (c % n) * nSamples - Math.floor(c / n);
      for (let t = order; t < nSamples; t++) out[r * side + c] += x[a + t] * x[b + t];
    }
  }
  return out;
}

const shapes = fc.record({
  n: fc.integer({ min: 1, max: 5 }),
  order: fc.integer({ min: 1, max: 10 }),
  rows: fc.integer({ min: 1, max: 40 }),
});

function channels(first: number, n: number, from: number, nSamples: number): Float64Array {
  const [window] = cutRecord(record.slice(first * 1000, (first + n) * 1000), n, [[from, from + nSamples]]);
  return window;
}

describe("LagMoments", () => {
  test("hold the sums of all lagged products, at every shape", () => {
    fc.assert(
      fc.property(shapes, ({ n, order, rows }) => {
        const x = channels(0, n, 100, order + rows);
        const moments = new LagMoments(n, order);
        moments.addWindow(x, order + rows);
        expect(largestDifference(moments.gram, textbookGram(x, n, order))).toBeLessThan(1e-10);
        expect(moments.nRows).toBe(rows);
      }),
    );
  });

  test("add, scale and copy treat rows like products", () => {
    const a = new LagMoments(2, 3);
    const b = new LagMoments(2, 3);
    a.addWindow(channels(0, 2, 0, 50), 50);
    b.addWindow(channels(0, 2, 50, 80), 80);
    const sum = new LagMoments(2, 3);
    sum.copyFrom(a);
    sum.scale(0.5);
    sum.add(b);
    sum.add(a, 0.5);
    const both = new LagMoments(2, 3);
    both.addWindow(channels(0, 2, 0, 50), 50);
    both.addWindow(channels(0, 2, 50, 80), 80);
    expect(largestDifference(sum.gram, both.gram)).toBeLessThan(1e-10);
    expect(sum.nRows).toBe(both.nRows);
    sum.clear();
    expect(sum.nRows).toBe(0);
    expect(sum.gram.every((value) => value === 0)).toBe(true);
    expect(() => sum.add(new LagMoments(2, 4))).toThrow(ShapeError);
    expect(() => sum.addWindow(new Float64Array(7), 4)).toThrow(ShapeError);
  });

  test("the sum over windows solves to the pooled fit", () => {
    const windows = cutRecord(record, 5, [
      [0, 200],
      [200, 420],
      [500, 1000],
    ]);
    const moments = new LagMoments(5, 4);
    for (const window of windows) {
      const part = new LagMoments(5, 4);
      part.addWindow(window, window.length / 5);
      moments.add(part);
    }
    const expected = fitMvar(windows, { nChannels: 5, order: 4, demean: false });
    const model = solveMoments(moments, { demean: false });
    expect(largestDifference(model.coefficients, expected.coefficients)).toBeLessThan(1e-11);
    expect(largestDifference(model.noiseCovariance, expected.noiseCovariance)).toBeLessThan(1e-11);
    expect(model.nObservations).toBe(expected.nObservations);
    expect(model.status).toBe("ok");
    expect(model.conditionEstimate).toBeCloseTo(expected.conditionEstimate, 6);
  });
});

describe("a joint Gram matrix from parts", () => {
  test("equals the moments of the stacked window, at every shape", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 3 }), ({ n, order, rows }, nB) => {
        const nA = Math.min(n, 5 - nB);
        const nSamples = order + rows;
        const a = channels(0, nA, 30, nSamples);
        const b = channels(nA, nB, 400, nSamples);
        const joint = new Float64Array(a.length + b.length);
        joint.set(a);
        joint.set(b, a.length);
        const side = (order + 1) * (nA + nB);
        const shape = { nA, nB, order };
        const ab = new Float64Array((order + 1) ** 2 * nA * nB).fill(Number.NaN);
        const out = new Float64Array(side * side).fill(Number.NaN);
        crossLagMoments(ab, a, b, shape);
        const aa = new LagMoments(nA, order);
        const bb = new LagMoments(nB, order);
        aa.addWindow(a, nSamples);
        bb.addWindow(b, nSamples);
        assembleGram(out, aa.gram, bb.gram, ab, shape);
        expect(largestDifference(out, textbookGram(joint, nA + nB, order))).toBeLessThan(1e-10);
      }),
    );
  });

  test("windows of different length cannot be paired", () => {
    const out = new Float64Array(4);
    expect(() =>
      crossLagMoments(out, new Float64Array(10), new Float64Array(11), { nA: 1, nB: 1, order: 1 }),
    ).toThrow(ShapeError);
  });
});

describe("MomentSolver", () => {
  test("gives the same bits for the same moments, whatever it solved before", () => {
    const moments = new LagMoments(5, 4);
    moments.addWindow(record, 1000);
    const run = (solver: MomentSolver) => {
      const out = [new Float64Array(100), new Float64Array(25)] as const;
      expect(solver.execute(moments.gram, moments.nRows, ...out)).toBe("ok");
      return out;
    };
    const used = new MomentSolver(5, 4);
    const other = new LagMoments(5, 4);
    other.addWindow(channels(0, 5, 0, 90), 90);
    used.execute(other.gram, other.nRows, new Float64Array(100), new Float64Array(25));
    expect(run(used)).toEqual(run(new MomentSolver(5, 4)));
    expect(used.smallestScaledPivot).toBeGreaterThan(0);
  });

  test("refuses too few rows and repeated regressors, and leaves NaN", () => {
    const solver = new MomentSolver(2, 2);
    const coefficients = new Float64Array(8);
    const noise = new Float64Array(4);
    const few = new LagMoments(2, 2);
    few.addWindow(channels(0, 2, 0, 6), 6);
    expect(solver.execute(few.gram, few.nRows, coefficients, noise)).toBe("insufficient-data");
    expect(coefficients.every(Number.isNaN) && noise.every(Number.isNaN)).toBe(true);
    const copied = new Float64Array(200);
    copied.set(channels(0, 1, 0, 100));
    copied.set(channels(0, 1, 0, 100), 100);
    const same = new LagMoments(2, 2);
    same.addWindow(copied, 100);
    expect(solver.execute(same.gram, same.nRows, coefficients, noise)).toBe("not-positive-definite");
    expect(solver.smallestScaledPivot).toBe(0);
    expect(solveMoments(same).status).toBe("not-positive-definite");
    expect(solveMoments(same).spectralRadius).toBeNaN();
  });
});

describe("MvarPlan", () => {
  test("gives fitMvar to the bit, window after window, by every route", () => {
    const plan = new MvarPlan({ nChannels: 5, order: 3, nSamples: 250 });
    const coefficients = new Float64Array(75);
    const noise = new Float64Array(25);
    const solvers = new Set<string>();
    for (const pole of [0, 0.8, 0.99, 0.5]) {
      const window = channels(0, 5, Math.round(100 * pole), 250);
      for (let pass = 0; pass < 4; pass++) {
        for (let at = 0; at < window.length; at++) if (at % 250 > 0) window[at] += pole * window[at - 1];
      }
      const expected = fitMvar([window], { nChannels: 5, order: 3 });
      plan.execute(window, coefficients, noise);
      expect(coefficients).toEqual(expected.coefficients);
      expect(noise).toEqual(expected.noiseCovariance);
      expect(plan.solver).toBe(expected.solver);
      solvers.add(plan.solver);
    }
    expect(solvers).toEqual(new Set(["cholesky", "refined", "qr"]));
  });

  test("flags a flat channel and recovers with the next window", () => {
    const plan = new MvarPlan({ nChannels: 2, order: 2, nSamples: 100 });
    const out = [new Float64Array(8), new Float64Array(4)] as const;
    const good = channels(0, 2, 0, 100);
    const flat = good.slice();
    flat.fill(7.5, 100);
    expect(plan.execute(flat, ...out)).toBe("not-positive-definite");
    expect(plan.execute(good, ...out)).toBe("ok");
    expect(() => plan.execute(good.subarray(1), ...out)).toThrow(ShapeError);
  });
});
