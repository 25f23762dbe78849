import {
  benjaminiHochberg,
  circularShiftNull,
  evaluateMeasure,
  type Intervals,
  laggedCorrelation,
  quantile,
  splitByState,
  stateStream,
  subtractIntervals,
  uniteIntervals,
} from "@attune/core";
import { StudyError } from "../../errors.ts";
import type { CodedLayer, CodedStates } from "../behaviour/coded-states.ts";
import { meanOf } from "../hearts/mean-of.ts";
import type { SharedTime } from "../hearts/shared-span.ts";
import { canReach } from "../reach.ts";
import type { DyadSettings } from "../request.ts";
import type { PrimaryResult, SplitResult } from "../result.ts";
import { strongestLag } from "./measures.ts";
import type { PairOfSeries } from "./series.ts";

const RATE = 1;
/** Grid of states, Hz: a touch of a third of a second counts. A day is kept on a coarser one. */
const STATE_RATE = 100;
const LONG_STATE_RATE = 10;
const LONG_SECONDS = 7200;
/** Layers with more states than this are labels, not conditions. */
const MOST_STATES = 12;

/**
 * The primary measure in and out of every coded state. Where a layer was named, it is the declared family: all of it together
 * where it has kinds (any touch), else its states. Everything else is exploratory; each family is corrected by itself.
 */
export function splitPrimary(
  primary: PrimaryResult,
  pair: PairOfSeries,
  coded: CodedStates,
  settings: DyadSettings,
  time: SharedTime,
): SplitResult[] {
  const declared = settings.split === undefined ? [] : declaredLayers(coded, settings.split);
  const rows = coded.layers.flatMap((layer) =>
    layer.states.size > MOST_STATES
      ? []
      : statesOf(layer).map(([state, intervals], k, all) => {
          const isDeclared = declared.includes(layer) && (k === 0 || all[0]![0] !== "any");
          return splitBy(primary, pair, layer, state, intervals, isDeclared, time);
        }),
  );
  const families = [true, false].map((isDeclared) => rows.filter((row) => row.isDeclared === isDeclared));
  return families.flatMap((family) => {
    const q = benjaminiHochberg(family.map(({ p }) => p));
    const reach = canReach(
      family.map(({ p, nShifts }) => ({ p, nSurrogates: nShifts })),
      settings.alpha,
    );
    return family.map((row, k) => ({
      ...row,
      q: q[k]!,
      canReach: reach[k]!,
      ...(hasBands(row) ? bandsOf(pair, row, settings) : {}),
    }));
  });
}

/** Bands take surrogates of their own; they are made for what the report draws. */
const hasBands = ({ isDeclared, layer, state }: SplitResult): boolean =>
  isDeclared || (layer === "touch" && state === "any");

/** How far the means of these very windows stray when the second heart is rotated in time. */
function bandsOf(
  pair: PairOfSeries,
  { insideWindows, outsideWindows }: SplitResult,
  { exploratorySurrogates, seed }: DyadSettings,
): Pick<SplitResult, "insideNull" | "outsideNull"> {
  const bandOf = (windows: readonly number[]): { low: number; high: number } => {
    const { values } = circularShiftNull(
      pair.first,
      pair.second,
      (a, b) => {
        const { z } = evaluateMeasure(a, b);
        return meanOf(windows.map((w) => z[w]!));
      },
      { samplingRate: RATE, minimumShiftSeconds: 20, nSurrogates: exploratorySurrogates, seed },
    );
    const valid = values.filter((value) => !Number.isNaN(value));
    return { low: quantile(valid, 0.025), high: quantile(valid, 0.975) };
  };
  return { insideNull: bandOf(insideWindows), outsideNull: bandOf(outsideWindows) };
}

/** Windows in the state and without it, by the rule of `splitByState`; those without a value are in neither. */
function windowsOf(
  primary: PrimaryResult,
  inState: Float64Array,
  rate: number,
): { inside: number[]; outside: number[] } {
  const inside: number[] = [];
  const outside: number[] = [];
  const n = Math.round(primary.windowSeconds * rate);
  primary.starts.forEach((start, w) => {
    if (Number.isNaN(primary.z[w]!)) return;
    const from = Math.round(start * rate);
    const window = inState.subarray(from, from + n);
    const share = window.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / n;
    if (share >= 0.5) inside.push(w);
    else if (share === 0 && !window.some(Number.isNaN)) outside.push(w);
  });
  return { inside, outside };
}

