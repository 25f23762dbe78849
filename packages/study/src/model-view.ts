import {
  type Direction,
  diagnoseMvar,
  frequencyGrid,
  gpdc,
  gpdcNullFloor,
  type MvarModel,
  portmanteau,
  residualCorrelation,
  type WindowSet,
  windowStationarity,
} from "@attune/core";
import type { ConditionFit, Estimator } from "./estimator.ts";
import type { ModelDiagnostics, Spectrum, Verdict } from "./result.ts";

/** Highest frequency that the report shows. */
const HIGHEST_SHOWN_HZ = 45;
/** Lags of the whiteness test beyond the order. */
const WHITENESS_LAGS = 20;
/**
 * Shares of passed KPSS tests that are called good, and too few. White noise in windows of 200 samples passes 95 %, a
 * first-order process of coefficient .8 88 %; slow but stationary waves (.98) pass half, so only fewer are a warning.
 */
const STATIONARY = { good: 0.85, few: 0.5 };

export interface SpectrumView {
  readonly spectrum: Spectrum;
  /** `[direction, band]`, the analytic floor averaged like the value. */
  readonly floors: Float64Array;
}

/** Squared GPDC per direction over frequency, with the floor and threshold of an absent link. */
export function viewSpectrum(estimator: Estimator, fit: ConditionFit): SpectrumView {
  const { settings, directions, nChannels } = estimator;
  const grid = frequencyGrid({ samplingRate: settings.analysisRate, nfft: settings.frequencyBins });
  const frequencies = grid.filter((frequency) => frequency <= HIGHEST_SHOWN_HZ);
  const options = { samplingRate: settings.analysisRate, frequencies };
  const { values } = gpdc(fit.model, options);
  const floor = gpdcNullFloor(fit.model, laggedCovariance(fit, nChannels), {
    ...options,
    nSamples: fit.nRows,
  });
  const overLinks = ({ fromChannels, toChannels }: Direction, f: number): number => {
    let sum = 0;
    for (const i of toChannels)
      for (const j of fromChannels) sum += values[(f * nChannels + i) * nChannels + j]! ** 2;
    return sum / (toChannels.length * fromChannels.length);
  };
  const overSenders = (perSource: Float64Array, { fromChannels }: Direction, f: number): number =>
    fromChannels.reduce((sum, j) => sum + perSource[f * nChannels + j]!, 0) / fromChannels.length;
  const shown = directions.map((direction) => ({
    from: direction.from,
    to: direction.to,
    values: Array.from(frequencies, (_, f) => overLinks(direction, f)),
    floor: Array.from(frequencies, (_, f) => overSenders(floor.floor, direction, f)),
    threshold: Array.from(frequencies, (_, f) => overSenders(floor.threshold, direction, f)),
  }));
  const floors = Float64Array.from(
    shown.flatMap((direction) =>
      settings.bands.map(({ low, high }) => bandAverage(frequencies, direction.floor, low, high)),
    ),
  );
  return { spectrum: { frequencies: Array.from(frequencies), directions: shown }, floors };
}

function bandAverage(
  frequencies: Float64Array,
  values: readonly number[],
  low: number,
  high: number,
): number {
  let sum = 0;
  let n = 0;
  frequencies.forEach((frequency, f) => {
    if (frequency < low - 1e-9 || frequency > high + 1e-9) return;
    sum += values[f]!;
    n++;
  });
  return n > 0 ? sum / n : Number.NaN;
}

/** Covariance of all channels at lags 1..p from the regression's own moments, `[order * n, order * n]`. */
function laggedCovariance({ gram, nRows, model }: ConditionFit, n: number): Float64Array {
  const m = n * model.order;
  const side = m + n;
  const out = new Float64Array(m * m);
  for (let r = 0; r < m; r++)
    for (let c = 0; c < m; c++) out[r * m + c] = gram[(n + r) * side + n + c]! / nRows;
  return out;
}

/** Is the model one that its numbers can be believed of? In figures and in words. */
export function diagnose(estimator: Estimator, fit: ConditionFit, set: WindowSet): ModelDiagnostics {
  const { settings, order, directions } = estimator;
  const model: MvarModel & { demean?: boolean } = { ...fit.model, demean: false };
  const figures = diagnoseMvar(model, set.windows, { demean: false });
  const maxLag = Math.min(order + WHITENESS_LAGS, set.nSamples - order - 1);
  const white = maxLag > order ? portmanteau(model, set.windows, { maxLag, kind: "li-mcleod" }) : undefined;
  const pairs = directions.filter(({ fromChannels, toChannels }) => fromChannels[0]! < toChannels[0]!);
  const cross = pairs.map(({ fromChannels, toChannels }) =>
    residualCorrelation(model, set.windows, { first: fromChannels, second: toChannels }),
  );
  const residualCrossBrain = largest(cross);
  const whiteness = {
    test: "Li-McLeod",
    statistic: white?.statistic ?? Number.NaN,
    df: white?.df ?? Number.NaN,
    p: white?.p ?? Number.NaN,
  };
  const nLinks = pairs.reduce(
    (sum, { fromChannels, toChannels }) => sum + fromChannels.length * toChannels.length,
    0,
  );
  const view = {
    order,
    solver: fit.model.solver ?? settings.model.estimator,
    whiteness,
    consistency: figures.consistency,
    rSquared: Array.from(figures.rSquared),
    durbinWatson: Array.from(figures.durbinWatson),
    residualCrossBrain,
    stationarity: {
      test: "KPSS",
      passRate: windowStationarity(set.windows, { nChannels: set.nChannels }).passRate,
    },
  };
  return { ...view, verdicts: judge(view, fit, settings.model.estimator, nLinks) };
}

