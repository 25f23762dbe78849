import type { ArrivalClock } from "@attune/core";
import type { Seconds } from "@attune/signal";
import type { FrameBatch } from "./codec.ts";

/** Samples between two frames, from what a counter shows of it and how much time went by in sample periods. */
export function lostBetween(gap: number, modulus: number, elapsedSamples: number): number {
  return Math.max(0, gap + modulus * Math.round((elapsedSamples - 1 - gap) / modulus));
}

/** A device clock whose steps are not whole sample periods in more than this share of frames cannot count samples. */
const IRREGULAR_SHARE = 0.05;
const N_FRAMES_TO_TRUST = 100;
/** What a device clock may say before it is trusted. */
const LARGE_GAP_SECONDS = 0.04;
/** Without a clock line yet: bytes may have come this much before it says they could. */
const UNSETTLED_SLACK_SECONDS = 0.25;
/** The device's clock was set when it steps back, or ahead of the host's, by so much. */
const STEP_AHEAD_SECONDS = 5;
const STEP_BACK_SECONDS = 0.5;

export interface FramePositionsOptions {
  /** Nominal; 0 for irregular streams, which lose nothing but what a counter says. */
  readonly samplingRate: number;
  readonly counterModulus?: number;
  readonly hasDeviceClock: boolean;
}

/**
 * How many samples are missing before each frame of a read, as far as the device itself says.
 *
 * - Counter and device clock: `gap + m round((elapsed fs - 1 - gap) / m)`, exact. A gap that is far from what the clock says
 *   is a counter that began anew; then the clock alone tells.
 * - Counter only: `gap = (n - last - 1) mod m`. Whole turns are found later, from arrival times (`LossMonitor`). A gap
 *   that would put samples before the moment at which they could have been taken is a damaged counter and not believed.
 * - Device clock only: steps in sample periods, while the clock counts them (`countsByClock`).
 */
export class FramePositions {
  readonly #options: FramePositionsOptions;
  #gaps = new Int32Array(256);
  #total = 0;
  #clockWasSet = false;
  #lastCounter = Number.NaN;
  #lastDeviceTime = Number.NaN;
  #lastReceivedAt: Seconds = Number.NaN;
  #nFrames = 0;
  #irregularity = 0;

  constructor(options: FramePositionsOptions) {
    this.#options = options;
  }

  /** `[frame]`, of the last `locate`. */
  get gaps(): Int32Array {
    return this.#gaps;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether the device's clock was set before some frame of the last `locate`. */
  get clockWasSet(): boolean {
    return this.#clockWasSet;
  }

  /** Whether the device's clock moves in whole sample periods, so that a step tells how many samples are missing. */
  get countsByClock(): boolean {
    const { hasDeviceClock, samplingRate } = this.#options;
    return hasDeviceClock && samplingRate > 0 && this.#irregularity <= IRREGULAR_SHARE;
  }

  /** The counter starts anew with the next frame. */
  forgetCounter(): void {
    this.#lastCounter = Number.NaN;
  }

  /**
   * @param next  number of the sample that is due
   * @param clock line of `number / samplingRate`; used where the device has no clock
   */
  locate(batch: FrameBatch, next: number, receivedAt: Seconds, clock: ArrivalClock): void {
    const n = batch.nFrames;
    if (this.#gaps.length < n) this.#gaps = new Int32Array(2 * n);
    this.#total = 0;
    this.#clockWasSet = false;
    for (let f = 0; f < n; f++) {
      const isCounted = !Number.isNaN(this.#lastCounter);
      let gap = this.#counterGap(batch.counter[f] ?? Number.NaN);
      if (this.#options.hasDeviceClock)
        gap = this.#byDeviceClock(gap, isCounted, batch.deviceTime[f]!, receivedAt, f);
      else if (gap > 0 && !this.#isPossible(next + this.#total + gap + n - 1, gap, receivedAt, clock))
        gap = 0;
      this.#gaps[f] = gap;
      this.#total += gap;
    }
    this.#lastReceivedAt = receivedAt;
  }

  #counterGap(counter: number): number {
    const modulus = this.#options.counterModulus;
    if (modulus === undefined || !Number.isFinite(counter)) return 0;
    const last = this.#lastCounter;
    this.#lastCounter = counter;
    return Number.isNaN(last) ? 0 : (((counter - last - 1) % modulus) + modulus) % modulus;
  }

  #isPossible(lastIndex: number, gap: number, receivedAt: Seconds, clock: ArrivalClock): boolean {
    const { samplingRate, counterModulus = 1 } = this.#options;
    if (samplingRate === 0) return true;
    const lateness = clock.lateness(lastIndex / samplingRate, receivedAt);
    if (Number.isNaN(lateness)) return true;
    if (!clock.settled) return gap <= counterModulus / 2 || lateness > -UNSETTLED_SLACK_SECONDS;
    return lateness > -Math.max(0.02, 4 * (clock.jitterRms || 0));
  }

  #byDeviceClock(
    gap: number,
    isCounted: boolean,
    deviceTime: number,
    receivedAt: Seconds,
    frame: number,
  ): number {
    const { samplingRate, counterModulus } = this.#options;
    if (!Number.isFinite(deviceTime)) return gap;
    const step = deviceTime - this.#lastDeviceTime;
    this.#lastDeviceTime = deviceTime;
    if (samplingRate === 0 || Number.isNaN(step)) return gap;
    // Within a read the host knows nothing of the time between frames.
    const hostStep = frame === 0 ? receivedAt - this.#lastReceivedAt : Math.max(0, step);
    if (step - hostStep > STEP_AHEAD_SECONDS || step < -STEP_BACK_SECONDS) {
      this.#clockWasSet = true;
      return Math.max(0, Math.round(hostStep * samplingRate) - 1);
    }
    const elapsed = step * samplingRate;
    if (counterModulus !== undefined) {
      const lost = lostBetween(gap, isCounted ? counterModulus : 1, elapsed);
      const doubt = Math.max(LARGE_GAP_SECONDS * samplingRate, counterModulus / 8);
      // A gap that the clock knows nothing of: the counter began anew.
      return gap > 0 && Math.abs(lost + 1 - elapsed) > doubt ? Math.max(0, Math.round(elapsed) - 1) : lost;
    }
    const whole = Math.max(1, Math.round(elapsed));
    this.#nFrames++;
    this.#irregularity += (Number(Math.abs(elapsed - whole) > 0.25) - this.#irregularity) / N_FRAMES_TO_TRUST;
    const trusted = this.#nFrames > N_FRAMES_TO_TRUST || step > LARGE_GAP_SECONDS;
    return this.countsByClock && trusted ? whole - 1 : 0;
  }
}
