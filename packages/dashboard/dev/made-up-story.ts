import type { DirectedEvidence, Evidence, Hello, Timeline } from "@attune/wire/page";

/** What happens in the made-up session: gaze that alternates, phases, gaps, coupling that is stronger during direct gaze. */

const BANDS = [
  { name: "theta", low: 3, high: 6, strength: 1 },
  { name: "alpha", low: 6, high: 9, strength: 0.35 },
] as const;
export const STORY_GAPS = [
  { streamId: "adult-eeg", from: 61.2, to: 61.9, nLost: 350 },
  { streamId: "infant-eeg", from: 143, to: 146.4, nLost: 1700 },
  { streamId: "infant-eeg", from: 204.5, to: 204.54, nLost: 20 },
  { streamId: "adult-eeg", from: 367.0, to: 367.45, nLost: 225 },
] as const;

const noise = (n: number): number => {
  const x = Math.sin(n * 12.9898) * 43758.5453;
  return x - Math.floor(x) - 0.5;
};

/** Seconds since the beginning of the story at which gaze of a person changes, with the state that begins. */
function* gaze(
  isInfant: boolean,
  until: number,
): Generator<{ readonly onset: number; readonly state: string }> {
  const states = isInfant ? ["partner", "object", "partner", "away", "unknown"] : ["direct", "averted"];
  let t = 0;
  for (let n = 0; t < until; n++) {
    yield { onset: t, state: states[n % states.length]! };
    t += isInfant ? 2.4 + 5 * (noise(n + 0.3) + 0.5) : 5 + 6 * (noise(n + 0.7) + 0.5);
  }
}

export function storyTimeline(from: number, to: number): Timeline {
  const length = to - from;
  const intervals: Timeline["intervals"] = [];
  const addLayer = (
    person: string,
    layer: string,
    states: Iterable<{ readonly onset: number; readonly state: string }>,
  ): void => {
    let open: Timeline["intervals"][number] | undefined;
    for (const { onset, state } of states) {
      if (onset > length) break;
      if (open !== undefined) open.offset = from + onset;
      open = { person, layer, state, onset: from + onset, offset: null };
      intervals.push(open);
    }
  };
  addLayer("adult", "gaze", gaze(false, length));
  addLayer("infant", "gaze", gaze(true, length));
  addLayer("session", "phase", [
    { onset: 2, state: "baseline" },
    { onset: 95, state: "face-to-face" },
    { onset: 280, state: "still-face" },
    { onset: 340, state: "reunion" },
  ]);
  addLayer("session", "pause", [
    { onset: 0, state: "running" },
    { onset: 262, state: "paused" },
    { onset: 279, state: "running" },
  ]);
  const couplings: Timeline["couplings"] = [];
  for (let t = 20; t < length; t += 5) {
    if (t > 262 && t < 282) continue;
    for (const { name, strength } of BANDS)
      for (const [a, b] of [
        ["adult", "infant"],
        ["infant", "adult"],
      ] as const)
        for (const condition of ["direct", "averted"])
          couplings.push(couplingAt(from, t, name, strength, a, b, condition));
  }
  const rejected: Timeline["rejected"] = [];
  for (let t = 12; t < length; t += 1)
    if (noise(t * 3.1) > 0.42) rejected.push({ at: from + t, seconds: 1, reasons: ["infant muscle"] });
  const events = [
    { at: 118, label: "fuss", source: "coder" },
    { at: 236, label: "experimenter-enters", source: "coder" },
    { at: 262, label: "pause", source: "session" },
    { at: 364.2, label: "vocalisation", source: "coder" },
  ].filter(({ at }) => at < length);
  return {
    kind: "timeline",
    isWhole: true,
    from,
    to,
    intervals,
    events: events.map((event) => ({ ...event, at: from + event.at })),
    gaps: STORY_GAPS.filter((gap) => gap.to < length).map((gap) => ({
      ...gap,
      from: from + gap.from,
      to: from + gap.to,
    })),
    couplings,
    rejected,
  };
}

function couplingAt(
  from: number,
  t: number,
  band: string,
  strength: number,
  a: string,
  b: string,
  condition: string,
): Timeline["couplings"][number] {
  const planted = condition === "direct" ? (a === "adult" ? 0.06 : 0.035) * strength : 0.006;
  const nullSd = 0.006 + 0.05 / Math.sqrt(t);
  const nullMean = 0.021;
  const value =
    nullMean +
    planted * Math.min(1, t / 80) +
    0.9 * nullSd * noise(t * 1.7 + band.length + a.length * 3 + condition.length);
  return {
    at: from + t,
    condition,
    from: a,
    to: b,
    band,
    value,
    nullMean,
    nullSd,
    corrected: value - nullMean,
    isTrusted: t > 45,
  };
}

