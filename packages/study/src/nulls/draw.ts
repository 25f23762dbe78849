import {
  allChannelShuffle,
  blockShuffle,
  circularShifts,
  counterRandom,
  identityPairing,
  PhaseRandomiser,
  permutation,
  ResidualShuffle,
  runPreservingShuffle,
  type Uniform,
  WindowSet,
} from "@attune/core";
import type { ConditionData } from "../condition-data.ts";
import { type Estimator, type PairedStatistic, pairedStatistic } from "../estimator.ts";
import type { NullId, StudySettings } from "../settings.ts";

/** Values of the statistic under one null, and of the data as they are on the same windows. */
export interface NullDraws {
  readonly id: NullId;
  /** `[band, sink, source]`. */
  readonly observed: Float64Array;
  /** Each `[band, sink, source]`; only entries between people mean something. */
  readonly draws: readonly Float64Array[];
}

export interface NullContext {
  readonly settings: StudySettings;
  readonly estimator: Estimator;
  readonly data: ConditionData;
  /** Windows of every condition, for nulls that exchange windows between conditions. */
  readonly everything: readonly ConditionData[];
}

/** Windows beyond this are exchanged in units of several neighbours, so that the number of different pairs stays bounded. */
const MOST_UNITS = 150;
/** Heads are moved apart by at least this much, beyond the memory of either signal. */
const MINIMUM_SHIFT_SECONDS = 5;
/** Neighbouring windows of overlapping cuts move together for about this long. */
const SEGMENT_SECONDS = 6;
/** Nulls that rebuild every window are drawn less often. */
const MOST_REBUILT_SURROGATES = 200;

/** Randomness is keyed by what is drawn, never by the order of drawing. */
export const uniformFor = (
  settings: StudySettings,
  condition: string,
  id: string,
  surrogate: number,
): Uniform => counterRandom(settings.seed, condition, id, surrogate);

/** Draws one null for one condition, or says why it cannot be drawn. */
export function drawNull(
  id: Exclude<NullId, "timeReverse" | "repetitionSwap">,
  context: NullContext,
): NullDraws | string {
  switch (id) {
    case "residualShuffle":
      return drawResidualShuffle(context);
    case "blockShuffle":
      return drawPairings(id, context, (n, uniform) => shuffleWindows(n, context, uniform));
    case "circularShift":
      return drawPairings(id, context, (n, uniform) => rotateWindows(n, context, uniform));
    case "allChannelShuffle":
      return drawAllChannelShuffle(context);
    case "phaseRand":
      return drawPhaseRandomised(context);
    case "jointShuffle":
      return drawJointShuffle(context);
  }
}

/** The windows in whole exchange units. */
export function exchangeUnits(
  { set }: ConditionData,
  settings: StudySettings,
): { set: WindowSet; unit: number } {
  const unit = settings.window.overlap > 0 ? 1 : Math.max(1, Math.ceil(set.nWindows / MOST_UNITS));
  const whole = Math.floor(set.nWindows / unit) * unit;
  const people = set.people.map(({ id, nChannels }) => ({ id, nChannels }));
  return {
    set: whole === set.nWindows ? set : new WindowSet(people, set.nSamples, set.windows.slice(0, whole)),
    unit,
  };
}

function drawPairings(
  id: "blockShuffle" | "circularShift",
  { settings, estimator, data }: NullContext,
  shuffle: (nUnits: number, uniform: Uniform) => Int32Array | undefined,
): NullDraws | string {
  const { set, unit } = exchangeUnits(data, settings);
  const statistic: PairedStatistic = pairedStatistic(estimator, set, unit);
  const observed = statistic.of(identityPairing(set, unit)).slice();
  const draws: Float64Array[] = [];
  for (let s = 0; s < settings.nSurrogates; s++) {
    const uniform = uniformFor(settings, data.condition, id, s);
    const pairing = identityPairing(set, unit);
    for (let person = 1; person < pairing.length; person++) {
      const moved = shuffle(set.nWindows / unit, uniform);
      if (moved === undefined) return "too few windows to move one head by several seconds";
      pairing[person] = moved;
    }
    draws.push(statistic.of(pairing).slice());
  }
  return { id, observed, draws };
}

