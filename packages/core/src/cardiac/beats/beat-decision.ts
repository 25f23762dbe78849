import { BeatFiducial } from "./beat-fiducial.ts";
import { BeatQuality } from "./beat-quality.ts";
import type { BeatSettings } from "./beat-settings.ts";
import { BeatSize } from "./beat-size.ts";
import type { EcgTrace } from "./ecg-trace.ts";
import { RecentIntervals } from "./recent-intervals.ts";

/** A candidate that comes earlier than this share of the median interval must be larger, up to twice. */
const EARLY_SHARE = 0.7;
/** Search-back begins after this many median intervals without a beat. */
const OVERDUE_FACTOR = 1.6;
/** A candidate within the T-wave time must be at least this steep, compared with the beat before it. */
const T_WAVE_SHARE = 0.5;
const NOISY_WEIGHT = 2;
const NOISY_FROM = 0.2;
const STEP_FROM = 0.6;
/** A deflection whose one flank is so much less steep than the other is a step: an electrode moved. */
const ONE_SIDED = 0.2;
/** Below this likeness a beat has another shape, and its fiducial is its largest deflection. */
const OTHER_SHAPE = 0.8;

/**
 * Decides which candidates are beats, and where in them the R peak lies.
 *
 * A candidate must be larger than the threshold (`BeatSize`), times up to 2 when it is earlier than 0.7 median intervals, times
 *
 *     1 + (1 - r) (2 max(0, b - 0.2) + w max(0, s - 0.6))
 *
 * when it does not look like the beats: `r` is its likeness to them, `b` what lies between the beat before it and itself over
 * its own size (both in `BeatQuality`), `s` the change of level across it (`BeatFiducial`), `w` the step weight of the
 * population. In a clean trace a beat of any shape passes; in noise, and where an electrode moves, only what is large or looks
 * like a beat. No beat is what rises and does not fall as steeply, or the other way round (a step), and what is more than six
 * times larger than the beats (an artefact), unless it comes again and again.
 */
export class BeatDecision {
  readonly size = new BeatSize();
  readonly quality: BeatQuality;
  readonly #settings: BeatSettings;
  readonly #samplingRate: number;
  readonly #trace: EcgTrace;
  readonly #fiducial: BeatFiducial;
  readonly #intervals: RecentIntervals;
  readonly #centreShift: number;
  readonly #overdueDelay: number;
  /** Where the last accepted beat lies, in samples of the stream with a fraction, and the height of its band-passed lobe. */
  position = 0;
  amplitude = 0;
  /** Quality of the last accepted beat. */
  lastQuality = 0;
  /** Sample at which search-back is due. */
  deadline = Number.POSITIVE_INFINITY;
  /** Sample at which the last beat's energy was largest. */
  lastAt = Number.NEGATIVE_INFINITY;
  #lastSize = 0;
  #lastLobe = 0;
  #bestAt = 0;
  #bestSize = 0;
  #bestNeeded = 0;
  #isOverdue = false;
  /** Sample from which silence counts while no beat has been accepted. */
  #silentFrom = 0;
  #likeness = 1;
  #background = 0;
  #segmentStart = 0;

  /**
   * @param centreShift  from the maximum of a candidate's energy back to its middle, samples
   * @param overdueDelay samples after which a candidate of a given moment is confirmed
   */
  constructor(
    samplingRate: number,
    settings: BeatSettings,
    trace: EcgTrace,
    centreShift: number,
    overdueDelay: number,
  ) {
    this.#samplingRate = samplingRate;
    this.#settings = settings;
    this.#trace = trace;
    this.#centreShift = centreShift;
    this.#overdueDelay = overdueDelay;
    this.#fiducial = new BeatFiducial(samplingRate, settings);
    this.#intervals = new RecentIntervals(settings.intervalRange);
    this.quality = new BeatQuality(samplingRate, settings.integrationSeconds);
  }

  /** Begins a new stretch of the trace at this sample: no search-back across the gap. */
  open(segmentStart: number): void {
    this.#segmentStart = segmentStart;
    this.#bestSize = 0;
    this.#isOverdue = false;
    this.deadline = Number.POSITIVE_INFINITY;
  }

  /**
   * Learns the size of the beats from these windows (`BeatSize.learn`). From now on a beat is expected: should the size be that of
   * artefacts, silence lowers it.
   */
  learn(largest: Float64Array, now: number): void {
    this.size.learn(largest);
    this.#silentFrom = now;
  }

