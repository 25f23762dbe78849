/** What a codec met, since it was made. */
export interface CodecCounters {
  readonly framesOk: number;
  /** Bytes that belonged to no frame. */
  readonly bytesSkipped: number;
  /** Times that the frame boundary was lost and found again. */
  readonly resyncs: number;
  readonly checksumErrors: number;
  readonly duplicates: number;
}

/**
 * Frames that a `push` completed. The arrays belong to the codec and are overwritten by the next `push`; only the first
 * `nFrames` entries mean anything.
 */
export interface FrameBatch {
  readonly nFrames: number;
  /**
   * How many of them, at the front, had come whole with an earlier push and were held back until more bytes told that they
   * are frames; 0 when absent. Samples that are missing because the link was silent are missing behind these.
   */
  readonly nHeldBack?: number;
  /** `[frame, channel]`, in the unit of the stream's channels; NaN where a frame holds no value for a channel. */
  readonly values: Float64Array;
  /** `[frame]`, the device's own sample counter as sent (before unwrapping); NaN where the protocol has none. */
  readonly counter: Float64Array;
  /** `[frame]`, seconds on the device's own clock, unwrapped; NaN where the device has no clock. */
  readonly deviceTime: Float64Array;
  /** `[frame]`, bits of `FRAME_FLAGS`. */
  readonly flags: Uint8Array;
}

/** What a frame says about itself beside its values. */
export const FRAME_FLAGS = {
  /** The device or its driver made the sample up: it is counted as lost and its values are NaN in the session. */
  invented: 1,
  /** First frame after the boundary was lost and found again. */
  resynchronised: 2,
  /** An electrode is off, as the device reports it. */
  leadOff: 4,
  /** The device marks this sample (a marker pin, a button). */
  marker: 8,
} as const;

/**
 * Bytes to frames. Pure: no I/O, no clock, no timers. Any way of cutting the bytes gives the same frames.
 *
 * Two states: `locked`, where a frame is taken when it is valid and the next header is in its place; `hunt`, where several
 * consecutive valid frames with rising counters are asked for first. What no frame claims is counted, never repaired.
 */
export interface Codec {
  push(bytes: Uint8Array): FrameBatch;
  /** Forget partial frames and lock; counters go on. */
  reset(): void;
  readonly counters: CodecCounters;
}
