import { OptionError, ShapeError } from "../errors.ts";
import { quantileOfSorted } from "./order-statistics.ts";
import { RecentOffsets } from "./recent-offsets.ts";
import { StampLine } from "./stamp-line.ts";

/** Flags of `CausalClock.push`: the time is good. */
export const CLOCK_GOOD = 0;
/** The time may still turn out wrong: settling, or a suspected loss that is not decided yet. */
export const CLOCK_DOUBTFUL = 1;

const SETTLING_SECONDS = 2;
const DECISION_SECONDS = 1;
const LONGEST_SUSPICION_SECONDS = 4;
/** A change of the offset beyond this is a reset of a clock; below it is slewed in. */
const RESET_SECONDS = 0.05;
/** A jump of the device's own clock beyond this (or backwards by 1 s) is a restart, not a gap. */
const RESTART_SECONDS = 600;
const SLEW_SECONDS = 5;
/**
 * An offset takes effect this long after it was measured. More than stamps can disagree about "now", so that the
 * sample at which it takes effect does not depend on how samples were cut into chunks.
 */
const OFFSET_DELAY_SECONDS = 0.25;
/** Bounds the windows of very fast streams. */
const MAX_WINDOW = 8192;

/**
 * Session time of samples as it can be known while they arrive: from the stamps so far and the clock offsets so
 * far, sample by sample. Any cut of the input into chunks gives the same bits.
 *
 * - **Jitter**: a recursive robust line through the stamps (`StampLine`, 30 s half-life).
 * - **Offset**: a robust line over recent offsets (`RecentOffsets`), drift zero until 6 offsets over 30 s. An
 *   offset takes effect 0.25 s after its collection time; hand it over before the samples that lie there. The change it brings is
 *   slewed in (time constant 5 s), so session time does not jump; a change above 50 ms is a clock reset and does
 *   jump, once two offsets in a row say so.
 * - **Loss**: when the residual jumps by more than max(1.5 / f, 20 ms), the line goes on without stamps and samples
 *   are flagged doubtful. After 1 s of samples (longer while late samples are still catching up) the 10th percentile of
 *   the residual is compared with that of the second before. Shifted by more than max(0.9 / f, 20 ms, 6 MAD): samples
 *   were lost, the line moves and session time jumps (a gap). Else they were late: nothing jumps. Doubt ends early
 *   when a tenth of a second of stamps is back where it was.
 * - **Monotone**: times never decrease.
 *
 * The first 2 s are settling and flagged. Before the first offset session time is NaN and flagged; a stream on the
 * session clock has to be told so with `addOffset(firstStamp, 0)`. A constant transport delay cannot be seen.
 *
 * Irregular streams (rate 0): stamp plus offset, no jitter removal, no loss detection.
 */
export class CausalClock {
  readonly #rate: number;
  readonly #second: number;
  readonly #line: StampLine;
  readonly #offsets = new RecentOffsets(RESET_SECONDS);
  readonly #pendingTimes: number[] = [];
  readonly #pendingValues: number[] = [];
  readonly #recent: Float64Array;
  readonly #suspected: Float64Array;
  readonly #scratch: Float64Array;
  #nRecent = 0;
  #nSuspected = 0;
  #nSinceSuspicion = 0;
  #nSinceStart = 0;
  #nReturned = 0;
  #lowBefore = 0;
  #levelBefore = 0;
  #shiftThreshold = 0;
  #jump = 0;
  #suspicious = false;
  #lastResidual = 0;
  #slew = 0;
  #lastTime = Number.NaN;
  #lastOutput = Number.NEGATIVE_INFINITY;
  #started = false;
  #awaitingReset = false;

  /** @param nominalSamplingRate samples per second as the device claims; 0 for irregular streams */
  constructor({ nominalSamplingRate }: { nominalSamplingRate: number }) {
    if (!(nominalSamplingRate >= 0) || !Number.isFinite(nominalSamplingRate))
      throw new OptionError(`CausalClock needs nominalSamplingRate >= 0, got ${nominalSamplingRate}`);
    this.#rate = nominalSamplingRate;
    this.#second = Math.min(MAX_WINDOW, Math.max(8, Math.round(nominalSamplingRate * DECISION_SECONDS)));
    this.#line = new StampLine(nominalSamplingRate > 0 ? nominalSamplingRate : 1);
    this.#recent = new Float64Array(this.#second);
    this.#suspected = new Float64Array(this.#second);
    this.#scratch = new Float64Array(this.#second);
  }

