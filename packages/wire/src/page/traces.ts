/**
 * A run of samples of one stream for the screen, placed on the session clock with the clock estimate of that moment (causal) or of
 * the whole file (replay). Single precision: for eyes, not for numbers.
 */
export interface Traces {
  readonly kind: "traces";
  readonly streamId: string;
  /** Session time of the first sample. */
  readonly start: number;
  /** Seconds between two samples. */
  readonly step: number;
  readonly nChannels: number;
  readonly nSamples: number;
  /**
   * `[nChannels, nSamples]`, channel-major, in the channel's unit; NaN where a value is missing. For an envelope
   * `[nChannels, 2 * nSamples]`: the least value of every stretch of `step`, then the greatest.
   */
  readonly data: Float32Array;
  /** False: samples; true: least and greatest of stretches, for parts that lie further back than samples are kept. */
  readonly isEnvelope: boolean;
  /** True where this answers `traces` of a page and is not the newest data. */
  readonly isPast: boolean;
}
