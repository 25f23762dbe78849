import type {
  ConditionResult,
  ContrastResult,
  DirectionResult,
  EventLockedResult,
  LinkResult,
  ModelDiagnostics,
  NullResult,
  Spectrum,
  StudyResult,
  Timeline,
  Verdict,
} from "../result.ts";
import { exampleSettings } from "./example-settings.ts";

/** Numbers that look random and are the same every time (Lehmer's generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const people = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
] as const;
const channels = ["C3", "C4"];
const montage = people.flatMap(({ id }) => channels.map((channel) => ({ person: id, channel })));
const routes = [
  { from: "adult", to: "infant" },
  { from: "infant", to: "adult" },
];
const measure = "gpdcSquared";

/** What is planted in a condition: the corrected coupling per `from>to band`; everything else is at chance. */
type Planted = Readonly<Record<string, number>>;

function direction(
  condition: string,
  from: string,
  to: string,
  band: string,
  planted: Planted,
): DirectionResult {
  const random = generator(17 + 31 * condition.length + 7 * from.length + 1009 * band.charCodeAt(0));
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

function spectrum(planted: Planted, settingsBins: number): Spectrum {
  const frequencies = Array.from({ length: settingsBins }, (_, bin) => (bin * 100) / (2 * settingsBins));
  return {
    frequencies,
    directions: routes.map(({ from, to }) => {
      const floor = frequencies.map(
        (f) => (from === "adult" ? 0.0085 : 0.0066) * (1 + 0.35 * Math.exp(-((f - 8) ** 2) / 18)),
      );
      const peak = planted[`${from}>${to} theta`] ?? 0;
      return {
        from,
        to,
        floor,
        threshold: floor.map((value) => value * 3.84),
        values: frequencies.map(
          (f, bin) =>
            (floor[bin] as number) * (1 + 0.25 * Math.sin(f * 0.7 + from.length)) +
            1.25 * peak * Math.exp(-((f - 4.6) ** 2) / 3),
        ),
      };
    }),
  };
}

/** `[sink, source]`; every column sums to 1, as the squared measure does. */
function matrix(band: string, planted: Planted): number[] {
  const random = generator(5 + band.charCodeAt(0) * 11);
  const n = montage.length;
  const values = new Array<number>(n * n).fill(0);
  montage.forEach((source, column) => {
    let rest = 1;
    montage.forEach((sink, row) => {
      if (row === column) return;
      const effect = planted[`${source.person}>${sink.person} ${band}`] ?? 0;
      const share = source.person === sink.person ? 0.08 + 0.1 * random() : 0.006 + 0.008 * random() + effect;
      values[row * n + column] = share;
      rest -= share;
    });
    values[column * n + column] = rest;
  });
  return values;
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
    verdicts,
  };
}

function condition(name: string, planted: Planted, powerScale: number): ConditionResult {
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
function emptyCondition(name: string): ConditionResult {
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
    },
    power: full.power.map((item) => ({ ...item, microvoltsSquared: none })),
  };
}

