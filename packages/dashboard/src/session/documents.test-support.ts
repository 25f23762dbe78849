import type { Hello, PageDocument, Standing, Timeline } from "@attune/wire/page";

/** Documents as a server says them, each with what a test is about. */
export const hello = (change: Partial<Hello> = {}): Hello => ({
  kind: "hello",
  protocol: 1,
  mode: "live",
  session: "dyad-007",
  seat: "writer",
  writerPresent: false,
  people: [
    { id: "adult", role: "adult" },
    { id: "infant", role: "infant" },
  ],
  streams: [
    {
      id: "cap/eeg",
      name: "Adult EEG",
      device: "cap",
      type: "EEG",
      samplingRate: 250,
      channels: [{ label: "C3", unit: "uV", person: "adult", signal: "eeg" }],
    },
    { id: "gaze/markers", name: "Gaze", device: "gaze", type: "Markers", samplingRate: 0, channels: [] },
  ],
  coding: {
    latencySeconds: 0.3,
    layers: [
      {
        person: "adult",
        layer: "gaze",
        mode: "toggle",
        initial: "unknown",
        states: [
          { state: "direct", key: "d" },
          { state: "averted", key: "a" },
        ],
      },
      {
        person: "infant",
        layer: "gaze",
        mode: "hold",
        initial: "unknown",
        states: [{ state: "partner", key: "p" }],
      },
      {
        person: "session",
        layer: "noise",
        mode: "hold",
        initial: "none",
        states: [{ state: "loud", key: "1" }],
      },
    ],
  },
  phases: [{ name: "free-play", plannedSeconds: 150 }],
  analysis: null,
  recording: null,
  ...change,
});

export const standing = (change: Partial<Standing> = {}): Standing => ({
  kind: "standing",
  at: 100,
  stage: "running",
  isPaused: false,
  elapsedSeconds: 40,
  recording: {
    state: "recording",
    bytesWritten: 1e6,
    bytesPerSecond: 50_000,
    lastWriteAgeSeconds: 0.2,
    diskMinutes: 5000,
  },
  phase: { name: "free-play", since: 70, plannedSeconds: 150 },
  analysisDelaySeconds: 0,
  states: [],
  ownStates: [],
  streams: [stream()],
  conditions: [],
  usable: [],
  windows: { nWindows: 0, nAccepted: 0, nLate: 0, rejected: {} },
  replay: null,
  ...change,
});

export const stream = (change: Partial<Standing["streams"][number]> = {}): Standing["streams"][number] => ({
  streamId: "cap/eeg",
  device: "cap",
  lifecycle: "streaming",
  measuredSamplingRate: 250,
  nSamples: 1000,
  nLost: 0,
  lostPercent: 0,
  recentLostPercent: 0,
  silentSeconds: 0.1,
  nReconnects: 0,
  driftPpm: null,
  ...change,
});

export const timeline = (change: Partial<Timeline> = {}): Timeline => ({
  kind: "timeline",
  isWhole: false,
  from: 0,
  to: 10,
  intervals: [],
  events: [],
  gaps: [],
  couplings: [],
  rejected: [],
  ...change,
});

export const reply = (to: number, message: string, ok = true): PageDocument => ({
  kind: "reply",
  to,
  ok,
  message,
  at: 5,
  undoSeconds: ok ? 5 : null,
});
