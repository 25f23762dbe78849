import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { irwinHall, mulberry32 } from "../random/index.ts";
import {
  conditionOfFactor,
  divideByDefinite,
  eigenvalueModuli,
  eliminateCholesky,
  logDeterminant,
  matrixProduct,
  QrAccumulator,
  solveDefiniteSylvester,
  solveRowsBackward,
  solveRowsForward,
  symmetricEigen,
  transpose,
} from "./index.ts";

function randomMatrix(rows: number, columns: number, seed: number): Float64Array {
  const normal = irwinHall(mulberry32(seed));
  return Float64Array.from({ length: rows * columns }, normal);
}

function randomDefinite(n: number, seed: number): Float64Array {
  const x = randomMatrix(n, 2 * n, seed);
  return matrixProduct(x, transpose(x, n, 2 * n), n, 2 * n, n);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

const sizes = fc.record({ n: fc.integer({ min: 1, max: 11 }), seed: fc.integer({ min: 0, max: 1e6 }) });

describe("eliminateCholesky", () => {
  test("the factor times its transpose gives the matrix back, at every size", () => {
    fc.assert(
      fc.property(sizes, ({ n, seed }) => {
        const matrix = randomDefinite(n, seed);
        const factor = matrix.slice();
        const reciprocals = new Float64Array(n);
        expect(eliminateCholesky(factor, n, n, reciprocals)).toBeGreaterThan(0);
        for (let i = 0; i < n; i++) {
          expect(factor[i * n + i] * reciprocals[i]).toBeCloseTo(1, 14);
          factor.fill(0, i * n + i + 1, (i + 1) * n);
        }
        const product = matrixProduct(factor, transpose(factor, n, n), n, n, n);
        expect(largestDifference(product, matrix)).toBeLessThan(1e-13 * Math.max(...matrix));
      }),
    );
  });

  test("with fewer pivots the trailing block is the Schur complement", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), ({ n, seed }, nTargets) => {
        const size = n + nTargets;
        const matrix = randomDefinite(size, seed);
        const part = (r0: number, r1: number, c0: number, c1: number) => {
          const out: number[] = [];
          for (let r = r0; r < r1; r++) for (let c = c0; c < c1; c++) out.push(matrix[r * size + c]);
          return Float64Array.from(out);
        };
        const cross = part(n, size, 0, n);
        const solved = divideByDefinite(cross, part(0, n, 0, n), nTargets, n)!;
        const explained = matrixProduct(solved, transpose(cross, nTargets, n), nTargets, n, nTargets);
        const expected = part(n, size, n, size).map((value, at) => value - explained[at]);
        eliminateCholesky(matrix, size, n, new Float64Array(n));
        const scale = Math.max(...expected);
        for (let i = 0; i < nTargets; i++) {
          for (let j = 0; j <= i; j++)
            expect(Math.abs(matrix[(n + i) * size + n + j] - expected[i * nTargets + j])).toBeLessThan(
              1e-11 * scale,
            );
        }
      }),
    );
  });

  test("the smallest scaled pivot is 1 - R^2, and does not change with the units of the variables", () => {
    const r = 0.6;
    for (const unit of [1, 1e-10, 1e10]) {
      const matrix = Float64Array.of(1, 0, r * unit, unit * unit);
      expect(eliminateCholesky(matrix, 2, 2, new Float64Array(2))).toBeCloseTo(1 - r * r, 14);
    }
  });

  test("a matrix that is not positive definite gives 0", () => {
    expect(eliminateCholesky(Float64Array.of(1, 0, 2, 1), 2, 2, new Float64Array(2))).toBe(0);
    expect(eliminateCholesky(Float64Array.of(0), 1, 1, new Float64Array(1))).toBe(0);
    expect(eliminateCholesky(Float64Array.of(Number.NaN), 1, 1, new Float64Array(1))).toBe(0);
  });

  test("the log-determinant of a diagonal matrix is the sum of logarithms, and -Infinity for a singular one", () => {
    expect(logDeterminant(Float64Array.of(4, 0, 0, 9), 2)).toBeCloseTo(Math.log(36), 14);
    expect(logDeterminant(Float64Array.of(1, 1, 1, 1), 2)).toBe(Number.NEGATIVE_INFINITY);
  });
});

