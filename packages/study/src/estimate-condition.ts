import {
  bandPower,
  counterRandom,
  mean,
  permutation,
  permutationP,
  standardDeviation,
  welch,
} from "@attune/core";
import type { ModelHealth } from "@attune/signal";
import type { ConditionData } from "./condition-data.ts";
import type { ConditionFit, Estimator } from "./estimator.ts";
import { type Interval, intervalsOf } from "./intervals.ts";
import { diagnose, viewSpectrum } from "./model-view.ts";
import { describeNull } from "./nulls/catalogue.ts";
import type { NullContext, NullDraws } from "./nulls/context.ts";
import { drawNull } from "./nulls/draw.ts";
import { drawRepetitionSwap, type RepetitionInput } from "./nulls/repetition-swap.ts";
import { testTimeReversal } from "./nulls/time-reversal.ts";
import { directedMeasures } from "./other-measures.ts";
import type { ConditionResult, DirectionResult, LinkResult, ModelDiagnostics, NullResult } from "./result.ts";
import type { StudySettings } from "./settings.ts";

/** Draws that the report keeps for its picture of the null. */
const DRAWS_KEPT = 200;

export interface ConditionInput {
  readonly estimator: Estimator;
  readonly data: ConditionData;
  readonly everything: readonly ConditionData[];
  readonly repetitions: RepetitionInput;
  /** Undirected measures of this condition; empty when other measures are not asked for. */
  readonly undirected: ConditionResult["otherMeasures"];
  /** Windows that the equalised value may use. */
  readonly fewestWindows: number;
  /** Channel labels in model order. */
  readonly channelLabels: readonly string[];
}

/** Why a condition cannot be reported, or undefined when it can. */
export function reasonNotToReport(data: ConditionData, settings: StudySettings): string | undefined {
  const { order } = settings.model;
  const { set, cleanSeconds } = data;
  if (set.nWindows === 0) return "no window was clean throughout";
  if (cleanSeconds < settings.minimumCleanSeconds) {
    return `${cleanSeconds.toFixed(1)} s of clean data, and ${settings.minimumCleanSeconds} s are the least`;
  }
  const rows = set.nWindows * (set.nSamples - order);
  if (settings.model.pooling === "pooled" && rows < 2 * set.nChannels * order) {
    return `${rows} observations for ${set.nChannels * order} coefficients a channel: record more, lower the order, or take fewer channels`;
  }
  return undefined;
}

/** Everything that is said about one condition. */
export function estimateCondition(input: ConditionInput): ConditionResult {
  const { estimator, data } = input;
  const { settings } = estimator;
  const reason = reasonNotToReport(data, settings);
  if (reason !== undefined) return notReported(data, reason);
  const matrices = estimator.ofWindows(data.set.windows);
  const fit = estimator.pooledFit(data.set);
  const context: NullContext = { settings, estimator, data, everything: input.everything };
  const tested = settings.nulls
    .filter((id) => id !== "timeReverse")
    .map((id) => ({
      id,
      drawn: id === "repetitionSwap" ? drawRepetitionSwap(context, input.repetitions) : drawNull(id, context),
    }));
  const primary = tested.find(({ id }) => id === settings.primaryNull)?.drawn;
  const usable = primary !== undefined && typeof primary !== "string" ? primary : undefined;
  const view = viewSpectrum(estimator, fit);
  const intervals = intervalsOf(estimator, data, estimator.means(matrices));
  return {
    condition: data.condition,
    reported: true,
    reason: undefined,
    nWindows: data.set.nWindows,
    nEpisodes: new Set(data.episodes).size,
    cleanSeconds: data.cleanSeconds,
    health: healthOf(fit, estimator),
    directions: directionResults(input, matrices, usable, view.floors, intervals),
    links: linkResults(input, matrices, usable),
    nulls: tested.map(({ id, drawn }) => nullResult(id, drawn, estimator)),
    timeReversal:
      settings.nulls.includes("timeReverse") && estimator.directions.length > 0
        ? testTimeReversal(context)
        : [],
    otherMeasures: settings.otherMeasures ? [...directedMeasures(estimator, fit), ...input.undirected] : [],
    spectrum: view.spectrum,
    matrices: settings.bands.map(({ name }, b) => ({
      band: name,
      values: Array.from(matrices.subarray(b * estimator.nChannels ** 2, (b + 1) * estimator.nChannels ** 2)),
    })),
    diagnostics: diagnose(estimator, fit, data.set),
    power: powerOf(data, settings),
  };
}

