import { storyHello } from "@attune/dashboard/dev";
import type { SourceDocument } from "@attune/server";
import type { Coding, Standing, Timeline } from "@attune/wire/page";
import { BEGINNING, RATE, type Scene, story } from "./scripted-source.ts";

export const AT = BEGINNING + 200;
export type Hello = Scene["hello"];

export const layer = (
  person: string,
  name: string,
  mode: "toggle" | "hold",
  initial: string,
  states: Readonly<Record<string, string>>,
): Hello["coding"]["layers"][number] => ({
  person,
  layer: name,
  mode,
  initial,
  states: Object.entries(states).map(([state, key]) => ({ state, key })),
});

export const LAYERS = [
  layer("adult", "gaze", "toggle", "unknown", { direct: "j", averted: "k" }),
  layer("adult", "voice", "hold", "silent", { vocalising: "l" }),
  layer("adult", "touch", "toggle", "none", { "affectionate-touch": "u", "other-touch": "i" }),
  layer("infant", "gaze", "toggle", "unknown", { partner: "d", object: "s", away: "a" }),
  layer("infant", "voice", "hold", "silent", { vocalising: "f" }),
];

/** Two people with two layers each and touch, phases, 16 channels and a heart each: an ordinary session. */
export function ordinaryHello(mode: Hello["mode"]): Hello {
  const {
    kind: _kind,
    protocol: _protocol,
    seat: _seat,
    writerPresent: _writer,
    ...made
  } = storyHello(16, RATE, mode);
  return {
    ...made,
    session: "dyad-017",
    coding: { latencySeconds: 0.3, layers: LAYERS },
    phases: [
      { name: "baseline", plannedSeconds: 90 },
      { name: "face-to-face", plannedSeconds: 180 },
      { name: "still-face", plannedSeconds: 60 },
      { name: "reunion", plannedSeconds: 60 },
    ],
    recording: "sub-017_task-freeplay_run-01.xdf",
  };
}

const stream = (streamId: string, change: Partial<Standing["streams"][number]> = {}) => ({
  streamId,
  device: "made up",
  lifecycle: "streaming",
  measuredSamplingRate: 250.02,
  nSamples: 50_000,
  nLost: 12,
  lostPercent: 0.02,
  recentLostPercent: 0,
  silentSeconds: 0.04,
  nReconnects: 0,
  driftPpm: 18,
  ...change,
});

export const standingOf = (change: Partial<Standing> = {}): Standing => ({
  kind: "standing",
  at: AT,
  stage: "running",
  isPaused: false,
  elapsedSeconds: 200,
  recording: {
    state: "recording",
    bytesWritten: 24_300_000,
    bytesPerSecond: 121_000,
    lastWriteAgeSeconds: 0.3,
    diskMinutes: 8400,
  },
  phase: { name: "face-to-face", since: BEGINNING + 95, plannedSeconds: 180 },
  analysisDelaySeconds: 0.2,
  states: [
    { person: "adult", layer: "gaze", state: "direct", since: AT - 4 },
    { person: "adult", layer: "voice", state: "vocalising", since: AT - 1 },
    { person: "adult", layer: "touch", state: "affectionate-touch", since: AT - 12 },
    { person: "infant", layer: "gaze", state: "partner", since: AT - 2 },
  ],
  ownStates: [],
  streams: ["adult-eeg", "adult-ecg", "infant-eeg", "infant-ecg"].map((id) => stream(id)),
  conditions: [
    { condition: "direct", nWindows: 120, cleanSeconds: 88 },
    { condition: "averted", nWindows: 90, cleanSeconds: 61 },
  ],
  usable: [
    { person: "adult", cleanSeconds: 92, phaseSeconds: 105 },
    { person: "infant", cleanSeconds: 61, phaseSeconds: 105 },
  ],
  windows: { nWindows: 210, nAccepted: 164, nLate: 0, rejected: { "infant muscle": 31, "adult blink": 15 } },
  replay: null,
  ...change,
});