test("triangular solves of any number of rows undo the product with the factor", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 9 }), ({ n, seed }, nRows) => {
      const factor = randomDefinite(n, seed);
      const reciprocals = new Float64Array(n);
      eliminateCholesky(factor, n, n, reciprocals);
      for (let i = 0; i < n; i++) factor.fill(0, i * n + i + 1, (i + 1) * n);
      const x = randomMatrix(nRows, n, seed + 1);
      const backward = matrixProduct(x, factor, nRows, n, n);
      solveRowsBackward(backward, nRows, n, factor, n, n, reciprocals);
      expect(largestDifference(backward, x)).toBeLessThan(1e-9);
      const forward = matrixProduct(x, transpose(factor, n, n), nRows, n, n);
      solveRowsForward(forward, nRows, n, factor, n, n, reciprocals);
      expect(largestDifference(forward, x)).toBeLessThan(1e-9);
    }),
  );
});

describe("QrAccumulator", () => {
  const absorb = (x: Float64Array, rows: number, columns: number, cuts: readonly number[]) => {
    const qr = new QrAccumulator(columns, rows);
    let from = 0;
    for (const to of [...cuts, rows]) {
      for (let c = 0; c < columns; c++)
        for (let r = from; r < to; r++) qr.block[c * rows + r - from] = x[r * columns + c];
      qr.absorb(to - from);
      from = to;
    }
    return qr.triangle;
  };

  test("the triangle has the cross-products of the data, however the rows are cut", () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }), ({ n, seed }, cuts) => {
        const rows = 20;
        const x = randomMatrix(rows, n, seed);
        const r = absorb(
          x,
          rows,
          n,
          cuts.sort((a, b) => a - b),
        );
        const expected = matrixProduct(transpose(x, rows, n), x, n, rows, n);
        expect(largestDifference(matrixProduct(transpose(r, n, n), r, n, n, n), expected)).toBeLessThan(
          1e-12 * 100,
        );
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(r[i * n + j]).toBe(0);
      }),
    );
  });

  test("keeps digits that the cross-products lose", () => {
    // Columns (1, tiny, 0) and (1, 0, tiny): the second diagonal is sqrt(2) tiny, but 1 + tiny^2 rounds to 1.
    const tiny = 1e-9;
    const r = absorb(Float64Array.of(1, 1, tiny, 0, 0, tiny), 3, 2, []);
    expect(Math.abs(Math.abs(r[3]) / (Math.SQRT2 * tiny) - 1)).toBeLessThan(1e-6);
  });

  test("a column of zeros is left alone", () => {
    const r = absorb(Float64Array.of(1, 0, 2, 1, 0, 3, 1, 0, 5), 3, 3, []);
    expect(r[4]).toBe(0);
    expect(r[5]).toBe(0);
    expect(Math.abs(r[8])).toBeGreaterThan(1);
  });
});

