import type { ContrastResult, EventLockedResult, StudyResult, Timeline } from "../result.ts";
import { condition, emptyCondition, unstableCondition } from "./example-condition.ts";
import { exampleSettings } from "./example-settings.ts";
import { exampleGenerator, measure, montage, people, routes } from "./example-spectra.ts";

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
  const random = exampleGenerator(2024);
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
          baselineDifference: values.map((value, index) => (index === 12 ? Number.NaN : value - 0.0165)),
          baselineP: values.map((value) => (value > 0.0331 ? 0.02 : 0.61)),
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
