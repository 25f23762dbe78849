import { ShapeError } from "../errors.ts";
import { bandIndices, type FrequencyBand } from "./band.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { invertVariance } from "./gpdc-plan.ts";
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
  readonly #transform: CoefficientTransform;
  /** `[band, used frequency]`: 1 / number of frequencies of the band, or 0. */
  readonly #share: Float64Array;
  readonly #power: Float64Array;
  readonly #weight: Float64Array;

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
    this.#transform = new CoefficientTransform(nChannels, order, used, samplingRate);
    this.nChannels = nChannels;
    this.order = order;
    this.bands = bands;
    this.#share = new Float64Array(bands.length * used.length);
    inside.forEach((indices, b) => {
      for (const f of indices) this.#share[b * used.length + used.indexOf(grid[f])] += 1 / indices.length;
    });
    this.#power = new Float64Array(nChannels * nChannels);
    this.#weight = new Float64Array(nChannels);
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
    if (out.length !== nBands * nPairs)
      throw new ShapeError(
        "BandedGpdcPlan",
        `out of ${nBands} x ${n} x ${n} = ${nBands * nPairs} numbers`,
        `${out.length}`,
      );
    this.#transform.checkCoefficients("BandedGpdcPlan", coefficients);
    if (noiseVariance.length !== n)
      throw new ShapeError("BandedGpdcPlan", `${n} noise variances`, `${noiseVariance.length}`);
    const power = this.#power;
    const weight = this.#weight;
    const share = this.#share;
    const nFrequencies = this.#transform.frequencies.length;
    invertVariance(weight, noiseVariance);
    out.fill(0);
    for (let f = 0; f < nFrequencies; f++) {
      this.#transform.powerAt(f, power, coefficients);
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let i = 0, q = j; i < n; i++, q += n) {
          power[q] *= weight[i];
          total += power[q];
        }
        const scale = 1 / total;
        for (let b = 0; b < nBands; b++) {
          const part = share[b * nFrequencies + f];
          if (part === 0) continue;
          const factor = part * scale;
          const start = b * nPairs;
          for (let q = j; q < nPairs; q += n) out[start + q] += power[q] * factor;
        }
      }
    }
  }
}