  /** Forgets all beats. */
  reset(): void {
    this.open(0);
    this.lastAt = Number.NEGATIVE_INFINITY;
    this.#intervals.reset();
    this.#fiducial.reset();
    this.quality.reset();
  }

  /** Whether the candidate is a beat. `now` is the newest sample that may be looked at. */
  consider(at: number, size: number, now: number): boolean {
    const since = (at - this.lastAt) / this.#samplingRate;
    if (since < this.#settings.refractorySeconds) return false;
    if (since < this.#settings.tWaveSeconds && size < T_WAVE_SHARE * this.#lastSize) {
      this.size.reject(size);
      return false;
    }
    const silent = this.#silence(at);
    this.size.reconsider(silent);
    const expected = EARLY_SHARE * this.#intervals.median;
    const early = since < expected ? 1 + (expected - since) / expected : 1;
    const needed = early * this.size.threshold(silent, this.#isOverdue);
    if (this.size.isArtefact(size, at / this.#samplingRate)) return false;
    if (size > needed) {
      this.#look(at, now);
      if (size > needed * this.#strangeness()) {
        this.#accept(at, size, this.#isOverdue);
        return true;
      }
    }
    this.size.reject(size);
    const overdue = this.size.threshold(silent, true);
    if (size > overdue && size > this.#bestSize) {
      this.#bestSize = size;
      this.#bestAt = at;
      this.#bestNeeded = overdue;
    }
    return false;
  }

  /** Looks again at the largest rejected candidate since the last beat; call when `deadline` has come. */
  searchBack(now: number): boolean {
    this.deadline = Number.POSITIVE_INFINITY;
    this.#isOverdue = true;
    const size = this.#bestSize;
    if (size === 0) return false;
    this.#bestSize = 0;
    this.#look(this.#bestAt, now);
    if (size <= this.#bestNeeded * this.#strangeness()) return false;
    this.#accept(this.#bestAt, size, true);
    return true;
  }

  /** Seconds without a beat before this sample. */
  #silence(at: number): number {
    return (at - Math.max(this.lastAt, this.#silentFrom)) / this.#samplingRate;
  }

  #look(at: number, now: number): void {
    const { raw, filtered, base, filter } = this.#trace;
    this.#fiducial.locate(raw, filtered, filter.delay, at - base - this.#centreShift);
    const { lobe, lobeFraction } = this.#fiducial;
    const previous = this.lastAt < this.#segmentStart ? Number.NaN : this.#lastLobe - base;
    this.#likeness = this.quality.likeness(filtered, lobe, lobeFraction, now - base);
    this.#background = this.quality.background(filtered, lobe, previous);
  }

  /** By which factor the candidate last looked at must exceed the threshold. */
  #strangeness(): number {
    if (this.#fiducial.balance < ONE_SIDED) return Number.POSITIVE_INFINITY;
    const noisy = NOISY_WEIGHT * Math.min(1, Math.max(0, this.#background - NOISY_FROM));
    const stepped = this.#settings.stepWeight * Math.min(1, Math.max(0, this.#fiducial.step - STEP_FROM));
    return 1 + (1 - Math.max(0, Math.min(1, this.#likeness))) * (noisy + stepped);
  }

  /** Takes the candidate that was last looked at as a beat. */
  #accept(at: number, size: number, isSearchBack: boolean): void {
    const { raw, filtered, base, filter } = this.#trace;
    const since = (at - this.lastAt) / this.#samplingRate;
    this.size.accept(size, this.#silence(at), isSearchBack);
    this.quality.learnShape();
    this.#fiducial.learnPolarity();
    this.lastQuality = this.quality.judge(this.#likeness, this.#background);
    if (this.#likeness < OTHER_SHAPE) this.#fiducial.locateOther(raw, filtered, filter.delay);
    this.position = base + this.#fiducial.place + this.#fiducial.fraction;
    this.#lastLobe = base + this.#fiducial.lobe;
    this.amplitude = this.#fiducial.amplitude;
    if (this.lastAt >= this.#segmentStart) this.#intervals.add(since);
    this.lastAt = at;
    this.#lastSize = this.size.limited(size);
    this.#bestSize = 0;
    this.#isOverdue = false;
    const overdue = OVERDUE_FACTOR * this.#intervals.median;
    this.deadline =
      overdue > 0
        ? at + Math.round(overdue * this.#samplingRate) + this.#overdueDelay
        : Number.POSITIVE_INFINITY;
  }
}
