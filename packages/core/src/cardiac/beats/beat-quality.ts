/** Points of the template, over this many integration windows around the R peak. */
const N_POINTS = 41;
const TEMPLATE_WINDOWS = 1.5;
const TEMPLATE_WEIGHT = 1 / 8;
const RUNNING_WEIGHT = 1 / 8;
/** Size of what lies between beats over that of the beat: this and less is clean, this and more is noise alone. */
const CLEAN_SHARE = 0.2;
const NOISE_SHARE = 0.65;
/** The running quality halves in this time when no beat comes, counted from 2.5 s after the last one. */
const FADING_SECONDS = 1;
const SILENCE_SECONDS = 2.5;
const STRIDE_SECONDS = 0.01;
const LONGEST_SECONDS = 2;

/**
 * Signal quality of beats, 0 to 1.
 *
 *     quality = max(0, r) * clamp((0.65 - b) / (0.65 - 0.2))
 *
 * `r` is the correlation of the band-passed beat with the running template (exponential mean of the last beats, 1.5
 * integration windows wide), `b` the root mean square of the band-passed trace between this beat and the one before it over
 * that within the beat. Clean beats give 0.9 to 1. In noise alone both factors are low. A single beat of another shape in a
 * clean trace (a ventricular beat) has a low `r` and a low quality too; a spell of noise has several in a row: judge spells by
 * `running`, the exponential mean of the last beats, which fades when no beats come.
 */
export class BeatQuality {
  readonly #step: number;
  readonly #stride: number;
  readonly #longest: number;
  readonly #shape = new Float64Array(N_POINTS);
  readonly #template = new Float64Array(N_POINTS);
  #templatePower = 0;
  #shapePower = 0;
  #background = 0;
  #running = 0;

  constructor(samplingRate: number, integrationSeconds: number) {
    this.#step = (TEMPLATE_WINDOWS * integrationSeconds * samplingRate) / (N_POINTS - 1);
    this.#stride = Math.max(1, Math.round(STRIDE_SECONDS * samplingRate));
    this.#longest = Math.round(LONGEST_SECONDS * samplingRate);
  }

  /** Samples on each side of the R peak that are compared. */
  get reach(): number {
    return Math.ceil((this.#step * (N_POINTS - 1)) / 2) + 1;
  }

  reset(): void {
    this.#templatePower = 0;
    this.#template.fill(0);
    this.#running = 0;
    this.#background = 0;
  }

  /**
   * Correlation of the beat with the template; 1 before there is one.
   *
   * @param filtered the band-passed trace
   * @param place    the beat's lobe as an index in `filtered`
   * @param fraction what is to be added to it
   * @param last     the newest sample that counts; beyond it the trace is taken as 0
   */
  likeness(filtered: Float64Array, place: number, fraction: number, last: number): number {
    const shape = this.#shape;
    const template = this.#template;
    const first = fraction - (this.#step * (N_POINTS - 1)) / 2;
    let power = 0;
    let product = 0;
    for (let i = 0; i < N_POINTS; i++) {
      const at = first + i * this.#step;
      const before = Math.floor(at);
      const n = place + before;
      const value = n < last ? filtered[n] + (at - before) * (filtered[n + 1] - filtered[n]) : 0;
      shape[i] = value;
      power += value * value;
      product += value * template[i];
    }
    this.#shapePower = power;
    if (this.#templatePower === 0) return 1;
    return power > 0 ? product / Math.sqrt(power * this.#templatePower) : 0;
  }

  /**
   * Root mean square of the band-passed trace between two beats over that within the last beat given to `likeness`.
   *
   * @param place    the beat's lobe as an index in `filtered`
   * @param previous the same of the beat before it, NaN when there is none: then what was measured before
   *                 stands
   */
  background(filtered: Float64Array, place: number, previous: number): number {
    const reach = this.reach;
    const to = place - reach;
    const from = Math.max(previous + reach, to - this.#longest);
    let sum = 0;
    let n = 0;
    for (let i = from; i < to; i += this.#stride) {
      sum += filtered[i] * filtered[i];
      n++;
    }
    if (n >= 4 && this.#shapePower > 0)
      this.#background = Math.sqrt((sum * N_POINTS) / (n * this.#shapePower));
    return this.#background;
  }

  /** The quality of a beat with this likeness and background, which becomes part of the running quality. */
  judge(likeness: number, background: number): number {
    const clear = Math.max(0, Math.min(1, (NOISE_SHARE - background) / (NOISE_SHARE - CLEAN_SHARE)));
    const quality = Math.max(0, Math.min(1, likeness)) * clear;
    this.#running += RUNNING_WEIGHT * (quality - this.#running);
    return quality;
  }

  /** Makes the beat last given to `likeness` part of the template. */
  learnShape(): void {
    const template = this.#template;
    const weight = this.#templatePower > 0 ? TEMPLATE_WEIGHT : 1;
    const scale = this.#shapePower > 0 ? 1 / Math.sqrt(this.#shapePower) : 0;
    let power = 0;
    for (let i = 0; i < N_POINTS; i++) {
      template[i] += weight * (scale * this.#shape[i] - template[i]);
      power += template[i] * template[i];
    }
    this.#templatePower = power;
  }

  /** @param silentSeconds time since the last beat */
  running(silentSeconds: number): number {
    if (!(silentSeconds > SILENCE_SECONDS)) return this.#running;
    return this.#running * 0.5 ** ((silentSeconds - SILENCE_SECONDS) / FADING_SECONDS);
  }
}