const quality = (person: string): SourceDocument => ({
  kind: "quality",
  at: AT,
  streamId: `${person}-eeg`,
  overSeconds: 3,
  channels: ordinaryHello("live")
    .streams.find(({ id }) => id === `${person}-eeg`)!
    .channels.map(({ label }, n) => ({
      label,
      light: n === 4 ? "poor" : n === 9 ? "fair" : "good",
      reasons: n === 4 ? ["railed"] : n === 9 ? ["muscle"] : [],
      rms: 17.4,
      lineRatio: 1.2,
      muscleShare: 0.05,
      drift: 12,
      kilohms: 4 + n,
    })),
});

const log: SourceDocument = {
  kind: "log",
  entries: [
    { id: 1, at: BEGINNING + 2, level: "info", source: "session", message: "recording begun" },
    { id: 2, at: BEGINNING + 61, level: "warning", source: "adult-eeg", message: "350 samples lost" },
    { id: 3, at: BEGINNING + 100, level: "alarm", source: "infant-eeg", message: "no samples for 3.4 s" },
    {
      id: 4,
      at: BEGINNING + 118,
      level: "info",
      source: "note",
      message: "door opened, parent turned round",
    },
    { id: 5, at: BEGINNING + 130, level: "info", source: "note", message: "infant state: alert" },
  ],
};

const row = (
  index: number,
  at: number,
  person: string,
  layerName: string,
  state: string,
  change: Partial<Coding["rows"][number]> = {},
): Coding["rows"][number] => ({
  index,
  coder: "coder-1",
  kind: "state",
  person,
  layer: layerName,
  state,
  previous: "unknown",
  at: BEGINNING + at,
  corrects: null,
  ...change,
});

const coding: Coding = {
  kind: "coding",
  rows: [
    row(0, 3.2, "adult", "gaze", "direct"),
    row(1, 4.1, "infant", "gaze", "object"),
    row(2, 9.9, "infant", "gaze", "partner"),
    row(3, 12.4, "adult", "gaze", "averted", { previous: "direct" }),
    row(4, 13.1, "adult", "gaze", "direct", { kind: "correction", corrects: 3, previous: "averted" }),
    row(5, 61.4, "adult", "touch", "affectionate-touch", { previous: "none" }),
    row(6, 120.1, "infant", "gaze", "away", { previous: "partner" }),
    row(7, 150.3, "infant", "gaze", "object", {
      kind: "correction",
      previous: "partner",
      corrects: 2,
      span: { from: BEGINNING + 20, until: BEGINNING + 24.5 },
    }),
  ],
  agreement: [
    { person: "adult", layer: "gaze", kappa: 0.81, observed: 0.92, seconds: 180 },
    { person: "infant", layer: "gaze", kappa: 0.67, observed: 0.83, seconds: 176 },
  ],
};

/** Voice and touch beside gaze, as they are coded. */
export function withVoices(timeline: Timeline): Timeline {
  const lane = (person: string, name: string, states: readonly string[], every: number) => {
    const intervals: Timeline["intervals"] = [];
    for (let n = 0, at = timeline.from + 1; at < timeline.to; n++, at += every)
      intervals.push({
        person,
        layer: name,
        state: states[n % states.length]!,
        onset: at,
        offset: Math.min(at + every, timeline.to),
      });
    return intervals;
  };
  return {
    ...timeline,
    intervals: [
      ...timeline.intervals,
      ...lane("adult", "voice", ["vocalising", "silent"], 3.1),
      ...lane("infant", "voice", ["silent", "vocalising"], 4.3),
      ...lane("adult", "touch", ["none", "affectionate-touch"], 17),
    ],
  };
}

export const documents = (standing: Standing, more: readonly SourceDocument[] = []): SourceDocument[] => [
  standing,
  ...story(standing.at, withVoices),
  quality("adult"),
  quality("infant"),
  log,
  coding,
  ...more,
];