function shuffleWindows(n: number, { settings, data }: NullContext, uniform: Uniform): Int32Array {
  if (settings.window.overlap === 0) return blockShuffle(n, { minimumShift: 1, uniform });
  const hop = settings.window.seconds * (1 - settings.window.overlap);
  const minimumShift = Math.ceil(settings.window.seconds / hop);
  const segmentLength = Math.max(2, Math.round(SEGMENT_SECONDS / hop));
  return runPreservingShuffle(runLengths(data, hop, settings), { minimumShift, segmentLength, uniform });
}

/** Lengths of the runs of windows that follow each other without a hole. */
function runLengths(
  { firstIndices }: ConditionData,
  hopSeconds: number,
  { analysisRate }: StudySettings,
): number[] {
  const hop = Math.max(1, Math.round(hopSeconds * analysisRate));
  const lengths: number[] = [];
  firstIndices.forEach((first, w) => {
    if (w > 0 && first - firstIndices[w - 1]! === hop) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  });
  return lengths;
}

function rotateWindows(n: number, { settings, data }: NullContext, uniform: Uniform): Int32Array | undefined {
  const hop = settings.window.seconds * (1 - settings.window.overlap);
  const unitSeconds = hop * (data.set.nWindows / n);
  const [shift] = circularShifts(n, {
    minimumShift: Math.ceil(MINIMUM_SHIFT_SECONDS / unitSeconds),
    uniform,
  });
  return shift === undefined
    ? undefined
    : Int32Array.from({ length: n }, (_, w) => (((w - shift) % n) + n) % n);
}

function drawResidualShuffle({ settings, estimator, data }: NullContext): NullDraws | string {
  if (!estimator.isPooled || settings.window.overlap > 0) {
    return "residuals are exchangeable only between windows that do not overlap and share one pooled model";
  }
  const { set, unit } = exchangeUnits(data, settings);
  const fit = estimator.pooledFit(set);
  const { coefficients, noiseCovariance } = fit.model;
  const pooled = { order: estimator.order, gram: fit.gram, nRows: fit.nRows, coefficients, noiseCovariance };
  const nulls = estimator.directions.map((direction) => ({
    direction,
    shuffle: new ResidualShuffle(set, pooled, direction, estimator.fit.plan, unit),
  }));
  estimator.fit.measure(coefficients, noiseCovariance);
  const observed = estimator.fit.matrices.slice();
  const one = new Float64Array(estimator.size);
  const draws: Float64Array[] = [];
  for (let s = 0; s < settings.nSurrogates; s++) {
    const uniform = uniformFor(settings, data.condition, "residualShuffle", s);
    const order = permutation(set.nWindows / unit, uniform);
    const draw = new Float64Array(estimator.size).fill(Number.NaN);
    for (const { direction, shuffle } of nulls) {
      shuffle.execute(one, order);
      copyBlock(draw, one, direction, estimator.nChannels);
    }
    draws.push(draw);
  }
  return { id: "residualShuffle", observed, draws };
}

function copyBlock(
  out: Float64Array,
  from: Float64Array,
  direction: { readonly fromChannels: readonly number[]; readonly toChannels: readonly number[] },
  n: number,
): void {
  for (let band = 0; band < out.length; band += n * n) {
    for (const i of direction.toChannels) {
      for (const j of direction.fromChannels) out[band + i * n + j] = from[band + i * n + j]!;
    }
  }
}

