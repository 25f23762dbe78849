import type { Seconds } from "./stream.ts";

/** A run of samples exactly as a device or file delivered it. After it is emitted nobody writes to it. */
export interface SampleChunk {
  readonly kind: "samples";
  /** `Stream.id`. */
  readonly streamId: string;
  /** Counter of the first sample since the stream opened. A jump means lost samples. */
  readonly firstSample: number;
  readonly nSamples: number;
  /** `[nChannels, nSamples]`, channel-major: `data[c * nSamples + n]`. NaN marks a missing value. */
  readonly data: Float64Array;
  /** `[nSamples]`, seconds on the device's own clock, exactly as received. */
  readonly deviceTime: Float64Array;
  /**
   * `[nSamples]`, seconds on the session clock, where the source has already established them (a whole-file
   * clock fit, a simulation's truth). Absent on the causal path, where the align stage estimates them.
   */
  readonly sessionTime?: Float64Array;
  /** When the last byte of the chunk arrived, seconds on the session clock. Live sources only. */
  readonly receivedAt?: Seconds;
}

/** A run of samples of a text stream (markers), exactly as delivered. What they mean is decided in the session. */
export interface TextChunk {
  readonly kind: "text";
  /** `Stream.id`. */
  readonly streamId: string;
  readonly firstSample: number;
  readonly nSamples: number;
  /** `[nSamples * nChannels]`, sample by sample. */
  readonly text: readonly string[];
  /** `[nSamples]`, seconds on the device's own clock, exactly as received. */
  readonly deviceTime: Float64Array;
  readonly receivedAt?: Seconds;
}

/** One measurement of how far a stream's clock is from the session clock: session time = device time + offset. */
export interface ClockOffset {
  readonly kind: "clock-offset";
  readonly streamId: string;
  /** When it was measured, seconds on the stream's own clock. */
  readonly collectedAt: Seconds;
  readonly offset: Seconds;
}

/**
 * A person's state in one exclusive layer changes, such as gaze of the adult to `direct`. It lasts until the
 * next change in the same layer of the same person. `unknown` is a state; it is not `away`.
 */
export interface StateChange {
  readonly kind: "state";
  /** `Person.id`, or `session` for layers that belong to nobody, such as `phase`. */
  readonly person: string;
  /** `gaze`, `voice`, `touch`, `phase`, `stimulus` ... */
  readonly layer: string;
  readonly state: string;
  /** Seconds on the session clock. */
  readonly at: Seconds;
}

/** Something that happened at one moment: a marker, a note. */
export interface PointEvent {
  readonly kind: "event";
  readonly label: string;
  readonly at: Seconds;
  readonly source: string;
}

/**
 * The analysis fell behind (`late: true`) or has caught up (`late: false`). Windows that are completed in between are
 * rejected as `late`. It is an input like any other, so that a replay leaves out the same windows.
 */
export interface AnalysisLag {
  readonly kind: "analysis-lag";
  readonly late: boolean;
  readonly at: Seconds;
}

/** Everything that a device delivers. */
export type DeviceOutput = SampleChunk | TextChunk | ClockOffset | StateChange | PointEvent;

/** Everything that enters the analysis of a session, in the order in which it became known. */
export type SessionInput = SampleChunk | ClockOffset | StateChange | PointEvent | AnalysisLag;

/** A closed interval of one state: `[onset, onset + duration)`, seconds on the session clock. */
export interface StateInterval {
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  readonly onset: Seconds;
  readonly duration: Seconds;
}

/** Why samples or windows cannot be used. The bit of a sample's mask is `1 << index` in REJECTION_REASONS. */
export type RejectionReason =
  | "gap"
  | "not-a-number"
  | "amplitude"
  | "near-artefact"
  | "outlier"
  | "flat"
  | "railed"
  | "line-noise"
  | "clock"
  | "filter-settling"
  | "state-switch"
  | "state-unknown"
  | "requirement"
  | "late";

/** Samples of one person's channels on the session grid: sample `k` lies at `k / samplingRate` on the session clock. */
export interface AlignedChunk {
  readonly kind: "aligned";
  readonly person: string;
  readonly samplingRate: number;
  /** Index of the first sample on the grid (integer, may be large). */
  readonly firstIndex: number;
  readonly nSamples: number;
  /** `[nChannels, nSamples]`, channel-major; NaN where `mask` says that there is nothing. */
  readonly data: Float64Array;
  /** `[nChannels, nSamples]`, the same samples before any filter, by which flat and railed channels are seen. */
  readonly unfiltered: Float64Array;
  /** `[nSamples]`, 0 where every channel can be used, else the union of reason bits. */
  readonly mask: Uint16Array;
}