function largest(
  all: readonly ReturnType<typeof residualCorrelation>[],
): ModelDiagnostics["residualCrossBrain"] {
  let found = { r: Number.NaN, low: Number.NaN, high: Number.NaN };
  for (const { correlation, low, high } of all) {
    correlation.forEach((r, i) => {
      if (!(Math.abs(r) <= Math.abs(found.r))) found = { r, low: low[i]!, high: high[i]! };
    });
  }
  return found;
}

function judge(
  view: Omit<ModelDiagnostics, "verdicts">,
  { model, nRows }: ConditionFit,
  estimator: string,
  nLinks: number,
): Verdict[] {
  const verdicts: Verdict[] = [];
  const say = (severity: Verdict["severity"], text: string) => verdicts.push({ severity, text });
  const ratio = (model.nChannels ** 2 * model.order) / nRows;
  if (model.status !== "ok")
    say("alarm", `The model is ${model.status.replaceAll("-", " ")}: do not interpret its numbers.`);
  if (ratio > 1)
    say(
      "alarm",
      `There are more coefficients than samples (ratio ${ratio.toFixed(2)}): lower the order or take fewer channels.`,
    );
  else if (ratio > 0.1)
    say("caution", `Few samples for each coefficient (ratio ${ratio.toFixed(2)}; below 0.1 is advised).`);
  else say("good", `Enough samples for each coefficient (ratio ${ratio.toFixed(3)}; below 0.1 is advised).`);
  if (model.status === "ok")
    say("good", `The model is stable (spectral radius ${model.spectralRadius.toFixed(4)}).`);
  if (view.consistency < 0.8)
    say(
      "caution",
      `The model reproduces the data's covariance poorly (consistency ${view.consistency.toFixed(2)}; above 0.8 is acceptable).`,
    );
  if (view.whiteness.p < 0.01) {
    say(
      "note",
      "The residuals still carry structure (whiteness test p < .01); with much data this test finds the smallest misfit. See whether the values move with the order.",
    );
  }
  if (view.durbinWatson.some((value) => value < 1 || value > 3)) {
    say(
      "caution",
      "Neighbouring residuals are strongly correlated (Durbin-Watson below 1 or above 3): the order is too low.",
    );
  }
  const { r } = view.residualCrossBrain;
  // Corrected for the number of links looked at: 2.5 standard errors for one, more for many.
  const limit = Math.sqrt(2 * Math.log(20 * nLinks)) / Math.sqrt(nRows);
  if (Math.abs(r) > Math.max(limit, 0.02)) {
    say(
      "caution",
      `Residuals of the two heads are correlated without delay (r = ${r.toFixed(3)}): something reaches both at once, such as mains, a shared ground, a clock error or a shared stimulus, and directed numbers may come from it.`,
    );
  } else
    say("good", `Residuals of the two heads are not correlated without delay (largest r = ${r.toFixed(3)}).`);
  if (Number.isFinite(view.stationarity.passRate))
    verdicts.push(judgeStationarity(view.stationarity.passRate));
  if (estimator === "biosig7") {
    say(
      "caution",
      "The estimator biosig7 does not converge to the true model when there are several channels: it shows links that are not there. Use it to compare with earlier work only.",
    );
  }
  return verdicts;
}

/** The test cannot tell a level that drifts from waves that are slow for the window, so it alone never raises an alarm. */
function judgeStationarity(passRate: number): Verdict {
  const share = `${Math.round(100 * passRate)} %`;
  if (passRate >= STATIONARY.good)
    return {
      severity: "good",
      text: `The windows are steady: in ${share} of tests (KPSS, each channel in each window) the level does not drift.`,
    };
  const found = `the level drifts within a window in ${Math.round(100 - 100 * passRate)} % of tests (KPSS, each channel in each window), where 5 % would by chance alone.`;
  if (passRate >= STATIONARY.few)
    return {
      severity: "note",
      text: `Not all windows are steady: ${found} Waves that are slow for the window look the same and do no harm.`,
    };
  return {
    severity: "caution",
    text: `Few windows are steady, which the model assumes: ${found} Look for movement and slow drift, or raise the high-pass.`,
  };
}