function drawAllChannelShuffle({ settings, estimator, data }: NullContext): NullDraws {
  const { set } = data;
  const { nChannels, nSamples, nWindows } = set;
  const draws: Float64Array[] = [];
  for (let s = 0; s < Math.min(settings.nSurrogates, MOST_REBUILT_SURROGATES); s++) {
    const uniform = uniformFor(settings, data.condition, "allChannelShuffle", s);
    const order = allChannelShuffle(nChannels, nWindows, uniform);
    const windows = set.windows.map((_, w) => {
      const window = new Float64Array(nChannels * nSamples);
      for (let c = 0; c < nChannels; c++) {
        const source = set.windows[order[c * nWindows + w]!]!;
        window.set(source.subarray(c * nSamples, (c + 1) * nSamples), c * nSamples);
      }
      return window;
    });
    draws.push(estimator.ofWindows(windows));
  }
  return { id: "allChannelShuffle", observed: estimator.ofWindows(set.windows), draws };
}

function drawPhaseRandomised({ settings, estimator, data }: NullContext): NullDraws {
  const { set } = data;
  const hop = settings.window.seconds * (1 - settings.window.overlap);
  const hopSamples = Math.max(1, Math.round(hop * settings.analysisRate));
  const lengths = runLengths(data, hop, settings);
  const plans = new PhasePlans();
  const draws: Float64Array[] = [];
  for (let s = 0; s < Math.min(settings.nSurrogates, MOST_REBUILT_SURROGATES); s++) {
    const uniform = uniformFor(settings, data.condition, "phaseRand", s);
    const windows = set.windows.map((window) => window.slice());
    let first = 0;
    for (const length of lengths) {
      for (let person = 1; person < set.people.length; person++) {
        randomiseRun(windows, set, person, { first, length, hop: hopSamples }, plans, uniform);
      }
      first += length;
    }
    draws.push(estimator.ofWindows(windows));
  }
  return { id: "phaseRand", observed: estimator.ofWindows(set.windows), draws };
}

/** Transforms by length: many runs are equally long. */
class PhasePlans {
  readonly #plans = new Map<string, PhaseRandomiser>();

  of(nChannels: number, nSamples: number): PhaseRandomiser {
    const key = `${nChannels} ${nSamples}`;
    const plan = this.#plans.get(key) ?? new PhaseRandomiser(nChannels, nSamples);
    this.#plans.set(key, plan);
    return plan;
  }
}

/** Phases of one uninterrupted run of windows, the same for all channels of a head. */
function randomiseRun(
  windows: readonly Float64Array[],
  set: WindowSet,
  person: number,
  { first, length, hop }: { readonly first: number; readonly length: number; readonly hop: number },
  plans: PhasePlans,
  uniform: Uniform,
): void {
  const { firstChannel, nChannels } = set.people[person]!;
  const { nSamples } = set;
  const total = (length - 1) * hop + nSamples;
  const run = new Float64Array(nChannels * total);
  for (let w = 0; w < length; w++) {
    for (let c = 0; c < nChannels; c++) {
      const row = (firstChannel + c) * nSamples;
      run.set(set.windows[first + w]!.subarray(row, row + nSamples), c * total + w * hop);
    }
  }
  plans.of(nChannels, total).execute(run, run, uniform);
  for (let w = 0; w < length; w++) {
    for (let c = 0; c < nChannels; c++) {
      const part = run.subarray(c * total + w * hop, c * total + w * hop + nSamples);
      windows[first + w]!.set(part, (firstChannel + c) * nSamples);
    }
  }
}

function drawJointShuffle({ settings, estimator, data, everything }: NullContext): NullDraws | string {
  const pool = everything.flatMap(({ set }) => [...set.windows]);
  const n = data.set.nWindows;
  if (pool.length === n) return "there is one condition only, so there are no labels to exchange";
  const draws: Float64Array[] = [];
  for (let s = 0; s < Math.min(settings.nSurrogates, MOST_REBUILT_SURROGATES); s++) {
    const order = permutation(pool.length, uniformFor(settings, data.condition, "jointShuffle", s));
    draws.push(estimator.ofWindows(Array.from(order.subarray(0, n), (w) => pool[w]!)));
  }
  return { id: "jointShuffle", observed: estimator.ofWindows(data.set.windows), draws };
}