/** Numbers exist, but the model behind them exploded: they are to be shown greyed, with the reason. */
function unstableCondition(name: string): ConditionResult {
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

function contrast(
  from: string,
  to: string,
  band: string,
  difference: number,
  p: number,
  q: number,
): ContrastResult {
  const nullSd = 0.0049;
  return {
    conditionA: "direct",
    conditionB: "averted",
    from,
    to,
    band,
    measure,
    difference,
    nullMean: 0.0002,
    nullSd,
    z: (difference - 0.0002) / nullSd,
    p,
    q,
    nPermutations: 999,
  };
}

function timeline(): Timeline {
  const random = generator(2024);
  const states: Timeline["states"][number][] = [];
  const spans = (person: string, layer: string, names: readonly string[], mean: number) => {
    let onset = 0;
    let index = 0;
    while (onset < 300) {
      const duration = Math.min(300 - onset, mean * (0.4 + 1.4 * random()));
      states.push({ person, layer, state: names[index % names.length] as string, onset, duration });
      onset += duration;
      index += random() < 0.75 ? 1 : 2;
    }
  };
  spans("adult", "gaze", ["direct", "averted", "direct", "averted", "direct-oblique"], 9);
  spans("infant", "gaze", ["partner", "object", "partner", "unknown", "away"], 7);
  spans("session", "phase", ["song"], 400);
  const gazeAt = (person: string, time: number) =>
    states.find(
      (state) =>
        state.person === person &&
        state.layer === "gaze" &&
        time >= state.onset &&
        time < state.onset + state.duration,
    )?.state ?? "unknown";
  const windows = Array.from({ length: 399 }, (_, index) => {
    const start = index * 0.75;
    const own = gazeAt("adult", start);
    const reasons: string[] = [];
    if (gazeAt("adult", start + 1.5) !== own) reasons.push("adult: state-switch");
    if (gazeAt("infant", start) === "unknown") reasons.push("infant: state-unknown");
    else if (gazeAt("infant", start) !== "partner") reasons.push("infant: requirement");
    if (random() < 0.06) reasons.push("infant: amplitude");
    if (start > 141 && start < 143) reasons.push("infant: gap");
    return {
      start,
      duration: 1.5,
      accepted: reasons.length === 0,
      condition: reasons.length === 0 ? own : undefined,
      reasons,
    };
  });
  return { startSeconds: 0, endSeconds: 300, states, windows };
}

function eventLocked(): EventLockedResult {
  const times = Array.from({ length: 25 }, (_, index) => -2 + index * 0.25);
  return {
    event: "adult gaze -> direct",
    nEvents: 18,
    nRejected: 4,
    times,
    note: "Each window is 1.5 s long, so that a value describes 0.75 s on either side of its time.",
    directions: routes.flatMap(({ from, to }) =>
      ["theta", "alpha"].map((band) => {
        const size = from === "adult" && band === "theta" ? 0.03 : 0;
        const values = times.map(
          (time) =>
            0.016 + 0.002 * Math.sin(3 * time + band.length) + size / (1 + Math.exp(-4 * (time - 0.5))),
        );
        return {
          from,
          to,
          band,
          values: values.map((value, index) => (index === 12 ? Number.NaN : value)),
          nullMean: times.map(() => 0.0158),
          nullHigh: times.map(() => 0.0291),
          p: values.map((value) => (value > 0.0291 ? 0.012 : 0.44)),
        };
      }),
    ),
  };
}

/**
 * A result as a real study gives it, for the tests of the report: coupling adult to infant in theta under direct
 * gaze, none under averted gaze, one condition with too little data, one with an unstable model.
 */
export function exampleResult(overrides: Partial<StudyResult> = {}): StudyResult {
  const planted = { "adult>infant theta": 0.0312, "adult>infant alpha": 0.0061 };
  const conditions = [
    condition("direct", planted, 1),
    condition("averted", {}, 1.31),
    emptyCondition("direct-oblique"),
    unstableCondition("indirect"),
  ];
  const orders = Array.from({ length: 15 }, (_, index) => index + 1);
  const curve = (best: number, steep: number) =>
    orders.map((order) => -3 + 0.9 * Math.exp(-order / 2.1) + steep * order * (order > best ? 1.2 : 1));
  const allLines = timeline();
  const counts = new Map<string, number>();
  for (const reason of allLines.windows.flatMap((window) => window.reasons))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return {
    format: "attune-study",
    formatVersion: 1,
    profile: "recommended",
    settings: exampleSettings,
    provenance: {
      attuneVersion: "0.1.0",
      settingsHash: "5f0c1e7a9b3d42868c0e4d5a17f6b29cde8034b1a6f7795220c3e8d1b4a9f607",
      inputs: [
        { name: "dyad-07.xdf", sha256: "9a1bd2c07e55f4836b0d9c82e14fa7735d60c9b8e2f10473a5b6c7d8e9f00112" },
      ],
      seed: 20170,
      alignment: "offline",
      filterPhase: "zero-phase",
    },
    people,
    montage,
    recording: {
      name: "dyad-07",
      format: "XDF",
      durationSeconds: 300.4,
      streams: [
        {
          id: "eeg-adult",
          name: "Adult EEG",
          type: "EEG",
          person: "adult",
          nominalSamplingRate: 250,
          effectiveSamplingRate: 249.9871,
          clockOffsetSeconds: 12.482913,
          driftPpm: 51.6,
          gaps: [],
        },
        {
          id: "eeg-infant",
          name: "Infant EEG",
          type: "EEG",
          person: "infant",
          nominalSamplingRate: 250,
          effectiveSamplingRate: 250.0042,
          clockOffsetSeconds: -3.120554,
          driftPpm: -16.8,
          gaps: [{ start: 141.204, duration: 1.352 }],
        },
        {
          id: "gaze",
          name: "gaze",
          type: "Markers",
          person: undefined,
          nominalSamplingRate: 0,
          effectiveSamplingRate: Number.NaN,
          clockOffsetSeconds: 0.000214,
          driftPpm: Number.NaN,
          gaps: [],
        },
      ],
      damage: ["Bytes 1 048 576 to 1 052 672 could not be read; 0.4 s of Infant EEG near 141 s are lost."],
    },
    conditions,
    contrasts: [
      contrast("adult", "infant", "theta", 0.0331, 0.002, 0.008),
      contrast("infant", "adult", "theta", -0.0016, 0.741, 0.741),
      contrast("adult", "infant", "alpha", 0.0057, 0.183, 0.366),
      contrast("infant", "adult", "alpha", 0.0009, 0.868, 0.868),
    ],
    eventLocked: [eventLocked()],
    diagnostics: {
      orderSelection: {
        orders,
        criteria: [
          { name: "AIC", values: curve(7, 0.008), best: 7 },
          { name: "HQ", values: curve(6, 0.014), best: 6 },
          { name: "BIC", values: curve(4, 0.028), best: 4 },
        ],
        used: 7,
        sensitivity: [5, 6, 7, 8, 9].flatMap((order) =>
          routes.map((route) => ({
            order,
            condition: "direct",
            ...route,
            band: "theta",
            value: (route.from === "adult" ? 0.0391 : 0.0079) + 0.0006 * (order - 7),
          })),
        ),
      },
      windows: {
        total: allLines.windows.length,
        accepted: allLines.windows.filter((window) => window.accepted).length,
        rejected: [
          { person: "infant", reason: "requirement", count: counts.get("infant: requirement") ?? 0 },
          { person: "adult", reason: "state-switch", count: counts.get("adult: state-switch") ?? 0 },
          { person: "infant", reason: "state-unknown", count: counts.get("infant: state-unknown") ?? 0 },
          { person: "infant", reason: "amplitude", count: counts.get("infant: amplitude") ?? 0 },
          { person: "infant", reason: "gap", count: counts.get("infant: gap") ?? 0 },
        ],
      },
    },
    verdicts: [
      { severity: "good", text: "Clocks agree to within 0.4 ms, less than one sample." },
      {
        severity: "caution",
        text: "Alpha power of both people was 31 % higher under averted gaze: compare corrected values only.",
      },
      {
        severity: "alarm",
        text: "The model of the condition indirect is unstable: its numbers are shown greyed and must not be used.",
      },
      {
        severity: "note",
        text: "Shared input (the song) was not ruled out: the recording has no repetition to swap.",
      },
    ],
    timeline: allLines,
    ...overrides,
  };
}
