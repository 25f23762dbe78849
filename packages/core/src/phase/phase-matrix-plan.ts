import { OptionError, ShapeError } from "../errors.ts";
import type { AnalyticSignal } from "../spectral/index.ts";
import { imaginarySigns, imaginarySquares } from "./pair-sums.ts";
import { choosePairSums, type PairSums, plainSums } from "./pair-sums-vector.ts";
import { centredEnvelopes, centredSines, definedChannels, toUnitPhasors } from "./prepare-phase.ts";
import * as reduce from "./reduce-pair.ts";

/** Undirected measures between two analytic signals; each is described at the function of its name. */
export type PhaseMeasure =
  | "plv"
  | "ppc"
  | "ciplv"
  | "pli"
  | "wpli"
  | "wpli-signed"
  | "wpli-debiased"
  | "circular-correlation"
  | "adjusted-circular-correlation"
  | "coherence"
  | "imaginary-coherence"
  | "imaginary-coherence-signed"
  | "envelope-correlation";

/** Those that look at phase alone: amplitude may be anything but zero. */
const phaseOnly: ReadonlySet<PhaseMeasure> = new Set([
  "plv",
  "ppc",
  "ciplv",
  "pli",
  "circular-correlation",
  "adjusted-circular-correlation",
]);
/** Those that change their sign when the two signals change places. */
const antisymmetric: ReadonlySet<PhaseMeasure> = new Set(["wpli-signed", "imaginary-coherence-signed"]);

/**
 * One undirected measure for all pairs of channels of both heads at once.
 *
 * Read `out[i, j]` as the measure of the pair (i, j) with S = z_i conj(z_j): symmetric, except for the signed lag
 * measures, which are positive where i leads j. Phases are turned into unit phasors once per channel; what remains
 * per pair are products and sums, no trigonometry.
 *
 * Degenerate input is a value: a channel with NaN, without power, or (for measures of phase alone) with a sample of
 * zero amplitude gives NaN in its row and column.
 *
 * From six channels on the sums go two channels a vector through WebAssembly where the host has it, and in JavaScript elsewhere,
 * with the same bits. The plan holds scratch space: one per thread. O(nChannels^2 nSamples).
 */
export class PhaseMatrixPlan {
  readonly measure: PhaseMeasure;
  readonly nChannels: number;
  readonly nSamples: number;
  /** Channels rounded up to what the sums need; the extra ones are silent. */
  readonly #n: number;
  readonly #sums: PairSums;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #conjugate: Float64Array;
  readonly #isDefined: Uint8Array;
  readonly #doubled: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #third: Float64Array;
  readonly #fourth: Float64Array;

