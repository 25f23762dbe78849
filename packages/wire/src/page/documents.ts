import { z } from "zod";
import { seconds, unknownable } from "./fields.ts";
import { heartsSchema } from "./heart-documents.ts";

/**
 * What a session tells its pages, apart from samples: structured documents, few and small, each complete in itself, so that a
 * page that comes late or lost one needs only the newest. Times are seconds on the session clock; `null` means not known.
 */

const personSchema = z.object({ id: z.string(), role: z.enum(["adult", "infant", "child"]) });

const channelSchema = z.object({
  label: z.string(),
  unit: z.string(),
  /** Whose it is, by the session file; null for a channel that nobody wears. */
  person: z.string().nullable(),
  signal: z.enum(["eeg", "ecg", "respiration", "eda", "gaze", "audio", "other"]),
});

const streamSchema = z.object({
  id: z.string(),
  name: z.string(),
  device: z.string(),
  type: z.string(),
  /** 0 for irregular streams, which have no traces. */
  samplingRate: z.number(),
  channels: z.array(channelSchema),
});

const layerSchema = z.object({
  person: z.string(),
  layer: z.string(),
  mode: z.enum(["toggle", "hold"]),
  initial: z.string(),
  states: z.array(z.object({ state: z.string(), key: z.string() })),
});

/** From `amber` on somebody should look when there is time, from `red` on at once. */
const limitSchema = z.object({ amber: z.number(), red: z.number() });

/** When something is a warning and when an alarm: the log of the session goes by these, and a page should too. */
export const limitsSchema = z.object({
  silentSeconds: limitSchema,
  /** Of `recentLostPercent`. */
  lostPercent: limitSchema,
  /** Less is worse. */
  diskMinutes: limitSchema,
});

/** Who one is here. One page writes; a second coder writes a track of its own; everybody else looks. */
export const seatSchema = z.enum(["writer", "second-coder", "observer"]);

/** First thing a page gets, and again when streams or seats change. */
export const helloSchema = z.object({
  kind: z.literal("hello"),
  protocol: z.literal(1),
  mode: z.enum(["live", "replay"]),
  session: z.string(),
  seat: seatSchema,
  /** True when somebody else sits in the writer's seat: this page may ask to take it over. */
  writerPresent: z.boolean(),
  people: z.array(personSchema),
  streams: z.array(streamSchema),
  coding: z.object({ latencySeconds: seconds, layers: z.array(layerSchema) }),
  phases: z.array(z.object({ name: z.string(), plannedSeconds: z.number().nullable() })),
  analysis: z
    .object({
      profile: z.string(),
      measure: z.string(),
      bands: z.array(z.object({ name: z.string(), low: z.number(), high: z.number() })),
      /** Layer whose states are the conditions. */
      person: z.string(),
      layer: z.string(),
      /** Seconds of one window, and by how much the next is later. */
      windowSeconds: seconds,
      hopSeconds: seconds,
      forgettingSeconds: seconds.nullable(),
    })
    .nullable(),
  /** File that is being written or shown; null while nothing is recorded. */
  recording: z.string().nullable(),
  /** Absent where whoever tells it has none. */
  limits: limitsSchema.optional(),
});

const standingStreamSchema = z.object({
  streamId: z.string(),
  device: z.string(),
  lifecycle: z.string(),
  measuredSamplingRate: unknownable,
  nSamples: z.number(),
  nLost: z.number(),
  lostPercent: unknownable,
  /** Over the last 10 s. */
  recentLostPercent: unknownable,
  /** Since the last sample; null before the first. */
  silentSeconds: unknownable,
  nReconnects: z.number(),
  driftPpm: unknownable,
});

/** How everything stands, four times a second. */
export const standingSchema = z.object({
  kind: z.literal("standing"),
  at: seconds,
  stage: z.enum(["idle", "monitoring", "running", "ended"]),
  isPaused: z.boolean(),
  /** Since `begin`; null before. */
  elapsedSeconds: unknownable,
  recording: z
    .object({
      /** recording: all is well; full, failed: it has stopped, the session goes on; closed: complete. */
      state: z.string(),
      bytesWritten: z.number(),
      bytesPerSecond: unknownable,
      lastWriteAgeSeconds: unknownable,
      /** Minutes that the disk still holds at this rate. */
      diskMinutes: unknownable,
    })
    .nullable(),
  phase: z.object({ name: z.string(), since: seconds, plannedSeconds: z.number().nullable() }).nullable(),
  analysisDelaySeconds: z.number(),
  /** Every layer's present state, by the primary coder, by a device or derived. */
  states: z.array(z.object({ person: z.string(), layer: z.string(), state: z.string(), since: seconds })),
  /** The same for this page's own track, where it is the second coder's. */
  ownStates: z.array(z.object({ person: z.string(), layer: z.string(), state: z.string(), since: seconds })),
  streams: z.array(standingStreamSchema),
  conditions: z.array(z.object({ condition: z.string(), nWindows: z.number(), cleanSeconds: z.number() })),
  /** Seconds of the present phase in which each person's signals could be used: what decides whether to go on. */
  usable: z.array(z.object({ person: z.string(), cleanSeconds: z.number(), phaseSeconds: z.number() })),
  windows: z.object({
    nWindows: z.number(),
    nAccepted: z.number(),
    nLate: z.number(),
    /** `person reason` -> windows. */
    rejected: z.record(z.string(), z.number()),
  }),
  /** Only in a replay. */
  replay: z
    .object({
      position: seconds,
      from: seconds,
      to: seconds,
      speed: z.number(),
      isPlaying: z.boolean(),
      /** False while the whole file is still being analysed; the timeline grows meanwhile. */
      isAnalysed: z.boolean(),
    })
    .nullable(),
});

