import type { PointEvent, Seconds, SessionInput, StateChange, Stream } from "@attune/signal";
import type { DamageEntry } from "./damage.ts";

/** Where samples are missing in a stream. */
export interface RecordingGap {
  /** Session time at which the first missing sample would lie. */
  readonly start: Seconds;
  readonly duration: Seconds;
  /** `break`: stamps jump by more than max(1 s, 500 samples). `loss`: shorter. `step`: stamps step back for good. */
  readonly kind: "break" | "loss" | "step";
  /** Sample number of the first sample after the gap. */
  readonly sample: number;
}

/** How a stream's clock was put on the session clock. */
export interface RecordingClock {
  /** `none`: the file holds no offsets; the stream's own clock was taken as the recorder's. */
  readonly model: "huber" | "median" | "none";
  /** Seconds to add to the stream's own clock to get recorder time, at the reference time of the fit. */
  readonly offset: Seconds;
  readonly driftPpm: number;
  readonly nOffsets: number;
  /** 1.4826 MAD of the offsets about the model, seconds. */
  readonly residual: Seconds;
  /** Clock resets (restarts of the stream's computer) found in the offsets. */
  readonly nResets: number;
}

export interface RecordedStream extends Stream {
  readonly nSamples: number;
  /** Session time of the first and last sample; NaN for an empty stream. */
  readonly firstTime: Seconds;
  readonly lastTime: Seconds;
  /** Measured, gaps left out; 0 where it cannot be. */
  readonly effectiveSamplingRate: number;
  /** Every cut of the dejitter is a gap here; so is every break. */
  readonly gaps: readonly RecordingGap[];
  readonly clock: RecordingClock;
  /** Type of the values in the file: `float32`, `int16`, `string` ... */
  readonly format: string;
  /** Computer that the stream came from, where the file says. It may identify a place: show with care. */
  readonly host?: string;
}

/** Samples of one stream. */
export interface SampleWindow {
  /** `[nChannels, nSamples]`, channel-major; NaN where there is no value. Empty for string streams. */
  readonly data: Float64Array;
  /** `[nSamples]`, seconds on the stream's clock, as recorded. */
  readonly deviceTime: Float64Array;
  /** `[nSamples]`, seconds on the session clock, by the whole-file fit. */
  readonly sessionTime: Float64Array;
  /** `[nSamples * nChannels]`, sample by sample; only for string streams. */
  readonly text?: readonly string[];
  /** `[nChannels, nSamples]`; only for int64 streams, whose values beyond 2^53 `data` rounds. */
  readonly integers?: BigInt64Array;
}

export interface PlayOptions {
  /**
   * `causal`: chunks carry device time and clock offsets come when they became known, as in a live session.
   * `offline`: chunks carry session time from the whole-file fit, and there are no clock offsets.
   */
  readonly alignment: "causal" | "offline";
  /**
   * Of the `causal` alignment. `recorded` (default where the recording holds a session): exactly what entered the live
   * analysis, in its order, with its chunks, arrival times, clock offsets, states and lag marks. `rule` (default
   * elsewhere): by the rule of `play`.
   */
  readonly order?: "recorded" | "rule";
  /** `Stream.id`s; all by default. States, events and lag marks of a recorded order come in any case. */
  readonly streams?: readonly string[];
  /** Length of a chunk, 0.2 s by default. A recorded order has its own chunks. */
  readonly chunkSeconds?: Seconds;
  /** Channel numbers to keep, by stream id; all by default. */
  readonly channels?: Readonly<Record<string, readonly number[]>>;
}

/** Whether a recorded session can be computed again as it was. */
export interface SessionCheck {
  /** Inputs of the analysis that can be played. */
  readonly nInputs: number;
  /** Inputs of which the recording does not hold what they were. Those after the end of a killed recording are not known. */
  readonly nMissing: number;
  /** Chunks whose samples are not in the recording any more, or never were; they are left out. */
  readonly nChunksWithoutSamples: number;
  /** Nothing is missing up to the end of the recording. */
  readonly isExact: boolean;
}