describe("eigenvalueModuli", () => {
  const sorted = (moduli: Float64Array) => Array.from(moduli).sort((a, b) => b - a);

  /** Companion matrix of the monic polynomial with the given real roots and pairs r e^{+-i angle}. */
  function companion(real: readonly number[], pairs: readonly (readonly [number, number])[]): Float64Array {
    let polynomial = [1];
    const times = (factor: readonly number[]) => {
      const out = new Array<number>(polynomial.length + factor.length - 1).fill(0);
      polynomial.forEach((a, i) => {
        factor.forEach((b, j) => {
          out[i + j] += a * b;
        });
      });
      polynomial = out;
    };
    for (const root of real) times([1, -root]);
    for (const [r, angle] of pairs) times([1, -2 * r * Math.cos(angle), r * r]);
    const n = polynomial.length - 1;
    const out = new Float64Array(n * n);
    for (let j = 0; j < n; j++) out[j] = -polynomial[j + 1];
    for (let i = 1; i < n; i++) out[i * n + i - 1] = 1;
    return out;
  }

  test("the roots of a polynomial come back as moduli", () => {
    const real = [0.3, -0.7, 1.4];
    const pairs = [
      [0.95, 0.3],
      [0.9, 1.1],
      [0.5, 2.5],
    ] as const;
    const moduli = sorted(eigenvalueModuli(companion(real, pairs), 9));
    expect(largestDifference(moduli, [1.4, 0.95, 0.95, 0.9, 0.9, 0.7, 0.5, 0.5, 0.3])).toBeLessThan(1e-12);
  });

  test("for a symmetric matrix they are the moduli of its eigenvalues, at any size and in any basis of units", () => {
    fc.assert(
      fc.property(
        fc.record({ n: fc.integer({ min: 1, max: 30 }), seed: fc.integer({ min: 0, max: 1e6 }) }),
        ({ n, seed }) => {
          const x = randomMatrix(n, n, seed);
          const symmetric = x.map((value, at) => value + x[(at % n) * n + Math.floor(at / n)]);
          const expected = sorted(symmetricEigen(symmetric.slice(), n).values.map(Math.abs));
          const unit = (i: number) => 10 ** (((i * 7) % 13) - 6);
          const scaled = symmetric.map((value, at) => (value * unit(Math.floor(at / n))) / unit(at % n));
          expect(largestDifference(sorted(eigenvalueModuli(scaled, n)), expected)).toBeLessThan(
            1e-11 * expected[0],
          );
        },
      ),
    );
  });

  test("rotations, permutations, zero and nilpotent matrices", () => {
    expect(sorted(eigenvalueModuli(Float64Array.of(0, -4, 1, 0), 2))).toEqual([2, 2]);
    expect(sorted(eigenvalueModuli(new Float64Array(9), 3))).toEqual([0, 0, 0]);
    expect(sorted(eigenvalueModuli(Float64Array.of(0, 1, 0, 0, 0, 1, 0, 0, 0), 3))).toEqual([0, 0, 0]);
    const cycle = new Float64Array(49);
    for (let i = 0; i < 7; i++) cycle[i * 7 + ((i + 1) % 7)] = 1;
    expect(largestDifference(eigenvalueModuli(cycle, 7), new Array(7).fill(1))).toBeLessThan(1e-13);
  });
});

test("symmetricEigen: the vectors are orthonormal and rebuild the matrix", () => {
  fc.assert(
    fc.property(sizes, ({ n, seed }) => {
      const matrix = randomDefinite(n, seed);
      const { values, vectors } = symmetricEigen(matrix.slice(), n);
      const scaled = vectors.map((value, at) => value * values[at % n]);
      const rebuilt = matrixProduct(scaled, transpose(vectors, n, n), n, n, n);
      expect(largestDifference(rebuilt, matrix)).toBeLessThan(1e-12 * Math.max(...values));
      const identity = matrixProduct(transpose(vectors, n, n), vectors, n, n, n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) expect(identity[i * n + j]).toBeCloseTo(i === j ? 1 : 0, 12);
    }),
  );
});

test("solveDefiniteSylvester satisfies its equation", () => {
  fc.assert(
    fc.property(sizes, ({ n, seed }) => {
      const [f, p, b, q] = [1, 2, 3, 4].map((k) => randomDefinite(n, seed + k));
      const c = randomMatrix(n, n, seed + 5);
      const x = solveDefiniteSylvester(f, p, b, q, c, n)!;
      const left = matrixProduct(divideByDefinite(f, p, n, n)!, x, n, n, n);
      const right = matrixProduct(x, transpose(divideByDefinite(b, q, n, n)!, n, n), n, n, n);
      const sum = left.map((value, at) => value + right[at]);
      expect(largestDifference(sum, c)).toBeLessThan(1e-9);
    }),
  );
});

test("solveDefiniteSylvester refuses a singular covariance", () => {
  const one = Float64Array.of(1, 0, 0, 1);
  const singular = Float64Array.of(1, 1, 1, 1);
  expect(solveDefiniteSylvester(one, singular, one, one, one, 2)).toBeUndefined();
});

test("the condition estimate of two correlated variables is sqrt((1 + r) / (1 - r)), whatever their units", () => {
  for (const r of [0, 0.5, 0.999999]) {
    for (const unit of [1, 1e-8, 1e6]) {
      const factor = Float64Array.of(1, 0, r * unit, Math.sqrt(1 - r * r) * unit);
      expect(conditionOfFactor(factor, 2, 2) / Math.sqrt((1 + r) / (1 - r))).toBeCloseTo(1, 5);
    }
  }
});
