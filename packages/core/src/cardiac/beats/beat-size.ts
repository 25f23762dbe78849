/** Share of the way from noise to signal at which the threshold lies: in a clean trace, and at most. */
const CLEAN_SHARE = 0.25;
const THRESHOLD_SHARE = 0.35;
const LEARNING_WEIGHT = 1 / 8;
/** A beat that search-back found was smaller than expected: the expectation has to move faster. */
const SEARCH_BACK_WEIGHT = 1 / 4;
/** A beat counts as no more than this many times the expected size, because it may be an artefact. */
const LARGEST_GAIN = 2;
/** Above this many times the expected size a candidate is an artefact, unless so many come one soon after the other. */
const ARTEFACT_GAIN = 6;
const N_HUGE = 4;
const HUGE_SECONDS = 2;
/** So many beats of the new size show that the beats have grown indeed. */
const N_GROWN = 4;
const SILENCE_SECONDS = 2.5;
const SILENCE_STEP_SECONDS = 0.5;
const SILENCE_FACTOR = 0.7;
const INITIAL_NOISE = 0.1;
/** However long the silence, a beat is larger than what is rejected: the signal counts as at least this many times the noise. */
const NOISE_FLOOR = 2;
const OVERDUE_SHARE = 0.5;

/**
 * How large beats and everything else are at present, and from which size on a candidate counts as a beat.
 *
 *     threshold = noise + min(0.35, 0.25 + noise / signal) (signal - noise)
 *
 * `signal` and `noise` are exponential means (weight 1/8) of accepted and rejected candidates. A beat enters with at most twice
 * the signal. After 2.5 s without a beat the signal counts 0.7 times, and again for every further half second. Everything is a ratio to what was seen before: the unit of the trace does not matter.
 *
 * @see Pan & Tompkins, IEEE Trans Biomed Eng 32:230 (1985), equations 12-17, where the share is always 0.25
 */
export class BeatSize {
  #signal = 0;
  #noise = 0;
  #nHuge = 0;
  #smallestHuge = 0;
  #lastHuge = Number.NEGATIVE_INFINITY;
  /** What was known before the expected size was raised, until as many beats as it takes have had the new size. */
  #signalBefore = 0;
  #noiseBefore = 0;
  #nGrown = 0;

  /**
   * Takes the second largest size, which one artefact does not reach; of one or two windows the largest, because the other may
   * hold no beat.
   *
   * @param largest size of the largest candidate in each learning window; sorted in place
   */
  learn(largest: Float64Array): void {
    largest.sort();
    const n = largest.length;
    this.#signal = largest[n > 2 ? n - 2 : n - 1];
    this.#noise = INITIAL_NOISE * this.#signal;
    this.#nHuge = 0;
    this.#signalBefore = 0;
  }

  /**
   * Takes back that the beats have grown when none of that size comes: it was a series of artefacts.
   *
   * @param silentSeconds time since the last beat, or since listening began
   */
  reconsider(silentSeconds: number): void {
    if (this.#signalBefore === 0 || silentSeconds < SILENCE_SECONDS) return;
    this.#signal = this.#signalBefore;
    this.#noise = this.#noiseBefore;
    this.#signalBefore = 0;
  }

  /**
   * @param silentSeconds time since the last beat, or since listening began
   * @param isOverdue     search-back has begun: half the threshold, unless the silence has already lowered it further
   */
  threshold(silentSeconds: number, isOverdue: boolean): number {
    const factor = isOverdue ? Math.min(1, 2 * silenceFactor(silentSeconds)) : silenceFactor(silentSeconds);
    const signal = Math.max(this.#signal * factor, NOISE_FLOOR * this.#noise);
    const share = Math.min(
      THRESHOLD_SHARE,
      CLEAN_SHARE + this.#noise / Math.max(this.#signal, Number.MIN_VALUE),
    );
    const threshold = this.#noise + share * (signal - this.#noise);
    return isOverdue ? OVERDUE_SHARE * threshold : threshold;
  }

  /** The size with which a beat counts: artefacts are cut off. */
  limited(size: number): number {
    return Math.min(size, LARGEST_GAIN * this.#signal);
  }

  /**
   * Whether a candidate is too large to be a beat. The fourth with less than 2 s between them is one: then the beats have grown,
   * and the expected size is set to the smallest of the four.
   *
   * @param seconds when the candidate was
   */
  isArtefact(size: number, seconds: number): boolean {
    if (size <= ARTEFACT_GAIN * this.#signal) return false;
    if (seconds - this.#lastHuge > HUGE_SECONDS) this.#nHuge = 0;
    this.#lastHuge = seconds;
    this.#smallestHuge = this.#nHuge === 0 ? size : Math.min(this.#smallestHuge, size);
    if (++this.#nHuge < N_HUGE) return true;
    if (this.#signalBefore === 0) {
      this.#signalBefore = this.#signal;
      this.#noiseBefore = this.#noise;
    }
    this.#nGrown = 0;
    this.#signal = this.#smallestHuge;
    this.#nHuge = 0;
    return false;
  }

  accept(size: number, silentSeconds: number, isSearchBack: boolean): void {
    if (this.#signalBefore > 0 && ++this.#nGrown > N_GROWN) this.#signalBefore = 0;
    if (size < THRESHOLD_SHARE * this.#signal) this.#signal *= silenceFactor(silentSeconds);
    const weight = isSearchBack ? SEARCH_BACK_WEIGHT : LEARNING_WEIGHT;
    this.#signal += weight * (this.limited(size) - this.#signal);
  }

  reject(size: number): void {
    this.#noise += LEARNING_WEIGHT * (Math.min(size, this.#signal) - this.#noise);
  }
}

function silenceFactor(silentSeconds: number): number {
  if (silentSeconds < SILENCE_SECONDS) return 1;
  return SILENCE_FACTOR ** (1 + Math.floor((silentSeconds - SILENCE_SECONDS) / SILENCE_STEP_SECONDS));
}