/** The live session that a recording holds: enough to compute its results again. */
export interface RecordedSession {
  readonly id: string;
  /** The settings that the analysis ran with, as JSON has them. */
  readonly settings: unknown;
  readonly settingsHash: string;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  /** `Person.id` by `Stream.id`. */
  readonly people: Readonly<Record<string, string>>;
  /** Goes through the whole recorded order once. */
  check(): Promise<SessionCheck>;
}

interface RecordingBase {
  readonly path: string;
  /** `XDF`, `CSV`, `epochs` ... */
  readonly format: string;
  /** What is wrong with the file and what it cost. Empty for a sound one. */
  readonly damage: readonly DamageEntry[];
  sha256(): Promise<string>;
  close(): Promise<void>;
}

/** A recording with a time axis: it can be read anywhere and played like a session. */
export interface ContinuousRecording extends RecordingBase {
  readonly kind: "continuous";
  readonly streams: readonly RecordedStream[];
  /** Only in recordings of Attune's own live sessions. */
  readonly session?: RecordedSession;
  /**
   * Recorder time of session time 0: the first sample of the earliest stream. 0 where the recording holds a session, whose
   * clock is kept.
   */
  readonly epochSeconds: Seconds;
  /** From session time 0 to the last sample. */
  readonly durationSeconds: Seconds;
  /** Samples `[fromSample, fromSample + nSamples)`, clipped at the end of the stream. */
  read(streamId: string, window: { fromSample: number; nSamples: number }): Promise<SampleWindow>;
  /** Markers, ordered by session time (whole-file fit). */
  events(): Promise<PointEvent[]>;
  /** Coded states that the recording carries itself, ordered by session time (whole-file fit). */
  stateChanges(): Promise<StateChange[]>;
  /**
   * Everything in the order in which it became known: by the session time at which it is complete (a chunk: its last
   * sample); at equal times clock offsets, then states and events, then samples, then the order of streams. Memory is
   * bounded by a few chunks per stream. Where the recording holds a session, `causal` plays that instead.
   */
  play(options: PlayOptions): AsyncIterable<SessionInput>;
}

/** One person's windows. */
export interface PersonEpochs {
  readonly person: string;
  readonly samplingRate: number;
  readonly channels: readonly { readonly label: string; readonly unit: string }[];
  readonly nSamples: number;
  /** Time of the first sample of an epoch relative to its event, seconds. */
  readonly firstSampleSeconds: Seconds;
  /** `[nEpochs]` of `[nChannels, nSamples]`, channel-major. */
  readonly epochs: readonly Float64Array[];
}

/** Windows that were cut elsewhere: there is no time axis between them, so they cannot be played. */
export interface EpochRecording extends RecordingBase {
  readonly kind: "epochs";
  readonly persons: readonly string[];
  readonly nEpochs: number;
  /** By person id. Every person has the same epochs at the same time. */
  epochs(): Promise<ReadonlyMap<string, PersonEpochs>>;
}

export type Recording = ContinuousRecording | EpochRecording;

/**
 * How session times are made from recorded ones.
 * - `gap-aware` (default): clock fit (median where there are too few offsets for a slope), then lines between breaks
 *   **and** losses.
 * - `pyxdf`: clock fit and lines as pyxdf makes them with its defaults; short losses are smeared.
 * - `synchronised`: the clock fit of pyxdf alone; jitter stays.
 * - `recorded`: stamps as the streams' own clocks gave them. Streams of different computers do not match.
 */
export type Timing = "gap-aware" | "pyxdf" | "synchronised" | "recorded";

export interface OpenOptions {
  /** For XDF. */
  readonly timing?: Timing;
  /** For tables without a time axis (CSV, TSV): samples per second. */
  readonly samplingRate?: number;
  /** For epochs: the file of each person. */
  readonly files?: Readonly<Record<string, string>>;
}