  /** One measured offset: session time = device time + offset. Both in seconds. Non-finite values are ignored. */
  addOffset(collectedAt: number, offset: number): void {
    if (!Number.isFinite(collectedAt) || !Number.isFinite(offset)) return;
    this.#pendingTimes.push(collectedAt);
    this.#pendingValues.push(offset);
  }

  /**
   * Samples that the device counted and nobody received. The line advances over them at once, so a loss that a counter
   * reports needs no second of doubt to be found in the stamps.
   */
  skip(nSamples: number): void {
    if (!this.#started || this.#rate === 0) return;
    for (let n = 0; n < nSamples; n++) this.#line.predict();
  }

  /**
   * Estimate the session time of the next samples. Allocates nothing.
   *
   * @param deviceTime     `[nSamples]`, stamps on the stream's clock, seconds
   * @param outSessionTime `[nSamples]`, seconds; may be `deviceTime` itself
   * @param outFlags       `[nSamples]`, `CLOCK_GOOD` or `CLOCK_DOUBTFUL`
   */
  push(
    deviceTime: Float64Array,
    nSamples: number,
    outSessionTime: Float64Array,
    outFlags: Uint8Array | Float64Array,
  ): void {
    if (deviceTime.length < nSamples || outSessionTime.length < nSamples || outFlags.length < nSamples)
      throw new ShapeError(
        "CausalClock",
        `${nSamples} samples`,
        `stamps: ${deviceTime.length}, times: ${outSessionTime.length}, flags: ${outFlags.length}`,
      );
    for (let k = 0; k < nSamples; k++) {
      const stamp = deviceTime[k];
      let good = Number.isFinite(stamp);
      if (this.#rate > 0) good = this.#track(stamp) && good;
      const time = this.#rate > 0 ? this.#line.time : stamp;
      if (this.#pendingTimes.length > 0) good = this.#takeOffsets(time) && good;
      let output = time + this.#offsets.at(time) + this.#slew;
      const elapsed = this.#rate > 0 ? this.#line.interval : Math.max(0, time - this.#lastTime) || 0;
      if (!this.#awaitingReset) this.#slew *= Math.max(0, 1 - elapsed / SLEW_SECONDS);
      if (this.#awaitingReset || Number.isNaN(output)) good = false;
      if (output < this.#lastOutput) {
        good = good && this.#rate === 0;
        output = this.#lastOutput;
      }
      if (!Number.isNaN(output)) this.#lastOutput = output;
      if (!Number.isNaN(time)) this.#lastTime = time;
      outSessionTime[k] = output;
      outFlags[k] = good ? CLOCK_GOOD : CLOCK_DOUBTFUL;
    }
  }

  /** Advance the line by one sample; false while its time is in doubt. */
  #track(stamp: number): boolean {
    const line = this.#line;
    if (!this.#started) {
      if (!Number.isFinite(stamp)) return false;
      this.#started = true;
      line.start(stamp);
    } else line.predict();
    this.#nSinceStart++;
    const settled = this.#nSinceStart > SETTLING_SECONDS * this.#rate;
    if (!Number.isFinite(stamp)) return false;

    const residual = stamp - line.time;
    const step = residual - this.#lastResidual;
    this.#lastResidual = residual;
    const jumped = Math.abs(step) > Math.max(1.5 / this.#rate, 0.02) && this.#nSinceStart > 1;
    if (!this.#suspicious && jumped && this.#nRecent >= Math.min(this.#second, 8)) {
      this.#beginSuspicion(Math.abs(step));
    }
    if (this.#suspicious) {
      this.#suspect(residual, jumped);
      return false;
    }
    this.#remember(residual);
    line.correct(residual);
    return settled;
  }

  /** Ring of the residuals of the last second before any suspicion. */
  #remember(residual: number): void {
    this.#recent[this.#nRecent % this.#second] = residual;
    this.#nRecent++;
    if (this.#nRecent >= 2 * this.#second && this.#nRecent % this.#second === 0) {
      // A shift too small or too slow to be noticed as a jump must not live on.
      const level = this.#quantile(this.#recent, this.#second, 0.5);
      if (Math.abs(level) > Math.max(0.9 / this.#rate, 0.02)) this.#moveLine(level);
    }
  }

  #beginSuspicion(jump: number): void {
    const nBefore = Math.min(this.#second, this.#nRecent);
    this.#suspicious = true;
    this.#nSuspected = 0;
    this.#nReturned = 0;
    this.#nSinceSuspicion = 0;
    this.#jump = jump;
    this.#lowBefore = this.#quantile(this.#recent, nBefore, 0.1);
    this.#levelBefore = this.#quantile(this.#recent, nBefore, 0.5);
    this.#shiftThreshold = Math.max(0.9 / this.#rate, 0.02, 6 * this.#spread(nBefore, this.#levelBefore));
  }

  #suspect(residual: number, jumped: boolean): void {
    const window = this.#second;
    this.#nSinceSuspicion++;
    const patience = LONGEST_SUSPICION_SECONDS * window;
    // Something else happened before the first could be decided: judge by what comes after it.
    if (jumped && this.#nSinceSuspicion < patience - window) {
      this.#nSuspected = 0;
      this.#nReturned = 0;
    }
    this.#suspected[this.#nSuspected++] = residual;
    // With more than a tenth of the window back, its 10th percentile cannot be shifted any more.
    if (Math.abs(residual - this.#levelBefore) < this.#shiftThreshold && ++this.#nReturned > 0.1 * window + 1)
      this.#suspicious = false;
    if (this.#nSuspected < window || !this.#suspicious) return;

    const quarter = Math.max(2, window >> 2);
    const early = this.#quantile(this.#suspected, quarter, 0.5);
    const late = this.#quantile(this.#suspected.subarray(window - quarter), quarter, 0.5);
    if (early - late > Math.max(0.02, 0.25 * this.#jump) && this.#nSinceSuspicion < patience) {
      this.#nSuspected = 0;
      this.#nReturned = 0;
      return;
    }
    const shift = this.#quantile(this.#suspected, window, 0.1) - this.#lowBefore;
    this.#suspicious = false;
    if (Math.abs(shift) > this.#shiftThreshold)
      this.#moveLine(this.#quantile(this.#suspected, window, 0.5) - this.#levelBefore);
  }

  /** The samples from here on lie `shift` seconds later than the line says. */
  #moveLine(shift: number): void {
    this.#line.shift(shift);
    this.#lastResidual -= shift;
    this.#nRecent = 0;
    if (shift < -1 || shift > RESTART_SECONDS) {
      // The stream's clock itself started anew: its old offsets mean nothing now. Time runs on without a jump
      // (in doubt) until an offset of the new clock has come.
      this.#slew -= shift;
      this.#awaitingReset = true;
    }
  }

  /** Offsets whose collection time has come. False for the sample at which the clock was reset. */
  #takeOffsets(time: number): boolean {
    let unbroken = true;
    while (this.#pendingTimes.length > 0 && this.#offsetIsDue(time)) {
      const collectedAt = this.#pendingTimes.shift()!;
      const value = this.#pendingValues.shift()!;
      if (this.#awaitingReset) {
        if (Math.abs(collectedAt - time) > RESTART_SECONDS) continue;
        this.#offsets.clear();
        this.#awaitingReset = false;
        this.#offsets.add(collectedAt, value);
        this.#slew = 0;
        unbroken = false;
        continue;
      }
      const before = time + this.#offsets.at(time) + this.#slew;
      const wasKnown = this.#offsets.known;
      const outcome = this.#offsets.add(collectedAt, value);
      if (outcome === "held") continue;
      const change = before - (time + this.#offsets.at(time));
      if (outcome === "reset") {
        this.#slew = 0;
        unbroken = false;
      } else this.#slew = wasKnown ? change : 0;
    }
    return unbroken;
  }

  #offsetIsDue(time: number): boolean {
    const first = this.#rate === 0 && !this.#offsets.known;
    return first || this.#awaitingReset || this.#pendingTimes[0] + OFFSET_DELAY_SECONDS <= time;
  }

  #quantile(values: Float64Array, n: number, q: number): number {
    const sorted = this.#scratch.subarray(0, n);
    sorted.set(values.subarray(0, n));
    sorted.sort();
    return quantileOfSorted(sorted, q);
  }

  #spread(n: number, center: number): number {
    const sorted = this.#scratch.subarray(0, n);
    for (let i = 0; i < n; i++) sorted[i] = Math.abs(this.#recent[i] - center);
    sorted.sort();
    return quantileOfSorted(sorted, 0.5);
  }
}
