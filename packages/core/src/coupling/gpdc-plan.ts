import { ColumnPower } from "./column-power.ts";

/**
 * Generalised partial directed coherence of one MVAR model after another, at fixed frequencies.
 *
 *     GPDC_ij(f) = (|A_ij(f)| / s_i) / sqrt( sum_k |A_kj(f)|^2 / s_k^2 )
 *     A(f)       = I - sum_{r=1..p} A_r exp(-2 pi i f r / rate)
 *
 * Read `out[(f * n + i) * n + j]` as the influence **of channel j (source) on channel i (sink)**: the row is the
 * sink. Magnitudes in [0, 1]; for each source and frequency the squares add up to 1 over the sinks. Unchanged when
 * a channel is rescaled. No matrix is inverted.
 *
 * The constructor makes the tables; `execute` allocates nothing and takes O(nFrequencies order nChannels^2). A
 * plan holds scratch memory, so each thread needs its own.
 *
 * @throws OptionError for counts below one or frequencies outside 0..rate/2.
 * @see Baccalá, Sameshima, Takahashi, "Generalized partial directed coherence", DSP 2007, eq. 11.
 */
export class GpdcPlan {
  readonly nChannels: number;
  readonly order: number;
  readonly frequencies: Float64Array;
  readonly #columns: ColumnPower;

  constructor(nChannels: number, order: number, frequencies: ArrayLike<number>, samplingRate: number) {
    this.#columns = new ColumnPower(nChannels, order, frequencies, samplingRate);
    this.nChannels = nChannels;
    this.order = order;
    this.frequencies = this.#columns.frequencies;
  }

  /**
   * @param out           `[freq, sink, source]`, magnitudes; NaN where a residual variance is not positive or the
   *                      coefficients are not finite
   * @param coefficients  `[order, sink, source]`
   * @param noiseVariance `[nChannels]`, residual variances s_i^2
   * @throws ShapeError when a buffer does not fit the plan
   */
  execute(out: Float64Array, coefficients: Float64Array, noiseVariance: Float64Array): void {
    const n = this.nChannels;
    const nPairs = n * n;
    const nFrequencies = this.frequencies.length;
    const columns = this.#columns;
    const { power, scale } = columns;
    columns.start("GpdcPlan", out, nFrequencies, coefficients, noiseVariance);
    for (let f = 0; f < nFrequencies; f++) {
      columns.executeAt(f, coefficients);
      const start = f * nPairs;
      for (let i = 0, q = 0; i < n; i++)
        for (let j = 0; j < n; j++, q++) out[start + q] = Math.sqrt(power[q] * scale[j]);
    }
  }
}

/**
 * Partial directed coherence of one MVAR model after another, at fixed frequencies.
 *
 *     PDC_ij(f) = |A_ij(f)| / sqrt( sum_k |A_kj(f)|^2 )
 *
 * Read like {@link GpdcPlan}, of which it is the case of equal noise. It depends on the units of the channels: use
 * it only between channels of one scale.
 *
 * @see Baccalá, Sameshima, Biol Cybern 2001, eq. 18.
 */
export class PdcPlan {
  readonly #plan: GpdcPlan;
  readonly #ones: Float64Array;

  constructor(nChannels: number, order: number, frequencies: ArrayLike<number>, samplingRate: number) {
    this.#plan = new GpdcPlan(nChannels, order, frequencies, samplingRate);
    this.#ones = new Float64Array(nChannels).fill(1);
  }

  get frequencies(): Float64Array {
    return this.#plan.frequencies;
  }

  /**
   * @param out          `[freq, sink, source]`, magnitudes
   * @param coefficients `[order, sink, source]`
   */
  execute(out: Float64Array, coefficients: Float64Array): void {
    this.#plan.execute(out, coefficients, this.#ones);
  }
}
