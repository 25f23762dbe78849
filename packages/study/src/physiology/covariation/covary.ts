import {
  benjaminiHochberg,
  type CovariationNull,
  type CovariationStatistic,
  centreSeries,
  circularShiftNull,
  evaluateMeasure,
  laggedCorrelation,
  phaseRandomisedNull,
  primaryMeasure,
  pseudoDyadGroupNull,
  pseudoDyadNull,
  pseudoDyads,
  segmentShuffleNull,
} from "@attune/core";
import { canReach } from "../reach.ts";
import type { DyadSettings } from "../request.ts";
import type {
  CovariationNullResult,
  CovariationResult,
  ExploratoryResult,
  PrimaryResult,
} from "../result.ts";
import { partnersAtPeaks } from "./arousal-peaks.ts";
import { exploratoryMeasures, largestAbsolute, strongestLag } from "./measures.ts";
import type { PairOfSeries } from "./series.ts";

const RATE = 1;
/** Longer recordings hold exploratory measures against circular shifts alone. */
const LONG_SECONDS = 3600;
/** Nearest circular shift and the segments of the shuffle, seconds. */
const SHIFT_SECONDS = 20;
const SEGMENT_SECONDS = 30;

/** Series of other dyads, from the beginning of their shared time. */
export interface OtherDyad {
  readonly name: string;
  readonly pairs: readonly PairOfSeries[];
}

/** The primary measure and the exploratory ones of one dyad, each with its nulls. */
export function covary(
  pairs: readonly PairOfSeries[],
  others: readonly OtherDyad[],
  settings: DyadSettings,
  onProgress: (step: string) => void,
): CovariationResult {
  const ibi = pairs.find(({ name }) => name === "ibi")!;
  const arousal = pairs.find(({ name }) => name === "arousal");
  const primary = primaryOf(ibi, others, settings);
  const notComputed: { id: string; why: string }[] = [];
  const results: Omit<ExploratoryResult, "q" | "canReach">[] = [];
  for (const measure of exploratoryMeasures) {
    const pair = pairs.find(({ name }) => name === measure.series);
    if (pair === undefined) {
      notComputed.push({ id: measure.id, why: "movement of both was not given" });
      continue;
    }
    if (pair.first.length > measure.longestSeconds) {
      notComputed.push({ id: measure.id, why: `for recordings of up to ${measure.longestSeconds / 60} min` });
      continue;
    }
    onProgress(`exploratory: ${measure.id}`);
    const nulls = nullsOf(pair, measure.statistic, others, settings, settings.exploratorySurrogates);
    const [deciding] = nulls;
    if (Number.isNaN(deciding!.p)) {
      notComputed.push({ id: measure.id, why: whyNot(pair, deciding!) });
      continue;
    }
    results.push({
      id: measure.id,
      series: measure.series,
      description: measure.description,
      unit: measure.unit,
      value: deciding!.observed,
      lagSeconds: measure.lag?.(pair.first, pair.second) ?? Number.NaN,
      nulls,
      p: deciding!.p,
      decidedBy: deciding!.kind,
      descriptions: measure.describe?.(pair.first, pair.second) ?? [],
    });
  }
  const reach = canReach(
    results.map(({ p, nulls }) => ({ p, nSurrogates: nulls[0]!.nSurrogates })),
    settings.alpha,
  );
  const q = benjaminiHochberg(results.map(({ p }) => p));
  return {
    primary,
    exploratory: results.map((result, k) => ({ ...result, q: q[k]!, canReach: reach[k]! })),
    familySize: results.length,
    comparedSeconds: Math.min(
      ibi.first.length,
      ...others.flatMap((other) => other.pairs.map((each) => each.first.length)),
    ),
    notComputed,
    arousalPeaks: arousal === undefined ? [] : partnersAtPeaks(arousal, settings),
  };
}

/** Why a measure has no p, with the number that says so. */
function whyNot({ first, second }: PairOfSeries, { observed, nSurrogates }: CovariationNullResult): string {
  const both =
    first.reduce((n, value, t) => n + (Number.isNaN(value + second[t]!) ? 0 : 1), 0) / first.length;
  const covered = `${(100 * both).toFixed(0)} % of the seconds have a value of both`;
  if (Number.isNaN(observed)) return `too little to be computed from: ${covered}`;
  return nSurrogates === 0
    ? "too short for its surrogates"
    : `too many of its surrogates have no value: ${covered}`;
}