function healthOf(fit: ConditionFit, { nChannels, order }: Estimator): ModelHealth {
  const { status, spectralRadius, nObservations } = fit.model;
  return { status, spectralRadius, nObservations, parameterRatio: (nChannels ** 2 * order) / nObservations };
}

function directionResults(
  { estimator, data, fewestWindows }: ConditionInput,
  matrices: Float64Array,
  primary: NullDraws | undefined,
  floors: Float64Array,
  intervals: readonly Interval[],
): DirectionResult[] {
  const { settings, directions } = estimator;
  const means = estimator.means(matrices);
  const observed = primary === undefined ? undefined : estimator.means(primary.observed);
  const draws = primary?.draws.map((draw) => estimator.means(draw)) ?? [];
  const equalised = equalisedMeans(estimator, data, fewestWindows);
  return directions.flatMap(({ from, to }, d) =>
    settings.bands.map(({ name: band }, b) => {
      const v = d * settings.bands.length + b;
      const sample = draws.map((draw) => draw[v]!).sort((x, y) => x - y);
      const { low, high, method } = intervals[v]!;
      const tested = against(means[v]!, observed?.[v] ?? Number.NaN, sample);
      return {
        from,
        to,
        band,
        measure: settings.measure,
        value: means[v]!,
        ...tested,
        q: Number.NaN,
        interval: { low: correct(low, tested.nullMean), high: correct(high, tested.nullMean), method },
        floor: floors[v]!,
        nWindows: data.set.nWindows,
        equalised: equalised[v]!,
        nullSample: thin(sample),
      };
    }),
  );
}

/** Signed and never clipped: 0 is chance, 1 is everything. */
const correct = (value: number, nullMean: number): number => (value - nullMean) / (1 - nullMean);

/**
 * @param value what is reported
 * @param observed the same statistic on exactly the windows that the surrogates use
 */
function against(value: number, observed: number, sample: readonly number[]) {
  if (sample.length === 0) {
    return { nullMean: Number.NaN, nullSd: Number.NaN, corrected: Number.NaN, z: Number.NaN, p: Number.NaN };
  }
  const nullMean = mean(sample);
  const nullSd = standardDeviation(sample);
  return {
    nullMean,
    nullSd,
    corrected: correct(value, nullMean),
    z: (value - nullMean) / nullSd,
    p: permutationP(observed, sample),
  };
}

/** Evenly spaced order statistics, enough to draw the null. */
function thin(sorted: readonly number[]): number[] {
  if (sorted.length <= DRAWS_KEPT) return [...sorted];
  return Array.from(
    { length: DRAWS_KEPT },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (DRAWS_KEPT - 1))]!,
  );
}

function linkResults(
  { estimator, channelLabels }: ConditionInput,
  matrices: Float64Array,
  primary: NullDraws | undefined,
): LinkResult[] {
  const { settings, directions, nChannels: n } = estimator;
  return directions.flatMap(({ from, to, fromChannels, toChannels }) =>
    settings.bands.flatMap(({ name: band }, b) =>
      toChannels.flatMap((i) =>
        fromChannels.map((j) => {
          const at = (b * n + i) * n + j;
          const sample = primary?.draws.map((draw) => draw[at]!) ?? [];
          return {
            from,
            to,
            fromChannel: channelLabels[j]!,
            toChannel: channelLabels[i]!,
            band,
            measure: settings.measure,
            value: matrices[at]!,
            ...against(matrices[at]!, primary?.observed[at] ?? Number.NaN, sample),
            q: Number.NaN,
          };
        }),
      ),
    ),
  );
}

