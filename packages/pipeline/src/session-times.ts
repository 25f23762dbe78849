import { CausalClock } from "@attune/core";
import type { ClockOffset, SampleChunk } from "@attune/signal";

/** Session times of some samples; a time that may still turn out wrong is flagged, as `CausalClock` does. */
export interface TimedSamples {
  /** `[nSamples]`, seconds. */
  readonly time: Float64Array;
  /** `[nSamples]`, `CLOCK_GOOD` or not. */
  readonly doubtful: Uint8Array;
}

/**
 * When the samples of one stream were taken: `sessionTime` of the chunk where its source has fixed it (whole-file fit,
 * simulation, a table of one clock); else what the causal clock estimates from stamps and offsets so far. Samples that the device
 * counted and nobody received advance the clock.
 */
export class SessionTimes {
  readonly #clock: CausalClock;
  #nextSample = Number.NaN;

  constructor(nominalSamplingRate: number) {
    this.#clock = new CausalClock({ nominalSamplingRate });
  }

  addOffset({ collectedAt, offset }: ClockOffset): void {
    this.#clock.addOffset(collectedAt, offset);
  }

  of(chunk: SampleChunk): TimedSamples {
    const doubtful = new Uint8Array(chunk.nSamples);
    if (chunk.sessionTime !== undefined) return { time: chunk.sessionTime, doubtful };
    const time = new Float64Array(chunk.nSamples);
    if (chunk.firstSample > this.#nextSample) this.#clock.skip(chunk.firstSample - this.#nextSample);
    this.#nextSample = chunk.firstSample + chunk.nSamples;
    this.#clock.push(chunk.deviceTime, chunk.nSamples, time, doubtful);
    return { time, doubtful };
  }
}
