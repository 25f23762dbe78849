import type { SourceDocument } from "@attune/server";
import type { Checks, Standing, Summary } from "@attune/wire/page";
import { AT, documents, type Hello, LAYERS, layer, ordinaryHello, standingOf } from "./ordinary-session.ts";
import { BEGINNING, type Scene } from "./scripted-source.ts";

const live = (
  change: Partial<Standing> = {},
  more: readonly SourceDocument[] = [],
  helloChange: Partial<Hello> = {},
  silent: readonly string[] = [],
): Scene => ({
  hello: { ...ordinaryHello("live"), ...helloChange },
  at: AT,
  from: BEGINNING,
  documents: documents(standingOf(change), more),
  silent,
});

const checks = (isRed: boolean): Checks => ({
  kind: "checks",
  at: AT,
  checks: [
    {
      check: "rate",
      about: "infant-eeg",
      verdict: isRed ? "red" : "green",
      message: isRed ? "243.1 Hz instead of 250 Hz: 2.8 % too slow" : "250.0 Hz",
    },
    {
      check: "disk",
      about: "recordings",
      verdict: isRed ? "red" : "green",
      message: isRed
        ? "the disk holds 9 minutes: make room or choose another folder"
        : "room for 8400 minutes",
    },
    {
      check: "impedance",
      about: "adult-eeg",
      verdict: "amber",
      message: "measured 42 minutes ago: measure again",
    },
    { check: "streams", about: "adult-eeg", verdict: "green", message: "samples flow" },
    { check: "streams", about: "infant-eeg", verdict: "green", message: "samples flow" },
    { check: "clock", about: "adult-eeg", verdict: "green", message: "offsets arrive" },
    {
      check: "file",
      about: "sub-017_task-freeplay_run-01.xdf",
      verdict: "green",
      message: "does not exist yet",
    },
  ],
  taps: [
    { person: "adult", streamId: "adult-eeg", label: "Cz", confirmed: true },
    { person: "infant", streamId: "infant-eeg", label: "Cz", confirmed: !isRed },
  ],
});

const waiting = (isRed: boolean): Scene =>
  live(
    {
      stage: "monitoring",
      elapsedSeconds: null,
      recording: null,
      phase: null,
      states: [],
      usable: [],
      conditions: [],
    },
    [checks(isRed)],
    { recording: null },
  );

const replay = (helloChange: Partial<Hello> = {}, isAnalysed = true): Scene => ({
  hello: { ...ordinaryHello("replay"), ...helloChange },
  at: AT,
  from: BEGINNING,
  documents: documents(
    standingOf({
      elapsedSeconds: null,
      recording: null,
      phase: null,
      replay: { position: AT, from: BEGINNING, to: AT, speed: 1, isPlaying: false, isAnalysed },
    }),
  ),
});

const summary: Summary = {
  kind: "summary",
  recording: "sub-017_task-freeplay_run-01.xdf",
  isComplete: true,
  durationSeconds: 392,
  phases: [
    { name: "baseline", seconds: 93, plannedSeconds: 90, isMissing: false },
    { name: "face-to-face", seconds: 181, plannedSeconds: 180, isMissing: false },
    { name: "still-face", seconds: 31, plannedSeconds: 60, isMissing: false },
    { name: "reunion", seconds: 0, plannedSeconds: 60, isMissing: true },
  ],
  usable: [
    { person: "adult", cleanSeconds: 301 },
    { person: "infant", cleanSeconds: 212 },
  ],
  conditions: [
    { condition: "direct", nWindows: 220, cleanSeconds: 168 },
    { condition: "averted", nWindows: 160, cleanSeconds: 121 },
  ],
  alarms: [{ at: BEGINNING + 143, source: "infant-eeg", message: "no samples for 3.4 s" }],
  overrides: [{ check: "rate", about: "infant-eeg", reason: "known: the amplifier runs slow" }],
  timing: "clock offsets 412, jumps 0\nadult-eeg 250.02 Hz, drift 18 ppm\ninfant-eeg 249.98 Hz, drift -4 ppm",
  files: [
    { name: "sub-017_task-freeplay_run-01.xdf", holds: "all streams" },
    { name: "sub-017_task-freeplay_run-01_log.tsv", holds: "the event log" },
  ],
};

