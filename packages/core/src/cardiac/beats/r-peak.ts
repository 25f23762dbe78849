/** One heartbeat, found in an electrocardiogram. */
export interface RPeak {
  /** The R peak, seconds since the first sample that was pushed (that one is at 0), finer than the sampling. */
  readonly time: number;
  /**
   * Seconds since the first sample at which this beat was known: the time of the sample that settled it, or of the last
   * sample before a gap or the end. `emittedAt - time` is the latency.
   */
  readonly emittedAt: number;
  /** Found afterwards: by search-back, or while the detector was still learning the size of the beats. */
  readonly late: boolean;
  /** Signed height of the R wave in the detection band, free of the baseline, in the unit of the input. */
  readonly amplitude: number;
  /** How much this looks like a beat of this trace, 0 to 1; see `BeatQuality`. */
  readonly quality: number;
}
