import { bandIndices, type FrequencyBand } from "./band.ts";
import { ColumnPower } from "./column-power.ts";
import { checkedFrequencies } from "./spectrum.ts";

/**
 * Band means of squared GPDC, one MVAR model after another: what surrogates need a million times.
 *
 *     out_b,ij = mean over f in band b of GPDC_ij(f)^2
 *
 * Read `out[(b * n + i) * n + j]` as the influence **of channel j (source) on channel i (sink)** in band b, squared,
 * in [0, 1]; each column adds up to 1. The same numbers as {@link GpdcPlan} followed by `bandMean(…, squared: true)`,
 * but without square roots, and frequencies outside all bands are never computed.
 *
 * @throws OptionError when a band holds none of the frequencies.
 * @see Baccalá, Sameshima, Takahashi, DSP 2007.
 */
export class BandedGpdcPlan {
  readonly nChannels: number;
  readonly order: number;
  readonly bands: readonly FrequencyBand[];
  readonly #columns: ColumnPower;
  /** `[band, used frequency]`: 1 / number of frequencies of the band, or 0. */
  readonly #share: Float64Array;

  constructor(
    nChannels: number,
    order: number,
    bands: readonly FrequencyBand[],
    frequencies: ArrayLike<number>,
    samplingRate: number,
  ) {
    const grid = checkedFrequencies("BandedGpdcPlan", frequencies, samplingRate);
    const inside = bands.map((band) => bandIndices("BandedGpdcPlan", grid, band));
    const used = grid.filter((_, f) => inside.some((indices) => indices.includes(f)));
    this.#columns = new ColumnPower(nChannels, order, used, samplingRate);
    this.nChannels = nChannels;
    this.order = order;
    this.bands = bands;
    this.#share = new Float64Array(bands.length * used.length);
    inside.forEach((indices, b) => {
      for (const f of indices) this.#share[b * used.length + used.indexOf(grid[f])] += 1 / indices.length;
    });
  }

  /**
   * Allocates nothing.
   *
   * @param out           `[band, sink, source]`, squared; NaN when the model is degenerate
   * @param coefficients  `[order, sink, source]`
   * @param noiseVariance `[nChannels]`, residual variances s_i^2
   */
  execute(out: Float64Array, coefficients: Float64Array, noiseVariance: Float64Array): void {
    const n = this.nChannels;
    const nPairs = n * n;
    const nBands = this.bands.length;
    const columns = this.#columns;
    const { power, scale } = columns;
    const share = this.#share;
    const nFrequencies = columns.frequencies.length;
    columns.start("BandedGpdcPlan", out, nBands, coefficients, noiseVariance);
    out.fill(0);
    for (let f = 0; f < nFrequencies; f++) {
      columns.executeAt(f, coefficients);
      for (let b = 0; b < nBands; b++) {
        const part = share[b * nFrequencies + f];
        if (part === 0) continue;
        const start = b * nPairs;
        for (let j = 0; j < n; j++) {
          const factor = part * scale[j];
          for (let q = j; q < nPairs; q += n) out[start + q] += power[q] * factor;
        }
      }
    }
  }
}
