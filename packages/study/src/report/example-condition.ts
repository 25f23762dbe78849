import type {
  ConditionResult,
  DirectionResult,
  LinkResult,
  ModelDiagnostics,
  NullResult,
  Verdict,
} from "../result.ts";
import { exampleSettings } from "./example-settings.ts";
import {
  channels,
  exampleGenerator,
  matrix,
  measure,
  type Planted,
  people,
  routes,
  spectrum,
} from "./example-spectra.ts";

function direction(
  condition: string,
  from: string,
  to: string,
  band: string,
  planted: Planted,
): DirectionResult {
  const random = exampleGenerator(17 + 31 * condition.length + 7 * from.length + 1009 * band.charCodeAt(0));
  const nullMean = from === "adult" ? 0.0094 : 0.0071;
  const nullSd = nullMean * 0.34;
  const nullSample = Array.from({ length: 999 }, () => {
    const sum = random() + random() + random() - 1.5;
    return Math.max(0.0006, nullMean + 2 * nullSd * sum + 0.4 * nullSd * sum * sum);
  }).sort((a, b) => a - b);
  const effect = planted[`${from}>${to} ${band}`] ?? (random() - 0.5) * 0.006;
  const value = nullMean + effect;
  const corrected = (value - nullMean) / (1 - nullMean);
  const p = (1 + nullSample.filter((item) => item >= value).length) / 1000;
  return {
    from,
    to,
    band,
    measure,
    value,
    nullMean,
    nullSd,
    corrected,
    z: (value - nullMean) / nullSd,
    p,
    q: band === "delta" ? Number.NaN : Math.min(1, p * 2),
    interval: { low: corrected - 0.0068, high: corrected + 0.0074, method: "jackknife" },
    floor: nullMean * 0.88,
    nWindows: 96,
    equalised: value * 0.985,
    nullSample,
  };
}

function links(directions: readonly DirectionResult[]): LinkResult[] {
  return directions.flatMap((item) =>
    channels.flatMap((fromChannel, source) =>
      channels.map((toChannel, sink) => {
        const scale = 0.7 + 0.2 * (source + 2 * sink);
        const value = item.value * scale;
        return {
          ...item,
          fromChannel,
          toChannel,
          value,
          corrected: (value - item.nullMean) / (1 - item.nullMean),
        };
      }),
    ),
  );
}

function nullResults(directions: readonly DirectionResult[]): NullResult[] {
  const under = (factor: number) =>
    directions.map(({ from, to, band, value, nullMean, nullSd, z, p }) => ({
      from,
      to,
      band,
      measure,
      value,
      nullMean,
      nullSd,
      z,
      p: Math.max(0.001, Math.min(1, p * factor)),
    }));
  return [
    {
      id: "blockShuffle",
      tests: "The two heads are coupled moment by moment, or share an input.",
      destroys: "alignment of the two heads",
      keeps: "everything within each head, spectra",
      nSurrogates: 999,
      directions: under(1),
    },
    {
      id: "circularShift",
      tests: "The two heads are coupled, or share an input, at this alignment in time.",
      destroys: "alignment of the two heads",
      keeps: "autocorrelation and slow changes within each head",
      nSurrogates: 999,
      directions: under(1.4),
    },
    {
      id: "phaseRand",
      tests: "There is more than the spectra of two independent heads would give.",
      destroys: "phases across heads",
      keeps: "spectra and cross-spectra within each head",
      nSurrogates: 999,
      directions: under(0.9),
    },
  ];
}

function diagnostics(verdicts: readonly Verdict[]): ModelDiagnostics {
  return {
    order: 7,
    solver: "ols",
    whiteness: { test: "Li-McLeod", statistic: 214.6, df: 208, p: 0.362 },
    consistency: 0.934,
    rSquared: [0.71, 0.68, 0.77, 0.74],
    durbinWatson: [1.99, 2.01, 1.98, 2.0],
    residualCrossBrain: { r: 0.012, low: -0.017, high: 0.041 },
    stationarity: { test: "KPSS", passRate: 0.923 },
    verdicts,
  };
}

