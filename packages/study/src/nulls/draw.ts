import { allChannelShuffle, identityPairing, permutation, ResidualShuffle } from "@attune/core";
import type { ConditionData } from "../condition-data.ts";
import { pairedStatistic } from "../estimator.ts";
import type { NullId, StudySettings } from "../settings.ts";
import { MOST_REBUILT_SURROGATES, type NullContext, type NullDraws, uniformFor } from "./context.ts";
import { exchangeUnits, possibleShifts, rotated, shuffleWindows, tooFewToExchange } from "./exchange.ts";
import { drawPhaseRandomised } from "./phase-randomised.ts";

/** Fewer shifts than this cannot give a p-value of .05. */
const FEWEST_SHIFTS = 19;

/** Exchanging residuals asks for one pooled least squares model and for windows that do not overlap. */
const allowsResidualShuffle = ({ model, window }: StudySettings): boolean =>
  model.pooling === "pooled" && model.estimator === "ols" && window.overlap === 0;

/** Draws one null for one condition, or says why it cannot be drawn. */
export function drawNull(
  id: Exclude<NullId, "timeReverse" | "repetitionSwap">,
  context: NullContext,
): NullDraws | string {
  switch (id) {
    case "residualShuffle":
      return drawResidualShuffle(context);
    case "blockShuffle":
      return drawBlockShuffle(context);
    case "circularShift":
      return drawCircularShift(context);
    case "allChannelShuffle":
      return drawAllChannelShuffle(context);
    case "phaseRand":
      return drawPhaseRandomised(context);
    case "jointShuffle":
      return drawJointShuffle(context);
  }
}

function drawBlockShuffle(context: NullContext): NullDraws | string {
  const { settings, data } = context;
  const units = exchangeUnits(data, settings);
  const nUnits = units.set.nWindows / units.unit;
  const partnersOf = (surrogate: number): Int32Array[] => {
    const uniform = uniformFor(settings, data.condition, "blockShuffle", surrogate);
    return others(data).map(() => shuffleWindows(nUnits, context, uniform));
  };
  return (
    tooFewToExchange(nUnits) ?? drawPairings("blockShuffle", context, units, settings.nSurrogates, partnersOf)
  );
}

/** No shift is drawn twice: repeats would make a p-value finer than the recording is long. */
function drawCircularShift(context: NullContext): NullDraws | string {
  const { settings, data } = context;
  const units = exchangeUnits(data, settings);
  const nUnits = units.set.nWindows / units.unit;
  const shifts = others(data).map((person) =>
    possibleShifts(nUnits, context, uniformFor(settings, data.condition, "circularShift", person)),
  );
  const nShifts = shifts[0]?.length ?? 0;
  if (nShifts < FEWEST_SHIFTS) return "too few windows to move one head by several seconds in many ways";
  const partnersOf = (surrogate: number): Int32Array[] =>
    shifts.map((each) => rotated(nUnits, each[surrogate]!));
  return drawPairings("circularShift", context, units, Math.min(settings.nSurrogates, nShifts), partnersOf);
}

/** Everybody but the first, whose windows stay where they are. */
const others = ({ set }: ConditionData): number[] => set.people.slice(1).map((_, i) => i + 1);

/** @param partnersOf windows of everybody but the first, for one surrogate */
function drawPairings(
  id: NullId,
  { estimator }: NullContext,
  { set, unit }: ReturnType<typeof exchangeUnits>,
  nDraws: number,
  partnersOf: (surrogate: number) => Int32Array[],
): NullDraws {
  const statistic = pairedStatistic(estimator, set, unit);
  const asRecorded = identityPairing(set, unit);
  const observed = statistic.of(asRecorded).slice();
  const draws = Array.from({ length: nDraws }, (_, surrogate) =>
    statistic.of([asRecorded[0]!, ...partnersOf(surrogate)]).slice(),
  );
  return { id, observed, draws };
}

function drawResidualShuffle({ settings, estimator, data }: NullContext): NullDraws | string {
  if (!allowsResidualShuffle(settings)) {
    return "residuals are exchangeable only between windows that do not overlap and share one pooled least squares model";
  }
  const { set, unit } = exchangeUnits(data, settings);
  const tooFew = tooFewToExchange(set.nWindows / unit);
  if (tooFew !== undefined) return tooFew;
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
