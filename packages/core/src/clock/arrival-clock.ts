import { OptionError } from "../errors.ts";

/** Before data say otherwise the rate may be this far from its claim (standard deviation). */
const RATE_DOUBT = 0.05;
/** Jitter that is assumed before any was measured. */
const ASSUMED_JITTER_SECONDS = 0.005;
const SLOPE_PRIOR = (RATE_DOUBT / ASSUMED_JITTER_SECONDS) ** 2;
/** Arrivals that disagree with the line in one direction for so long are right: a clock was set. */
const LONGEST_DISAGREEMENT_SECONDS = 10;
const JITTER_HALFTIME_SECONDS = 30;

export interface ArrivalClockOptions {
  /** Half-life of what an arrival weighs. Default 90, as liblsl's `tuning.SmoothingHalftime`. */
  readonly halftimeSeconds?: number;
  /** An arrival further from the line than this counts as this far. Default 0.02. */
  readonly clipSeconds?: number;
  /** Nothing is clipped so long after the start. Default 3. */
  readonly settlingSeconds?: number;
  /** Known delay between sampling and arrival, taken off all results. Default 0. */
  readonly declaredLatencySeconds?: number;
}

/**
 * Where a device's clock lies on the host's clock, from the moments at which its samples arrive. The device's clock is its
 * own time, or its sample number divided by the nominal rate where it has none; lost samples must have moved it.
 *
 * Recursive least squares of `y = arrival - device time` on device time `x`, with forgetting, held at the newest sample so
 * that nothing grows with time:
 *
 *     level <- level + slope dx;  P <- 2^(dx / halftime) F P F',  F = [1 dx; 0 1]
 *     e = y - level;  K = P h / (1 + h' P h),  h = [1 0];  [level slope] <- [level slope] + K clip(e);  P <- P - K h' P
 *
 * Feed it the last sample of each read only: it waited least. A constant delay cannot be seen; what is known of it is
 * `declaredLatencySeconds`, and half of a serial adapter's batching stays in. While settling, an arrival that is early by
 * more than the clip starts the fit anew, because bytes can be late and never early. Allocates nothing.
 *
 * @see liblsl, time post-processing (RLS, half-time 90 s).
 */
export class ArrivalClock {
  readonly #halftime: number;
  readonly #clip: number;
  readonly #settling: number;
  readonly #latency: number;
  #x = Number.NaN;
  #startedAt = Number.NaN;
  #level = 0;
  #slope = 0;
  #p00 = 1;
  #p01 = 0;
  #p11 = SLOPE_PRIOR;
  #nUpdates = 0;
  #variance = ASSUMED_JITTER_SECONDS ** 2;
  #nResiduals = 0;
  #agreedAt = 0;
  #disagreement = 0;
  #driftIsKnown = false;

  constructor(options: ArrivalClockOptions = {}) {
    const {
      halftimeSeconds = 90,
      clipSeconds = 0.02,
      settlingSeconds = 3,
      declaredLatencySeconds = 0,
    } = options;
    if (!(halftimeSeconds > 0) || !(clipSeconds > 0) || !(settlingSeconds >= 0))
      throw new OptionError(
        `ArrivalClock needs halftimeSeconds > 0, clipSeconds > 0 and settlingSeconds >= 0, got ${halftimeSeconds}, ${clipSeconds} and ${settlingSeconds}`,
      );
    if (!Number.isFinite(declaredLatencySeconds))
      throw new OptionError(
        `ArrivalClock needs a finite declaredLatencySeconds, got ${declaredLatencySeconds}`,
      );
    this.#halftime = halftimeSeconds;
    this.#clip = clipSeconds;
    this.#settling = settlingSeconds;
    this.#latency = declaredLatencySeconds;
  }