  /**
   * @param options `vectors`: false keeps to JavaScript, to compare the two. Default true
   * @throws OptionError
   */
  constructor(
    measure: PhaseMeasure,
    nChannels: number,
    nSamples: number,
    options: { readonly vectors?: boolean } = {},
  ) {
    if (!Number.isInteger(nChannels) || nChannels < 1)
      throw new OptionError(`PhaseMatrixPlan nChannels must be a positive integer, got ${nChannels}`);
    if (!Number.isInteger(nSamples) || nSamples < 1)
      throw new OptionError(`PhaseMatrixPlan nSamples must be a positive integer, got ${nSamples}`);
    this.measure = measure;
    this.nChannels = nChannels;
    this.nSamples = nSamples;
    const isAdjusted = measure === "adjusted-circular-correlation";
    const isDebiased = measure === "wpli-debiased";
    const lengths = (n: number) => [
      n * nSamples,
      n * nSamples,
      isAdjusted ? n * nSamples : 0,
      n * n,
      n * n,
      isAdjusted || isDebiased ? n * n : 0,
      isAdjusted ? n * n : 0,
    ];
    const scratchLength = (n: number) => lengths(n).reduce((sum, length) => sum + length, 0);
    this.#sums = options.vectors === false ? plainSums : choosePairSums(nChannels, scratchLength);
    const n = Math.ceil(nChannels / this.#sums.channelMultiple) * this.#sums.channelMultiple;
    this.#n = n;
    [this.#real, this.#imaginary, this.#conjugate, this.#first, this.#second, this.#third, this.#fourth] =
      this.#sums.scratch(lengths(n));
    this.#isDefined = new Uint8Array(nChannels);
    this.#doubled = new Float64Array(isAdjusted ? 2 * nChannels : 0);
  }

  /**
   * Allocates nothing.
   *
   * @param out `[nChannels, nChannels]`
   * @param signals real and imaginary part, each `[nChannels, nSamples]`; untouched
   */
  execute(out: Float64Array, signals: AnalyticSignal): void {
    const { nChannels, nSamples, measure } = this;
    const length = nChannels * nSamples;
    if (
      out.length !== nChannels * nChannels ||
      signals.real.length !== length ||
      signals.imaginary.length !== length
    )
      throw new ShapeError(
        "PhaseMatrixPlan",
        `out [${nChannels}, ${nChannels}] and signals [${nChannels}, ${nSamples}]`,
        `lengths ${out.length}, ${signals.real.length} and ${signals.imaginary.length}`,
      );
    // Scratch may have been somebody else's: nothing in it is known but what is written here.
    this.#real.set(signals.real);
    this.#imaginary.set(signals.imaginary);
    this.#real.fill(0, length);
    this.#imaginary.fill(0, length);
    definedChannels(this.#isDefined, signals, nSamples, phaseOnly.has(measure));
    this.#sumPairs();

    const sign = antisymmetric.has(measure) ? -1 : 1;
    for (let i = 0; i < nChannels; i++)
      for (let j = i; j < nChannels; j++) {
        const isDefined = this.#isDefined[i] === 1 && this.#isDefined[j] === 1;
        const value = isDefined ? this.#reduce(i, j) : Number.NaN;
        out[i * nChannels + j] = value;
        // Adding zero keeps a negated 0 from becoming -0.
        out[j * nChannels + i] = sign * value + 0;
      }
  }

  #sumPairs(): void {
    const n = this.#n;
    const nSamples = this.nSamples;
    const re = this.#real;
    const im = this.#imaginary;
    const first = this.#first;
    const second = this.#second;
    const { complexProducts, realProducts, imaginaryParts } = this.#sums;
    switch (this.measure) {
      case "plv":
      case "ppc":
      case "ciplv":
        toUnitPhasors(re, im, this.nChannels * nSamples);
        complexProducts(first, second, re, im, re, im, n, nSamples);
        return;
      case "coherence":
      case "imaginary-coherence":
      case "imaginary-coherence-signed":
        complexProducts(first, second, re, im, re, im, n, nSamples);
        return;
      case "circular-correlation":
        toUnitPhasors(re, im, this.nChannels * nSamples);
        centredSines(re, im, this.nChannels, nSamples);
        realProducts(first, re, n, nSamples);
        return;
      case "envelope-correlation":
        centredEnvelopes(re, im, this.nChannels, nSamples);
        realProducts(first, re, n, nSamples);
        return;
      case "adjusted-circular-correlation":
        toUnitPhasors(re, im, this.nChannels * nSamples);
        this.#doubleAngles();
        complexProducts(first, second, re, im, re, im, n, nSamples);
        complexProducts(this.#third, this.#fourth, re, im, re, this.#conjugate, n, nSamples);
        return;
      case "wpli":
      case "wpli-signed":
        imaginaryParts(first, second, re, im, n, nSamples);
        return;
      case "wpli-debiased":
        imaginaryParts(first, second, re, im, n, nSamples);
        imaginarySquares(this.#third, re, im, n, nSamples);
        return;
      case "pli":
        imaginarySigns(first, re, im, n, nSamples);
    }
  }

  #reduce(i: number, j: number): number {
    const n = this.#n;
    const ij = i * n + j;
    const first = this.#first[ij];
    const second = this.#second[ij];
    const samples = this.nSamples;
    switch (this.measure) {
      case "plv":
        return reduce.lockingValue(first / samples, second / samples);
      case "ppc":
        return reduce.pairwiseConsistency(first, second, samples);
      case "ciplv":
        return reduce.correctedImaginaryLocking(first / samples, second / samples);
      case "pli":
        return Math.abs(first) / samples;
      case "wpli":
        return Math.abs(reduce.weightedLag(first, second));
      case "wpli-signed":
        return reduce.weightedLag(first, second);
      case "wpli-debiased":
        return reduce.debiasedWeightedLag(first, second, this.#third[ij]);
      case "circular-correlation":
      case "envelope-correlation":
        return reduce.correlation(first, this.#first[i * n + i], this.#first[j * n + j]);
      case "adjusted-circular-correlation":
        return reduce.adjustedCorrelation(
          first,
          second,
          this.#third[ij],
          this.#fourth[ij],
          this.#doubled.subarray(2 * i, 2 * i + 2),
          this.#doubled.subarray(2 * j, 2 * j + 2),
          samples,
        );
      case "coherence":
        return reduce.correlation(Math.hypot(first, second), this.#first[i * n + i], this.#first[j * n + j]);
      case "imaginary-coherence":
        return reduce.correlation(Math.abs(second), this.#first[i * n + i], this.#first[j * n + j]);
      case "imaginary-coherence-signed":
        return reduce.correlation(second, this.#first[i * n + i], this.#first[j * n + j]);
    }
  }

  /** conj(z) for sums of phases, and sum_t z^2 per channel. */
  #doubleAngles(): void {
    const re = this.#real;
    const im = this.#imaginary;
    for (let i = 0; i < im.length; i++) this.#conjugate[i] = -im[i];
    for (let c = 0; c < this.nChannels; c++) {
      let cosines = 0;
      let sines = 0;
      for (let i = c * this.nSamples; i < (c + 1) * this.nSamples; i++) {
        cosines += re[i] * re[i] - im[i] * im[i];
        sines += 2 * re[i] * im[i];
      }
      this.#doubled[2 * c] = cosines;
      this.#doubled[2 * c + 1] = sines;
    }
  }
}

/**
 * A measure for all pairs of channels; see `PhaseMatrixPlan`, of which this is the version for offline use.
 *
 * @param signals `[nChannels, nSamples]`, as `hilbert(data, nChannels)` returns them
 * @returns `[nChannels, nChannels]`
 */
export function phaseMatrix(measure: PhaseMeasure, signals: AnalyticSignal, nChannels: number): Float64Array {
  const out = new Float64Array(nChannels * nChannels);
  new PhaseMatrixPlan(measure, nChannels, signals.real.length / nChannels).execute(out, signals);
  return out;
}
