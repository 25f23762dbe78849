import type { PostProcessing, TimeCorrection } from "../api/inlet.ts";
import { localClock } from "../local-clock.ts";
import { TimestampPostProcessor } from "./timestamp-post-processor.ts";

/** liblsl takes the newest correction after more than so many samples and at least so much time. */
const correctionSamples = 50;
const correctionSeconds = 0.5;

/** Post-processing of a feed's stamps with the clock measurements as they come. */
export class ClockCorrector {
  readonly #options: PostProcessing;
  readonly #processor: TimestampPostProcessor;
  #newest: TimeCorrection | undefined;
  #inUse: number | undefined;
  #takenAt = 0;
  #samplesSince = 0;

  constructor(options: PostProcessing, nominalSamplingRate: number, halftimeSeconds: number) {
    this.#options = options;
    this.#processor = new TimestampPostProcessor(options, nominalSamplingRate, halftimeSeconds);
  }

  /** With clock correction nothing may leave before the first measurement. */
  get mustWait(): boolean {
    return this.#options.clockSync === true && this.#newest === undefined;
  }

  measured(correction: TimeCorrection): void {
    this.#newest = correction;
  }

  /** The sender's clock may be another from now on. */
  forget(): void {
    this.#newest = undefined;
    this.#inUse = undefined;
  }

  /** Starts the fits anew, after a recovery. */
  reset(nominalSamplingRate: number): void {
    this.#processor.reset(nominalSamplingRate);
  }

  /** In place. */
  execute(timestamps: Float64Array): void {
    const { clockSync, dejitter, monotonize } = this.#options;
    if (!clockSync && !dejitter && !monotonize) return;
    const now = localClock();
    const isDue = this.#samplesSince > correctionSamples && now - this.#takenAt >= correctionSeconds;
    if (this.#inUse === undefined || isDue) {
      this.#inUse = this.#newest?.offset;
      this.#takenAt = now;
      this.#samplesSince = 0;
    }
    this.#samplesSince += timestamps.length;
    this.#processor.execute(timestamps, this.#inUse ?? 0);
  }
}
