import { OptionError } from "../errors.ts";
import { counterRandom } from "../random/index.ts";
import { standardDeviation } from "../statistics/index.ts";
import { fisherZ } from "./fisher-z.ts";
import { PairCorrelation } from "./pair-correlation.ts";
import {
  DEFAULT_COVERAGE,
  fewestValid,
  requireCoverage,
  requireSameGrid,
  samplesOf,
} from "./sample-count.ts";
import { meanOfValid } from "./window-z.ts";

export interface SusyOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 30 s. Segments do not overlap; samples after the last whole one are not used. */
  readonly segmentSeconds?: number;
  /** Default 5 s. */
  readonly maxLagSeconds?: number;
  /** Mismatched segment pairs beyond which a sample of them is drawn; default 10000. */
  readonly maximumSurrogates?: number;
  /** Seed of that sample; default 1. */
  readonly seed?: number;
  /** Share of valid pairs of a segment at a lag below which it has no value; default 0.8. */
  readonly minimumCoverage?: number;
}

/** Synchrony of real segment pairs against that of mismatched ones. */
export interface SusyMeasure {
  /** Mean over segments of the mean over lags. */
  readonly z: number;
  /** The same of all mismatched pairs. */
  readonly surrogateZ: number;
  /** (z - surrogateZ) / SD of the mismatched pairs; NaN when there are none or they do not vary. */
  readonly effectSize: number;
}

export interface Susy {
  /** Of |r|: in-phase and anti-phase both count. */
  readonly absolute: SusyMeasure;
  /** Of r: in-phase minus anti-phase. */
  readonly signed: SusyMeasure;
  /** `[nSegments]`, mean z of |r| and of r of each segment; NaN for no value. */
  readonly segmentAbsoluteZ: Float64Array;
  readonly segmentSignedZ: Float64Array;
  readonly nSegments: number;
  /** Mismatched pairs with a value, and whether these are all there are. */
  readonly nSurrogates: number;
  readonly isExhaustive: boolean;
  readonly seed: number;
}

/**
 * Surrogate synchrony: Fisher z of the lagged correlations inside segments, against segments that were not
 * simultaneous.
 *
 *     Z = mean over segments, lags of atanh |r_l|,   r_l over the pairs of the segment that overlap at lag l
 *     Zs likewise of every a-segment i with every b-segment j, j != i;   ES = (Z - mean Zs) / SD(Zs)
 *
 * Exchanging the members changes nothing but the last bits. For segments that carry memory across their borders the
 * mismatched pairs are not fully independent: the effect size describes, it is not a test.
 *
 * @param a `[nSamples]`, NaN where missing
 * @param b `[nSamples]`, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 * @see Tschacher & Meier, Psychotherapy Research 30:558 (2020)
 */
export function susy(a: Float64Array, b: Float64Array, options: SusyOptions): Susy {
  requireSameGrid("susy", a, b);
  const {
    samplingRate,
    segmentSeconds = 30,
    maxLagSeconds = 5,
    maximumSurrogates = 10_000,
    seed = 1,
  } = options;
  const coverage = requireCoverage("susy", options.minimumCoverage ?? DEFAULT_COVERAGE);
  const length = samplesOf("susy: segmentSeconds", segmentSeconds, samplingRate, 4);
  const L = samplesOf("susy: maxLagSeconds", maxLagSeconds, samplingRate, 0);
  if (L > length - 3)
    throw new OptionError(
      `susy: maxLagSeconds must leave 3 samples of a segment, got ${L} of ${length} samples.`,
    );
  if (!Number.isInteger(maximumSurrogates) || maximumSurrogates < 1)
    throw new OptionError(`susy: maximumSurrogates must be an integer >= 1, got ${maximumSurrogates}.`);
  const pair = new PairCorrelation();
  let absolute = 0;
  let signed = 0;
  const evaluate = (i: number, j: number): void => {
    absolute = 0;
    signed = 0;
    let n = 0;
    for (let lag = -L; lag <= L; lag++) {
      const overlap = length - Math.abs(lag);
      const fromA = i * length + Math.max(0, -lag);
      const fromB = j * length + Math.max(0, lag);
      const z = fisherZ(pair.execute(a, fromA, b, fromB, overlap, fewestValid(overlap, coverage), false));
      if (Number.isNaN(z)) continue;
      absolute += Math.abs(z);
      signed += z;
      n++;
    }
    absolute /= n;
    signed /= n;
  };

  const m = Math.floor(a.length / length);
  const segmentAbsoluteZ = new Float64Array(m);
  const segmentSignedZ = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    evaluate(i, i);
    segmentAbsoluteZ[i] = absolute;
    segmentSignedZ[i] = signed;
  }
  const nPairs = m * (m - 1);
  const isExhaustive = nPairs <= maximumSurrogates;
  const surrogates = Math.max(0, isExhaustive ? nPairs : maximumSurrogates);
  const uniform = counterRandom(seed, "susy");
  const surrogateAbsolute = new Float64Array(surrogates);
  const surrogateSigned = new Float64Array(surrogates);
  for (let s = 0; s < surrogates; s++) {
    const which = isExhaustive ? s : Math.floor(uniform() * nPairs);
    const i = Math.floor(which / (m - 1));
    const j = which % (m - 1);
    evaluate(i, j < i ? j : j + 1);
    surrogateAbsolute[s] = absolute;
    surrogateSigned[s] = signed;
  }
  return {
    absolute: measure(segmentAbsoluteZ, surrogateAbsolute),
    signed: measure(segmentSignedZ, surrogateSigned),
    segmentAbsoluteZ,
    segmentSignedZ,
    nSegments: m,
    nSurrogates: surrogateSigned.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0),
    isExhaustive,
    seed,
  };
}

function measure(real: Float64Array, mismatched: Float64Array): SusyMeasure {
  const z = meanOfValid(real);
  const surrogateZ = meanOfValid(mismatched);
  const spread = standardDeviation(mismatched.filter((value) => !Number.isNaN(value)));
  return { z, surrogateZ, effectSize: spread > 0 ? (z - surrogateZ) / spread : Number.NaN };
}