function nullResult(id: NullDraws["id"], drawn: NullDraws | string, estimator: Estimator): NullResult {
  const { settings, directions } = estimator;
  const { tests, destroys, keeps } = describeNull(id);
  if (typeof drawn === "string") {
    return {
      id,
      tests: `${tests} (not drawn: ${drawn})`,
      destroys,
      keeps,
      nSurrogates: 0,
      notDrawn: drawn,
      directions: [],
    };
  }
  const observed = estimator.means(drawn.observed);
  const draws = drawn.draws.map((draw) => estimator.means(draw));
  const rows = directions.flatMap(({ from, to }, d) =>
    settings.bands.map(({ name: band }, b) => {
      const v = d * settings.bands.length + b;
      const value = observed[v]!;
      const { nullMean, nullSd, z, p } = against(
        value,
        value,
        draws.map((draw) => draw[v]!),
      );
      return { from, to, band, measure: settings.measure, value, nullMean, nullSd, z, p };
    }),
  );
  return { id, tests, destroys, keeps, nSurrogates: drawn.draws.length, directions: rows };
}

/** The value when every condition has no more windows than the poorest, averaged over random choices of them. */
function equalisedMeans(estimator: Estimator, data: ConditionData, fewest: number): Float64Array {
  const { settings, directions } = estimator;
  const size = directions.length * settings.bands.length;
  const repeats = settings.equaliseRepeats;
  if (repeats === 0 || fewest === 0) return new Float64Array(size).fill(Number.NaN);
  const { windows } = data.set;
  if (windows.length === fewest) return estimator.means(estimator.ofWindows(windows));
  const sum = new Float64Array(size);
  for (let r = 0; r < repeats; r++) {
    const order = permutation(windows.length, counterRandom(settings.seed, data.condition, "equalise", r));
    const chosen = Array.from(order.subarray(0, fewest), (w) => windows[w]!);
    const means = estimator.means(estimator.ofWindows(chosen));
    for (let v = 0; v < size; v++) sum[v]! += means[v]! / repeats;
  }
  return sum;
}

function powerOf({ set }: ConditionData, settings: StudySettings): ConditionResult["power"] {
  const { analysisRate: samplingRate, bands } = settings;
  return set.people.flatMap(({ id, firstChannel, nChannels }) => {
    const sums = bands.map(() => 0);
    for (const window of set.windows) {
      for (let c = firstChannel; c < firstChannel + nChannels; c++) {
        const x = window.subarray(c * set.nSamples, (c + 1) * set.nSamples);
        const spectrum = welch(x, { samplingRate, segmentLength: set.nSamples });
        bands.forEach(({ low, high }, b) => {
          sums[b]! += bandPower(spectrum, { low, high });
        });
      }
    }
    return bands.map(({ name: band }, b) => ({
      person: id,
      band,
      microvoltsSquared: sums[b]! / (set.nWindows * nChannels),
    }));
  });
}

function notReported(data: ConditionData, reason: string): ConditionResult {
  const health: ModelHealth = {
    status: "insufficient-data",
    spectralRadius: Number.NaN,
    parameterRatio: Number.NaN,
    nObservations: 0,
  };
  const diagnostics: ModelDiagnostics = {
    order: 0,
    solver: "none",
    whiteness: { test: "Li-McLeod", statistic: Number.NaN, df: Number.NaN, p: Number.NaN },
    consistency: Number.NaN,
    rSquared: [],
    durbinWatson: [],
    residualCrossBrain: { r: Number.NaN, low: Number.NaN, high: Number.NaN },
    stationarity: { test: "KPSS", passRate: Number.NaN },
    verdicts: [],
  };
  return {
    condition: data.condition,
    reported: false,
    reason,
    nWindows: data.set.nWindows,
    nEpisodes: new Set(data.episodes).size,
    cleanSeconds: data.cleanSeconds,
    health,
    directions: [],
    links: [],
    nulls: [],
    timeReversal: [],
    otherMeasures: [],
    spectrum: { frequencies: [], directions: [] },
    matrices: [],
    diagnostics,
    power: [],
  };
}