const directedEvidenceSchema = z.object({
  condition: z.string(),
  from: z.string(),
  to: z.string(),
  band: z.string(),
  measure: z.string(),
  /** The estimate as it stands, over what the pipeline keeps of this condition. */
  value: unknownable,
  nullMean: unknownable,
  nullSd: unknownable,
  corrected: unknownable,
  z: unknownable,
  p: unknownable,
  /** Why the number must not be read, in words; null when it may. */
  caveat: z.string().nullable(),
  nWindows: z.number(),
  cleanSeconds: z.number(),
});

/** One comparison of two conditions, with an interval that stays valid however often one looks. */
const comparisonSchema = z.object({
  from: z.string(),
  to: z.string(),
  band: z.string(),
  measure: z.string(),
  condition: z.string(),
  reference: z.string(),
  difference: unknownable,
  low: unknownable,
  high: unknownable,
  level: z.number(),
  /** Independent stretches that the interval rests on, of each condition. */
  n: z.number(),
  nReference: z.number(),
  /** About how many more windows of `condition` the planned precision asks for; 0 when it is reached. */
  windowsToGo: unknownable,
});

/** Coupling now and by condition. */
export const evidenceSchema = z.object({
  kind: z.literal("evidence"),
  at: seconds,
  /** Condition that holds now, null outside of all. */
  condition: z.string().nullable(),
  values: z.array(directedEvidenceSchema),
  comparisons: z.array(comparisonSchema),
});

const lights = ["good", "fair", "poor", "unknown"] as const;
export const qualityReasons = [
  "flat",
  "railed",
  "line-noise",
  "muscle",
  "drift",
  "impedance",
  "no-data",
] as const;

/** How each channel of a stream looks, about once a second, over the stretch that `overSeconds` says. */
export const qualitySchema = z.object({
  kind: z.literal("quality"),
  at: seconds,
  streamId: z.string(),
  overSeconds: seconds,
  channels: z.array(
    z.object({
      label: z.string(),
      light: z.enum(lights),
      reasons: z.array(z.enum(qualityReasons)),
      /** Root mean square in the channel's unit, after the mean is taken off. */
      rms: unknownable,
      /** Power at the mains frequency over power beside it. */
      lineRatio: unknownable,
      /** Share of power above 30 Hz, EEG only. */
      muscleShare: unknownable,
      /** Peak to peak below 1 Hz, in the channel's unit. */
      drift: unknownable,
      kilohms: unknownable,
    }),
  ),
});

/** One line of the event log. */
export const logEntrySchema = z.object({
  id: z.int(),
  at: seconds,
  level: z.enum(["info", "warning", "alarm"]),
  source: z.string(),
  message: z.string(),
  /**
   * Entries about one trouble carry one number; the newest of them says how it stands, and `isOver` that it is over. Absent for what
   * just happened.
   */
  spell: z.object({ id: z.int(), isOver: z.boolean() }).optional(),
});
export const logSchema = z.object({ kind: z.literal("log"), entries: z.array(logEntrySchema) });

/** The start gate: what `attune check` says, again and again until the session begins. */
export const checksSchema = z.object({
  kind: z.literal("checks"),
  at: seconds,
  checks: z.array(
    z.object({
      check: z.string(),
      about: z.string(),
      verdict: z.enum(["green", "amber", "red"]),
      message: z.string(),
    }),
  ),
  /** People whose electrodes somebody should tap before the session begins, and what was seen. */
  taps: z.array(
    z.object({
      person: z.string(),
      streamId: z.string(),
      label: z.string(),
      confirmed: z.boolean(),
      /** By what: a tap that was seen, or a reason that somebody gave instead. Absent before. */
      how: z.enum(["tapped", "confirmed-without-tap"]).optional(),
    }),
  ),
});

const intervalSchema = z.object({
  person: z.string(),
  layer: z.string(),
  state: z.string(),
  onset: seconds,
  /** Null for a state that still holds. */
  offset: unknownable,
});

