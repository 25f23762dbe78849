import { ShapeError } from "../errors.ts";
import { eliminateCholesky, solveRowsBackward, solveRowsForward } from "../linalg/index.ts";
import { bandIndices, type FrequencyBand } from "./band.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { checkedFrequencies } from "./spectrum.ts";

/**
 * Band means of the floor of {@link gpdcNullFloor}, one pooled model after another: for permutations that change a model and
 * with it its chance level.
 *
 *     out_b,j = mean over f in band b of  sum_{r,s} Q_jj(r, s) cos(w (r - s)) / den_j(f)
 *
 * with Q the inverse of the regressors' Gram matrix, which is the inverse covariance divided by the number of rows.
 */
export class BandedNullFloorPlan {
  readonly #transform: CoefficientTransform;
  readonly #share: Float64Array;
  readonly #nBands: number;
  /** `[frequency, lag difference]`. */
  readonly #cos: Float64Array;
  readonly #factor: Float64Array;
  readonly #reciprocals: Float64Array;
  readonly #inverse: Float64Array;
  readonly #diagonals: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  constructor(
    nChannels: number,
    order: number,
    bands: readonly FrequencyBand[],
    frequencies: ArrayLike<number>,
    samplingRate: number,
  ) {
    const grid = checkedFrequencies("BandedNullFloorPlan", frequencies, samplingRate);
    const inside = bands.map((band) => bandIndices("BandedNullFloorPlan", grid, band));
    const used = grid.filter((_, f) => inside.some((indices) => indices.includes(f)));
    this.#transform = new CoefficientTransform(nChannels, order, used, samplingRate);
    this.#nBands = bands.length;
    this.#share = new Float64Array(bands.length * used.length);
    inside.forEach((indices, b) => {
      for (const f of indices) this.#share[b * used.length + used.indexOf(grid[f])] += 1 / indices.length;
    });
    this.#cos = Float64Array.from({ length: used.length * order }, (_, at) =>
      Math.cos((2 * Math.PI * used[Math.floor(at / order)] * (at % order)) / samplingRate),
    );
    const m = nChannels * order;
    this.#factor = new Float64Array(m * m);
    this.#reciprocals = new Float64Array(m);
    this.#inverse = new Float64Array(m * m);
    this.#diagonals = new Float64Array(order);
    this.#real = new Float64Array(nChannels * nChannels);
    this.#imaginary = new Float64Array(nChannels * nChannels);
  }

  /**
   * Allocates nothing.
   *
   * @param out           `[band, source]`; NaN when the regressors repeat each other
   * @param gram          as `LagMoments.gram`
   * @param coefficients  `[order, sink, source]`
   * @param noiseVariance `[nChannels]`
   */
  execute(
    out: Float64Array,
    gram: Float64Array,
    coefficients: Float64Array,
    noiseVariance: Float64Array,
  ): void {
    const { nChannels: n, order, frequencies } = this.#transform;
    if (out.length !== this.#nBands * n)
      throw new ShapeError("BandedNullFloorPlan", `out of ${this.#nBands} x ${n} numbers`, `${out.length}`);
    this.#transform.checkCoefficients("BandedNullFloorPlan", coefficients);
    if (!this.#invertRegressors(gram)) {
      out.fill(Number.NaN);
      return;
    }
    out.fill(0);
    for (let j = 0; j < n; j++) {
      this.#sumDiagonals(j);
      for (let f = 0; f < frequencies.length; f++) {
        let form = this.#diagonals[0];
        for (let d = 1; d < order; d++) form += 2 * this.#diagonals[d] * this.#cos[f * order + d];
        this.#transform.executeAt(f, this.#real, this.#imaginary, coefficients);
        let denominator = 0;
        for (let k = 0; k < n; k++) {
          const q = k * n + j;
          denominator += (this.#real[q] ** 2 + this.#imaginary[q] ** 2) / noiseVariance[k];
        }
        for (let b = 0; b < this.#nBands; b++) {
          out[b * n + j] += this.#share[b * frequencies.length + f] * (form / denominator);
        }
      }
    }
  }

  /** Sums over the diagonals of Q_jj: all that the cosine form needs. */
  #sumDiagonals(j: number): void {
    const { nChannels: n, order } = this.#transform;
    const m = n * order;
    for (let d = 0; d < order; d++) {
      let sum = 0;
      for (let r = d; r < order; r++) sum += this.#inverse[(r * n + j) * m + (r - d) * n + j];
      this.#diagonals[d] = sum;
    }
  }

  #invertRegressors(gram: Float64Array): boolean {
    const { nChannels: n, order } = this.#transform;
    const m = n * order;
    const side = m + n;
    const factor = this.#factor;
    for (let r = 0; r < m; r++) for (let c = 0; c <= r; c++) factor[r * m + c] = gram[(n + r) * side + n + c];
    if (!(eliminateCholesky(factor, m, m, this.#reciprocals) > 0)) return false;
    const inverse = this.#inverse.fill(0);
    for (let r = 0; r < m; r++) inverse[r * m + r] = 1;
    solveRowsForward(inverse, m, m, factor, m, m, this.#reciprocals);
    solveRowsBackward(inverse, m, m, factor, m, m, this.#reciprocals);
    return true;
  }
}