  /**
   * The sample of `deviceTime` arrived.
   * @param deviceTime seconds on the device's clock; the last sample of a read
   * @param arrivedAt  seconds on the host's monotonic clock
   * @returns how much later it came than the line had said, before clipping
   */
  update(deviceTime: number, arrivedAt: number): number {
    const y = arrivedAt - deviceTime;
    if (!Number.isFinite(y)) return Number.NaN;
    if (this.#nUpdates === 0) {
      this.#start(deviceTime, y);
      return 0;
    }
    const dx = deviceTime - this.#x;
    this.#advance(dx);
    this.#x = deviceTime;
    const e = y - this.#level;
    if (!this.settled && e < -this.#clip) {
      if (!this.#driftIsKnown) {
        this.#slope = 0;
        this.#p11 = SLOPE_PRIOR;
      }
      this.#start(deviceTime, y);
      return e;
    }
    if (this.#isContradicted(e)) {
      this.#p11 = SLOPE_PRIOR;
      this.#start(deviceTime, y);
      return e;
    }
    const bounded = Math.max(-this.#clip, Math.min(this.#clip, e));
    const used = this.settled ? bounded : e;
    const s = 1 + this.#p00;
    this.#level += (this.#p00 / s) * used;
    this.#slope += (this.#p01 / s) * used;
    this.#p11 -= (this.#p01 * this.#p01) / s;
    this.#p01 /= s;
    this.#p00 /= s;
    this.#nUpdates++;
    if (this.settled) {
      this.#driftIsKnown = true;
      this.#nResiduals++;
      const weight = Math.max(1 / this.#nResiduals, 1 - 2 ** (-Math.abs(dx) / JITTER_HALFTIME_SECONDS));
      this.#variance += Math.min(1, weight) * (bounded * bounded - this.#variance);
    }
    return e;
  }

  /** How much later than the line says an arrival is; NaN before the first update. Changes nothing. */
  lateness(deviceTime: number, arrivedAt: number): number {
    if (this.#nUpdates === 0) return Number.NaN;
    return arrivedAt - deviceTime - (this.#level + this.#slope * (deviceTime - this.#x));
  }

  /** Host time = device time + offset, the declared latency taken off; NaN before the first update. */
  offsetAt(deviceTime: number): number {
    if (this.#nUpdates === 0) return Number.NaN;
    return this.#level + this.#slope * (deviceTime - this.#x) - this.#latency;
  }

  hostTimeAt(deviceTime: number): number {
    return deviceTime + this.offsetAt(deviceTime);
  }

  /** Inverse of `hostTimeAt`. */
  deviceTimeAt(hostTime: number): number {
    if (this.#nUpdates === 0) return Number.NaN;
    return (hostTime + this.#latency - this.#level + this.#slope * this.#x) / (1 + this.#slope);
  }

  /** Device time of the newest arrival; NaN before the first. */
  get lastDeviceTime(): number {
    return this.#x;
  }

  get nUpdates(): number {
    return this.#nUpdates;
  }

  /** Whether it has seen enough to judge a single arrival by. */
  get settled(): boolean {
    return this.#nUpdates >= 8 && this.#x - this.#startedAt >= this.#settling;
  }

  /** How much faster the device's clock runs than the host's, parts per million; 0 before the second update. */
  get driftPpm(): number {
    return (1 / (1 + this.#slope) - 1) * 1e6;
  }

  /** Root mean square of how far arrivals lie from the line, seconds, clipped ones as clipped; NaN while settling. */
  get jitterRms(): number {
    return this.#nResiduals === 0 ? Number.NaN : Math.sqrt(this.#variance);
  }

  /**
   * The samples of the device lie elsewhere by an amount of this standard deviation (sampling began anew between two sample
   * times): believe the next arrivals accordingly more, and keep the drift.
   */
  loosen(uncertaintySeconds: number): void {
    this.#p00 += uncertaintySeconds ** 2 / Math.max(this.#variance, 1e-8);
  }

  /** The device's clock was set: the next arrival places it anew; the drift is kept. */
  restart(): void {
    this.#nUpdates = 0;
  }

  #start(x: number, y: number): void {
    this.#x = x;
    this.#startedAt = x;
    this.#level = y;
    this.#p00 = 1;
    this.#p01 = 0;
    this.#nUpdates = 1;
    this.#agreedAt = x;
    this.#disagreement = 0;
  }

  #advance(dx: number): void {
    // Nothing was learnt during an interruption, so it forgets no more than one half-life.
    const growth = 2 ** Math.max(0, Math.min(1, dx / this.#halftime));
    this.#level += this.#slope * dx;
    this.#p00 = (this.#p00 + 2 * dx * this.#p01 + dx * dx * this.#p11) * growth;
    this.#p01 = (this.#p01 + dx * this.#p11) * growth;
    this.#p11 *= growth;
  }

  #isContradicted(e: number): boolean {
    const side = e > this.#clip ? 1 : e < -this.#clip ? -1 : 0;
    if (side === 0 || side !== this.#disagreement) this.#agreedAt = this.#x;
    this.#disagreement = side;
    return side !== 0 && this.#x - this.#agreedAt > LONGEST_DISAGREEMENT_SECONDS;
  }
}