/** What has been so far, for a page that comes late, and all there is in a replay. Then increments of the same shape. */
export const timelineSchema = z.object({
  kind: z.literal("timeline"),
  /** True: forget what was known before; false: add. */
  isWhole: z.boolean(),
  from: seconds,
  to: seconds,
  intervals: z.array(intervalSchema),
  events: z.array(z.object({ at: seconds, label: z.string(), source: z.string() })),
  gaps: z.array(z.object({ streamId: z.string(), from: seconds, to: seconds, nLost: z.number() })),
  /** The pooled estimates as they became known: one a solution, direction and band. */
  couplings: z.array(
    z.object({
      at: seconds,
      condition: z.string(),
      from: z.string(),
      to: z.string(),
      band: z.string(),
      value: unknownable,
      nullMean: unknownable,
      nullSd: unknownable,
      corrected: unknownable,
      isTrusted: z.boolean(),
    }),
  ),
  /** Windows that could not be used: `at` is their start. */
  rejected: z.array(z.object({ at: seconds, seconds, reasons: z.array(z.string()) })),
});

/** Coded behaviour, newest last; a correction is a row of its own that points to what it corrects. */
export const codingSchema = z.object({
  kind: z.literal("coding"),
  rows: z.array(
    z.object({
      index: z.int(),
      coder: z.string(),
      kind: z.string(),
      person: z.string(),
      layer: z.string(),
      state: z.string(),
      previous: z.string(),
      at: seconds,
      /** Row that is taken back, or the first of those that a correction of a stretch is about. */
      corrects: z.int().nullable(),
      /** The stretch of time for which `state` was said afterwards; absent for all other rows. */
      span: z.object({ from: seconds, until: seconds }).optional(),
    }),
  ),
  /** Cohen's kappa of two coders per layer, once both have coded. */
  agreement: z.array(
    z.object({
      person: z.string(),
      layer: z.string(),
      kappa: unknownable,
      observed: unknownable,
      seconds: seconds,
    }),
  ),
});

/** The sheet before the family leaves. `timing` is the text of the timing passport. */
export const summarySchema = z.object({
  kind: z.literal("summary"),
  recording: z.string().nullable(),
  isComplete: z.boolean(),
  durationSeconds: seconds,
  phases: z.array(
    z.object({
      name: z.string(),
      seconds: seconds,
      plannedSeconds: z.number().nullable(),
      isMissing: z.boolean(),
    }),
  ),
  usable: z.array(z.object({ person: z.string(), cleanSeconds: seconds })),
  conditions: z.array(z.object({ condition: z.string(), nWindows: z.number(), cleanSeconds: z.number() })),
  /** One row for one trouble, however often it was told. */
  alarms: z.array(
    z.object({
      /** When it was told first. */
      at: seconds,
      source: z.string(),
      /** What it was, told afterwards where it is over. */
      message: z.string(),
      /** When it was over; absent where it was not, or where it was no lasting trouble. */
      overAt: seconds.optional(),
    }),
  ),
  overrides: z.array(z.object({ check: z.string(), about: z.string(), reason: z.string() })),
  timing: z.string(),
  files: z.array(z.object({ name: z.string(), holds: z.string() })),
});

/** The answer to a command; `message` is shown for some seconds, with an undo where `undoSeconds` says so. */
export const replySchema = z.object({
  kind: z.literal("reply"),
  to: z.int(),
  ok: z.boolean(),
  message: z.string(),
  at: seconds,
  undoSeconds: z.number().nullable(),
});

/** The answer to a ping: with it a page knows the session clock to a fraction of the round trip. */
export const pongSchema = z.object({ kind: z.literal("pong"), sentAt: z.number(), at: seconds });

export const pageDocumentSchema = z.discriminatedUnion("kind", [
  helloSchema,
  standingSchema,
  evidenceSchema,
  heartsSchema,
  qualitySchema,
  logSchema,
  checksSchema,
  timelineSchema,
  codingSchema,
  summarySchema,
  replySchema,
  pongSchema,
]);

export type Seat = z.infer<typeof seatSchema>;
export type Limits = z.infer<typeof limitsSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type PageStream = Hello["streams"][number];
export type PageChannel = PageStream["channels"][number];
export type Standing = z.infer<typeof standingSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type DirectedEvidence = Evidence["values"][number];
export type Comparison = Evidence["comparisons"][number];
export type ChannelQuality = z.infer<typeof qualitySchema>;
export type QualityReason = (typeof qualityReasons)[number];
export type PageLog = z.infer<typeof logSchema>;
export type Checks = z.infer<typeof checksSchema>;
export type Timeline = z.infer<typeof timelineSchema>;
export type Coding = z.infer<typeof codingSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type Reply = z.infer<typeof replySchema>;
export type Pong = z.infer<typeof pongSchema>;
export type PageDocument = z.infer<typeof pageDocumentSchema>;