export function storyEvidence(timeline: Timeline, at: number): Evidence {
  const newest = new Map<string, Timeline["couplings"][number]>();
  for (const coupling of timeline.couplings)
    if (coupling.at <= at) newest.set(`${coupling.condition} ${coupling.from} ${coupling.band}`, coupling);
  const elapsed = at - timeline.from;
  const values: DirectedEvidence[] = [...newest.values()].map((c) => ({
    condition: c.condition,
    from: c.from,
    to: c.to,
    band: c.band,
    measure: "gpdcSquared",
    value: c.value,
    nullMean: c.nullMean,
    nullSd: c.nullSd,
    corrected: c.corrected,
    z: (c.value! - c.nullMean!) / c.nullSd!,
    p: (c.value! - c.nullMean!) / c.nullSd! > 2 ? 0.005 : 0.4,
    caveat: c.isTrusted ? null : "fewer clean windows than the model needs (31 of 45)",
    nWindows: Math.round(elapsed * (c.condition === "direct" ? 0.52 : 0.44)),
    cleanSeconds: elapsed * (c.condition === "direct" ? 0.46 : 0.39),
  }));
  const gazeNow = timeline.intervals
    .filter((i) => i.person === "adult" && i.layer === "gaze" && i.onset <= at)
    .at(-1);
  return {
    kind: "evidence",
    at,
    condition: gazeNow?.state ?? null,
    values,
    comparisons: BANDS.flatMap(({ name, strength }) =>
      (
        [
          ["adult", "infant"],
          ["infant", "adult"],
        ] as const
      ).map(([a, b]) => {
        const difference = (a === "adult" ? 0.043 : 0.024) * strength;
        const half = 0.5 / Math.sqrt(Math.max(8, elapsed)) + 0.004;
        const known = elapsed > 60;
        return {
          from: a,
          to: b,
          band: name,
          measure: "gpdcSquared",
          condition: "direct",
          reference: "averted",
          difference: known ? difference : null,
          low: known ? difference - half : null,
          high: known ? difference + half : null,
          level: 0.95,
          n: Math.floor(elapsed / 20),
          nReference: Math.floor(elapsed / 24),
          windowsToGo: known ? Math.max(0, Math.round((half / 0.012) ** 2 * 40 - 40)) : null,
        };
      }),
    ),
  };
}

export function storyHello(nChannels: number, samplingRate: number, mode: Hello["mode"]): Hello {
  const cap =
    "Fp1 Fp2 AF3 AF4 F7 F3 Fz F4 F8 FC5 FC1 FC2 FC6 T7 C3 Cz C4 T8 CP5 CP1 CP2 CP6 P7 P3 Pz P4 P8 PO3 PO4 O1 Oz O2".split(
      " ",
    );
  const labels = Array.from({ length: nChannels }, (_, n) => cap[n] ?? `E${n + 1}`);
  const eeg = (person: string): Hello["streams"][number] => ({
    id: `${person}-eeg`,
    name: `${person} EEG`,
    device: "made up",
    type: "EEG",
    samplingRate,
    channels: labels.map((label) => ({ label, unit: "uV", person, signal: "eeg" as const })),
  });
  const ecg = (person: string): Hello["streams"][number] => ({
    id: `${person}-ecg`,
    name: `${person} ECG`,
    device: "made up",
    type: "ECG",
    samplingRate,
    channels: [{ label: "ECG", unit: "mV", person, signal: "ecg" as const }],
  });
  const layer = (person: string, states: readonly string[]) => ({
    person,
    layer: "gaze",
    mode: "toggle" as const,
    initial: "unknown",
    states: states.map((state, n) => ({ state, key: String(n) })),
  });
  return {
    kind: "hello",
    protocol: 1,
    mode,
    session: "made-up",
    seat: "writer",
    writerPresent: true,
    people: [
      { id: "adult", role: "adult" },
      { id: "infant", role: "infant" },
    ],
    streams: [eeg("adult"), ecg("adult"), eeg("infant"), ecg("infant")],
    coding: {
      latencySeconds: 0.3,
      layers: [layer("adult", ["direct", "averted"]), layer("infant", ["partner", "object", "away"])],
    },
    phases: [
      { name: "baseline", plannedSeconds: 90 },
      { name: "face-to-face", plannedSeconds: 180 },
    ],
    analysis: {
      profile: "made up",
      measure: "gpdcSquared",
      bands: BANDS.map(({ name, low, high }) => ({ name, low, high })),
      person: "adult",
      layer: "gaze",
      windowSeconds: 1,
      hopSeconds: 0.5,
      forgettingSeconds: 30,
    },
    recording: null,
  };
}