export function condition(name: string, planted: Planted, powerScale: number): ConditionResult {
  const bands = exampleSettings.bands.map((band) => band.name);
  const directions = bands.flatMap((band) =>
    routes.map(({ from, to }) => direction(name, from, to, band, planted)),
  );
  const lead = planted["adult>infant theta"] ?? 0;
  return {
    condition: name,
    reported: true,
    reason: undefined,
    nWindows: 96,
    nEpisodes: 21,
    cleanSeconds: 74.5,
    health: { status: "ok", spectralRadius: 0.9432, parameterRatio: 0.0154, nObservations: 7296 },
    directions,
    links: links(directions),
    nulls: nullResults(directions),
    timeReversal: [
      {
        from: "adult",
        to: "infant",
        netForward: lead * 2.2 + 0.0021,
        netReversed: -lead * 0.9 + 0.0017,
        difference: lead * 3.1 + 0.0004,
        p: lead > 0 ? 0.003 : 0.58,
      },
    ],
    otherMeasures: [
      ...routes.map((route) => ({
        measure: "dtfSquared",
        ...route,
        band: "theta",
        value: 0.021 + lead,
        unit: "",
      })),
      {
        measure: "informationFlow",
        from: "adult",
        to: "infant",
        band: "theta",
        value: 0.094 + 2 * lead,
        unit: "bits/s",
      },
      { measure: "wpli", from: "adult", to: "infant", band: "theta", value: 0.113, unit: "" },
    ],
    spectrum: spectrum(planted, 96),
    matrices: bands.map((band) => ({ band, values: matrix(band, planted) })),
    diagnostics: diagnostics([
      { severity: "good", text: "The residuals look like white noise: the order is high enough." },
      {
        severity: "good",
        text: "Residuals of the two heads are uncorrelated at the same instant: no sign of shared hum or clock.",
      },
    ]),
    power: people.flatMap(({ id }) =>
      bands.map((band, index) => ({
        person: id,
        band,
        microvoltsSquared:
          ((id === "adult" ? 9.4 : 61.2) / (index + 1)) * (band === "alpha" ? powerScale : 1),
      })),
    ),
  };
}

/** A condition for which too little clean data was left: every number is missing. */
export function emptyCondition(name: string): ConditionResult {
  const none = Number.NaN;
  const full = condition(name, {}, 1);
  return {
    ...full,
    reported: false,
    reason: "only 6.0 s of clean data in 3 episodes, 10 s are needed",
    nWindows: 5,
    nEpisodes: 3,
    cleanSeconds: 6,
    health: { status: "insufficient-data", spectralRadius: none, parameterRatio: none, nObservations: 380 },
    directions: full.directions.map((item) => ({
      ...item,
      value: none,
      nullMean: none,
      nullSd: none,
      corrected: none,
      z: none,
      p: none,
      q: none,
      interval: { low: none, high: none, method: "jackknife" },
      floor: none,
      nWindows: 5,
      equalised: none,
      nullSample: [],
    })),
    links: [],
    nulls: [],
    timeReversal: [],
    otherMeasures: [],
    spectrum: { frequencies: [], directions: [] },
    matrices: [],
    diagnostics: {
      ...diagnostics([{ severity: "caution", text: "Too few samples: no model was fitted." }]),
      whiteness: { test: "Li-McLeod", statistic: none, df: none, p: none },
      consistency: none,
      rSquared: [],
      durbinWatson: [],
      residualCrossBrain: { r: none, low: none, high: none },
      stationarity: { test: "KPSS", passRate: none },
    },
    power: full.power.map((item) => ({ ...item, microvoltsSquared: none })),
  };
}

/** Numbers exist, but the model behind them exploded: they are to be shown greyed, with the reason. */
export function unstableCondition(name: string): ConditionResult {
  const full = condition(name, {}, 0.8);
  return {
    ...full,
    nWindows: 31,
    nEpisodes: 8,
    cleanSeconds: 24.5,
    health: { status: "unstable", spectralRadius: 1.0127, parameterRatio: 0.0478, nObservations: 2344 },
    diagnostics: {
      ...diagnostics([
        {
          severity: "alarm",
          text: "The model is unstable (spectral radius 1.013): its numbers are not to be used.",
        },
      ]),
      whiteness: { test: "Li-McLeod", statistic: 391.2, df: 208, p: 2.1e-13 },
      consistency: 0.61,
      residualCrossBrain: { r: 0.283, low: 0.245, high: 0.32 },
    },
  };
}
