/** Half-life of the line's memory. Crystal drift changes over minutes; network jitter averages out over seconds. */
const HALF_LIFE_SECONDS = 30;
/** Stamp noise assumed before any was seen, and how far a claimed rate may be off. */
const NOISE_SECONDS = 0.01;
const RATE_TOLERANCE = 0.005;
/** Residuals beyond this many mean absolute residuals count as this many (Huber). */
const CLIP = 3;

/**
 * Recursive straight line through stamps: Kalman form of least squares with exponential forgetting on
 * [time now, seconds per sample], residuals clipped so that the long tail of network delay does not pull it.
 *
 *     predict  T += D,  P <- F P F' / lambda        correct  e = clip(stamp - T),  [T D] += P[:,0] / (P00 + R) e
 */
export class StampLine {
  readonly #lambda: number;
  readonly #period: number;
  #time = 0;
  #interval: number;
  #p00 = 0;
  #p01 = 0;
  #p11 = 0;
  #scale = NOISE_SECONDS;

  constructor(samplingRate: number) {
    this.#period = 1 / samplingRate;
    this.#interval = this.#period;
    this.#lambda = 2 ** (-1 / (samplingRate * HALF_LIFE_SECONDS));
  }

  get time(): number {
    return this.#time;
  }

  get interval(): number {
    return this.#interval;
  }

  /** Begin at a stamp; forgets everything. */
  start(stamp: number): void {
    this.#time = stamp;
    this.#interval = this.#period;
    this.#p00 = NOISE_SECONDS * NOISE_SECONDS;
    this.#p01 = 0;
    this.#p11 = (RATE_TOLERANCE * this.#period) ** 2;
    this.#scale = NOISE_SECONDS;
  }

  /** Go on to the next sample. */
  predict(): void {
    this.#time += this.#interval;
  }

  /** Let the stamp of this sample correct the line. `residual` = stamp - time. */
  correct(residual: number): void {
    const grow = 1 / this.#lambda;
    const p00 = (this.#p00 + 2 * this.#p01 + this.#p11) * grow;
    const p01 = (this.#p01 + this.#p11) * grow;
    const p11 = this.#p11 * grow;
    const limit = CLIP * this.#scale;
    const e = Math.max(-limit, Math.min(limit, residual));
    const g = 1 / (p00 + NOISE_SECONDS * NOISE_SECONDS);
    this.#time += p00 * g * e;
    this.#interval += p01 * g * e;
    this.#p00 = p00 - p00 * p00 * g;
    this.#p01 = p01 - p00 * p01 * g;
    this.#p11 = p11 - p01 * p01 * g;
    this.#scale += (Math.min(Math.abs(residual), 2 * limit) - this.#scale) * 0.01;
    if (this.#scale < 1e-5) this.#scale = 1e-5;
  }

  /** Samples were lost: the same line, later by `seconds`, its level known to a few milliseconds. */
  shift(seconds: number): void {
    this.#time += seconds;
    this.#p00 += 4e-6;
  }
}