/**
 * 1 in every sample that the intervals reach into at all, so that a touch of a moment is a touch; NaN where it is unknown.
 *
 * @returns `[seconds * rate]`
 */
export function statesAt(
  intervals: Intervals,
  observed: Intervals,
  { start, end }: Pick<SharedTime, "start" | "end">,
  rate: number,
): Float64Array {
  const out = new Float64Array((end - start) * rate);
  const fill = ({ onsets, offsets }: Intervals, value: (t: number) => number): void =>
    onsets.forEach((onset, k) => {
      const from = Math.max(0, Math.floor((onset - start) * rate + 1e-6));
      const to = Math.min(out.length, Math.ceil((offsets[k]! - start) * rate - 1e-6));
      for (let t = from; t < to; t++) out[t] = value(t);
    });
  const whole = { onsets: Float64Array.of(start), offsets: Float64Array.of(end) };
  fill(subtractIntervals(whole, observed), () => Number.NaN);
  fill(intervals, () => 1);
  return out;
}

/** @throws StudyError when nothing is coded in that layer */
export function declaredLayers(coded: CodedStates, wanted: string): CodedLayer[] {
  const [person, layer] = wanted.includes(":") ? wanted.split(":") : [undefined, wanted];
  const found = coded.layers.filter(
    (each) => each.layer === layer && (person === undefined || each.person === person),
  );
  if (found.length > 0) return found;
  const known = coded.layers.map((each) => `${each.person}:${each.layer}`);
  throw new StudyError(
    `Nothing is coded in the layer "${wanted}" to split by: there is ${known.length === 0 ? "no coded state at all, so give --states FILE.tsv" : known.join(", ")}.`,
  );
}

/** Every state by itself, and all together where there are several kinds of one thing (touch). */
function statesOf(layer: CodedLayer): [string, Intervals][] {
  const states = [...layer.states];
  if (states.length < 2 || /^(gaze|phase|condition|task|posture|voice)$/i.test(layer.layer)) return states;
  return [["any", uniteIntervals(...states.map(([, each]) => each))], ...states];
}

function splitBy(
  primary: PrimaryResult,
  pair: PairOfSeries,
  layer: CodedLayer,
  state: string,
  intervals: Intervals,
  isDeclared: boolean,
  time: SharedTime,
): SplitResult {
  const rate = time.end - time.start > LONG_SECONDS ? LONG_STATE_RATE : STATE_RATE;
  const inState = statesAt(intervals, layer.observed, time, rate);
  const split = splitByState(
    {
      z: Float64Array.from(primary.z),
      starts: Float64Array.from(primary.starts),
      windowSeconds: primary.windowSeconds,
    },
    inState,
    { samplingRate: rate },
  );
  const windows = windowsOf(primary, inState, rate);
  const unknownBand = { low: Number.NaN, high: Number.NaN };
  const side = ({ n: count, mean, median, variance }: (typeof split)["inside"]) => ({
    n: count,
    mean,
    median,
    sd: Math.sqrt(variance),
  });
  return {
    person: layer.person,
    layer: layer.layer,
    state,
    isDeclared,
    inside: side(split.inside),
    outside: side(split.outside),
    nMixed: split.nMixed,
    nWithoutValue: split.nWithoutValue,
    difference: split.difference,
    hedgesG: split.hedgesG,
    p: split.p,
    q: Number.NaN,
    nShifts: split.nShifts,
    canReach: false,
    insideWindows: windows.inside,
    outsideWindows: windows.outside,
    insideNull: unknownBand,
    outsideNull: unknownBand,
    insideLagSeconds: lagInside(pair, stateStream(relative(intervals, time), time.end - time.start, RATE)),
  };
}

const relative = ({ onsets, offsets }: Intervals, { start }: SharedTime): [number, number][] =>
  Array.from(onsets, (onset, k) => [onset - start, offsets[k]! - start]);

/** Lag of the largest cross-correlation over the pairs whose first moment lies in the state. */
function lagInside({ first, second }: PairOfSeries, inState: Float64Array): number {
  const nInside = inState.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  if (nInside < 60) return Number.NaN;
  const a = first.map((value, t) => (inState[t]! > 0 ? value : Number.NaN));
  // Coverage is that of the state, not of the hearts.
  const ccf = laggedCorrelation(a, second, {
    samplingRate: RATE,
    minimumCoverage: Math.max(0.01, (0.5 * nInside) / first.length),
  });
  return strongestLag(ccf).lag;
}
