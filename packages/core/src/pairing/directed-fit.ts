import { BandedGpdcPlan, frequencyGrid } from "../coupling/index.ts";
import { MomentSolver, type MvarStatus } from "../mvar/index.ts";

export interface DirectedFitOptions {
  readonly nChannels: number;
  readonly order: number;
  readonly samplingRate: number;
  /** Points of the frequency grid k * rate / (2 * bins). */
  readonly frequencyBins: number;
  readonly bands: readonly { readonly low: number; readonly high: number }[];
}

/**
 * From moments to band means of squared GPDC: solve, transform, average. Allocates nothing after construction.
 *
 * Bands are closed: a bin on the common edge of two bands belongs to both.
 */
export class DirectedFit {
  /** `[order, sink, source]` of the last `execute`. */
  readonly coefficients: Float64Array;
  /** `[n, n]` of the last `execute`. */
  readonly noiseCovariance: Float64Array;
  /** `[band, sink, source]`, squared, of the last `execute`; NaN when its status was not `ok`. */
  readonly matrices: Float64Array;
  readonly plan: BandedGpdcPlan;
  readonly #solver: MomentSolver;
  readonly #variances: Float64Array;

  constructor({ nChannels, order, samplingRate, frequencyBins, bands }: DirectedFitOptions) {
    const grid = frequencyGrid({ samplingRate, nfft: frequencyBins });
    const closed = bands.map(({ low, high }) => ({ low, high, edges: "closed" as const }));
    this.plan = new BandedGpdcPlan(nChannels, order, closed, grid, samplingRate);
    this.#solver = new MomentSolver(nChannels, order);
    this.coefficients = new Float64Array(order * nChannels * nChannels);
    this.noiseCovariance = new Float64Array(nChannels * nChannels);
    this.matrices = new Float64Array(bands.length * nChannels * nChannels);
    this.#variances = new Float64Array(nChannels);
  }

  /** @param gram as `LagMoments.gram` */
  execute(gram: Float64Array, nRows: number): MvarStatus {
    const status = this.#solver.execute(gram, nRows, this.coefficients, this.noiseCovariance);
    if (status !== "ok") this.matrices.fill(Number.NaN);
    else this.measure(this.coefficients, this.noiseCovariance);
    return status;
  }

  /** The measure of a model that was fitted elsewhere, into `matrices`. */
  measure(coefficients: Float64Array, noiseCovariance: Float64Array): void {
    const n = this.#variances.length;
    for (let i = 0; i < n; i++) this.#variances[i] = noiseCovariance[i * n + i];
    this.plan.execute(this.matrices, coefficients, this.#variances);
  }
}