function primaryOf(pair: PairOfSeries, others: readonly OtherDyad[], settings: DyadSettings): PrimaryResult {
  const windows = evaluateMeasure(pair.first, pair.second);
  const nulls = nullsOf(pair, primaryStatistic, others, settings, settings.nSurrogates);
  const ccf = laggedCorrelation(pair.first, pair.second, { samplingRate: RATE });
  const strongest = strongestLag(ccf);
  const [deciding] = nulls;
  return {
    id: primaryMeasure.id,
    description: primaryMeasure.description,
    value: windows.meanZ,
    nWindows: windows.nWindows,
    windowSeconds: windows.windowSeconds,
    starts: Array.from(windows.starts),
    z: Array.from(windows.z),
    nulls,
    p: deciding!.p,
    decidedBy: deciding!.kind,
    crossCorrelation: {
      lags: Array.from(ccf.lags),
      values: Array.from(ccf.values),
      peakLag: strongest.lag,
      peak: strongest.correlation,
      ...bandOf(pair, settings),
    },
  };
}

/** Largest absolute cross-correlation at any lag under circular shifts: a band that holds for all lags at once. */
function bandOf(pair: PairOfSeries, settings: DyadSettings): { nullLow: number[]; nullHigh: number[] } {
  const statistic: CovariationStatistic = (a, b) =>
    largestAbsolute(laggedCorrelation(a, b, { samplingRate: RATE }).values);
  const test = circularShiftNull(pair.first, pair.second, statistic, {
    samplingRate: RATE,
    minimumShiftSeconds: SHIFT_SECONDS,
    nSurrogates: settings.exploratorySurrogates,
    seed: settings.seed,
  });
  const sorted = test.values.slice().sort();
  const limit = sorted[Math.ceil((1 - settings.alpha) * (sorted.length + 1)) - 1] ?? Number.NaN;
  const n = 2 * 10 + 1;
  return { nullLow: Array<number>(n).fill(-limit), nullHigh: Array<number>(n).fill(limit) };
}

const primaryStatistic: CovariationStatistic = (a, b) => evaluateMeasure(a, b).meanZ;

/** Nulls beside circular shifts that need nobody else. */
function ownNulls(
  first: Float64Array,
  second: Float64Array,
  statistic: CovariationStatistic,
  nSurrogates: number,
  seed: number,
): CovariationNullResult[] {
  const segments = segmentShuffleNull(first, second, statistic, {
    samplingRate: RATE,
    segmentSeconds: SEGMENT_SECONDS,
    nSurrogates,
    seed,
  });
  // Ends that do not meet would leak into every frequency.
  const phases = phaseRandomisedNull(
    centreSeries(first, "linear"),
    centreSeries(second, "linear"),
    statistic,
    {
      nSurrogates,
      seed,
    },
  );
  return [named("segmentShuffle", segments), named("phaseRandomised", phases)];
}

/** All nulls of one statistic; the one that decides comes first: pseudo-dyads where there are enough, else circular shifts. */
function nullsOf(
  pair: PairOfSeries,
  statistic: CovariationStatistic,
  others: readonly OtherDyad[],
  settings: DyadSettings,
  nSurrogates: number,
): CovariationNullResult[] {
  const { seed } = settings;
  const { first, second, name } = pair;
  const circular = circularShiftNull(first, second, statistic, {
    samplingRate: RATE,
    minimumShiftSeconds: SHIFT_SECONDS,
    nSurrogates,
    seed,
  });
  const nulls = [named("circularShift", circular)];
  if (statistic === primaryStatistic || first.length <= LONG_SECONDS)
    nulls.push(...ownNulls(first, second, statistic, nSurrogates, seed));
  const partners = others.flatMap(({ pairs }) => pairs.filter((each) => each.name === name));
  if (partners.length === 0) return nulls;
  const length = Math.min(first.length, ...partners.map((each) => each.first.length));
  const matrix = pseudoDyads(
    [first, ...partners.map((each) => each.first)].map((series) => series.subarray(0, length)),
    [second, ...partners.map((each) => each.second)].map((series) => series.subarray(0, length)),
    statistic,
  );
  const own = named("pseudoDyad", pseudoDyadNull(matrix, 0));
  const group = named("pseudoDyadGroup", pseudoDyadGroupNull(matrix, { nSurrogates, seed }));
  // Fewer than 19 others cannot reach p = .05.
  return (partners.length + 1) * settings.alpha >= 1 ? [own, ...nulls, group] : [...nulls, own, group];
}

function named(kind: CovariationNullResult["kind"], test: CovariationNull): CovariationNullResult {
  const sorted = test.values.filter((value) => !Number.isNaN(value)).sort();
  // What chance does says nothing beside a value that there is not.
  const isKnown = !Number.isNaN(test.observed);
  const at = (share: number): number =>
    (isKnown ? sorted[Math.round(share * (sorted.length - 1))] : undefined) ?? Number.NaN;
  return {
    kind,
    observed: test.observed,
    mean: isKnown ? test.mean : Number.NaN,
    sd: isKnown ? test.sd : Number.NaN,
    z: test.z,
    p: test.p,
    low: at(0.025),
    high: at(0.975),
    upper: at(0.95),
    nSurrogates: test.nSurrogates,
  };
}