const recorded = standingOf().recording!;
const silent = (seconds: number) =>
  standingOf().streams.map((each) =>
    each.streamId === "infant-eeg" ? { ...each, silentSeconds: seconds } : each,
  );

/** Three people, the third an adult with layers of their own. */
const three = ((): Partial<Hello> => {
  const hello = ordinaryHello("live");
  return {
    people: [...hello.people, { id: "father", role: "adult" }],
    streams: [
      ...hello.streams,
      ...hello.streams
        .filter(({ id }) => id.startsWith("adult"))
        .map((each) => ({
          ...each,
          id: each.id.replace("adult", "father"),
          name: each.name.replace("adult", "father"),
          channels: each.channels.map((channel) => ({ ...channel, person: "father" })),
        })),
    ],
    coding: {
      latencySeconds: 0.3,
      layers: [
        ...LAYERS,
        layer("father", "gaze", "toggle", "unknown", { direct: "n", averted: "m" }),
        layer("father", "voice", "hold", "silent", { vocalising: "o" }),
      ],
    },
  };
})();

/** Markers twenty times a second, as an eye tracker sends them, beside two events of the session. */
function withMarkers(scene: Scene): Scene {
  const markers = Array.from({ length: 2000 }, (_, n) => ({
    at: AT - 100 + 0.05 * n,
    label: `{"person":"adult","layer":"gaze","state":"direct","confidence":0.${n}}`,
    source: "gaze",
  })).filter(({ at }) => at < AT - 4 || at > AT - 2);
  const events = [
    { at: AT - 150, label: "fuss", source: "writer" },
    { at: AT - 3.4, label: "experimenter-enters the room again", source: "writer" },
    ...markers,
  ];
  return {
    ...scene,
    documents: scene.documents.map((each) => (each.kind === "timeline" ? { ...each, events } : each)),
  };
}

/** A belt says that the infant breathes too fast for the band. */
function withBreathing(scene: Scene): Scene {
  const respiration = (rate: number, isOutsideBand: boolean) => ({
    at: AT,
    rate,
    bandLow: 14,
    bandHigh: 62,
    isOutsideBand,
  });
  return {
    ...scene,
    documents: scene.documents.map((each) =>
      each.kind === "hearts"
        ? {
            ...each,
            people: each.people.map((heart, n) => ({
              ...heart,
              respiration: n === 0 ? respiration(17, false) : respiration(71, true),
            })),
          }
        : each,
    ),
  };
}

/** Every state in which somebody may find the page. */
export const scenes = {
  "gate-red": () => waiting(true),
  monitoring: () => waiting(false),
  recording: () => live(),
  paused: () => live({ isPaused: true }),
  running: () => live({ recording: null }, [], { recording: null }),
  "alarm-amber": () =>
    live({ streams: silent(1.6), recording: { ...recorded, diskMinutes: 44 } }, [], {}, ["infant-eeg"]),
  "alarm-red": () =>
    live(
      {
        streams: silent(12).map((each) =>
          each.streamId === "adult-eeg" ? { ...each, recentLostPercent: 7.2, lostPercent: 2.1 } : each,
        ),
      },
      [],
      {},
      ["infant-eeg"],
    ),
  "disk-full": () => live({ recording: { ...recorded, state: "full", diskMinutes: 0 } }),
  ended: () => live({ stage: "ended", recording: { ...recorded, state: "closed" } }, [summary]),
  three: () => live({}, [], three),
  replay: () => replay(),
  analysing: () => replay({}, false),
  markers: () => withMarkers(live()),
  "replay-markers": () => withMarkers(replay()),
  breathing: () => withBreathing(live()),
  "replay-three": () => replay(three),
} as const satisfies Record<string, () => Scene>;

export type SceneName = keyof typeof scenes;
