import { divideByDefinite, eliminateCholesky } from "../linalg/index.ts";

/** A term of which less than this share is its own counts as following from the others. */
const COLLINEAR = 1e-10;

/** Cross-products of terms with each other and with the outcome, and their solution. */
export class NormalEquations {
  readonly nTerms: number;
  /** `[nTerms, nTerms]` */
  readonly gram: Float64Array;
  /** `[nTerms]` */
  readonly target: Float64Array;
  /** Sum of squares of the outcome. */
  squares = 0;

  constructor(nTerms: number) {
    this.nTerms = nTerms;
    this.gram = new Float64Array(nTerms * nTerms);
    this.target = new Float64Array(nTerms);
  }

  /** Adds weight times the products of one row. */
  add(row: ArrayLike<number>, outcome: number, weight = 1): void {
    const p = this.nTerms;
    for (let i = 0; i < p; i++) {
      const scaled = weight * row[i];
      for (let j = 0; j < p; j++) this.gram[i * p + j] += scaled * row[j];
      this.target[i] += scaled * outcome;
    }
    this.squares += weight * outcome * outcome;
  }

  /** @returns estimates, the inverse of the gram matrix and ln of its determinant; `undefined` when collinear */
  solve(): { estimates: Float64Array; inverse: Float64Array; logDeterminant: number } | undefined {
    const p = this.nTerms;
    const factor = this.gram.slice();
    const reciprocals = new Float64Array(p);
    if (eliminateCholesky(factor, p, p, reciprocals) < COLLINEAR) return undefined;
    const identity = new Float64Array(p * p);
    for (let i = 0; i < p; i++) identity[i * p + i] = 1;
    const inverse = divideByDefinite(identity, this.gram, p, p);
    const estimates = divideByDefinite(this.target, this.gram, 1, p);
    if (inverse === undefined || estimates === undefined) return undefined;
    let logDeterminant = 0;
    for (const reciprocal of reciprocals) logDeterminant -= 2 * Math.log(reciprocal);
    return { estimates, inverse, logDeterminant };
  }
}
