import { OptionError, ShapeError } from "../../errors.ts";
import type { Population } from "../interbeat/population.ts";
import { BeatDecision } from "./beat-decision.ts";
import { BEAT_SETTINGS, type BeatSettings } from "./beat-settings.ts";
import { CandidateScan } from "./candidate-scan.ts";
import { EcgTrace, LARGEST_BLOCK } from "./ecg-trace.ts";
import type { RPeak } from "./r-peak.ts";

export interface RPeakDetectorOptions {
  /** Samples per second, 200 to 2000. 250 is enough for heart rate; 500 or more are advised for an infant's RSA. */
  readonly samplingRate: number;
  readonly population: Population;
}

const LOWEST_RATE = 200;
const HIGHEST_RATE = 2000;
const N_LEARNING_WINDOWS = 4;
/** A stretch that ends earlier may still be learnt from when it has so many windows. */
const N_WINDOWS_AT_LEAST = 2;
/** After a gap of this length nothing that was learnt is trusted. */
const LONG_GAP_SECONDS = 2;
/** No R peak is believed so close to a gap: half a QRS complex has its maximum at the cut. */
const EDGE_SECONDS = 0.02;
/** What lies before a stretch is looked at no further back than this: filter, window and the surroundings of a candidate. */
const REACH_SECONDS = 0.6;

/**
 * Finds R peaks in one channel of an electrocardiogram as it arrives.
 *
 * Band-pass, slope, energy in a window of the length of a QRS complex (`CandidateScan`), adaptive threshold with T-wave, early
 * and search-back rules (`BeatDecision`), R peak on the interpolated raw trace (`BeatFiducial`), all with the settings of the
 * population (`BEAT_SETTINGS`). The structure is that of Pan & Tompkins, IEEE Trans Biomed Eng 32:230 (1985).
 *
 * - Any unit and either polarity, any offset: all decisions are ratios. Multiplying the trace by a power of two changes nothing
 *   but the amplitudes; another factor changes times by rounding errors only.
 * - Sizes are learnt over the first four windows (adult 4 s, child 2.8 s, infant 2 s). The beats of that time are emitted
 *   when it is over, marked `late`, as are those of search-back. All others are known within a bounded time: at most the delays
 *   of the chain (adult 0.3 s, infant 0.19 s), typically 0.22 and 0.14 s after the R peak.
 * - NaN (or an infinite value) marks a missing sample. A gap ends the stretch: beats before it are decided with the trace held
 *   at its last value, the next sample begins anew without a transient, no beat lies within 20 ms of the gap. What was learnt
 *   is kept for gaps of up to 2 s.
 * - Any cut of the input into chunks gives the same bits. Time and memory per sample are constant; only beats are allocated.
 */
export class RPeakDetector {
  readonly samplingRate: number;
  readonly settings: BeatSettings;
  readonly #trace: EcgTrace;
  readonly #scan: CandidateScan;
  readonly #decision: BeatDecision;
  readonly #edge: number;
  readonly #tail: number;
  readonly #learningSamples: number;
  readonly #largest = new Float64Array(N_LEARNING_WINDOWS);
  readonly #queueAt: Float64Array;
  readonly #queueSize: Float64Array;
  #nQueued = 0;
  #nWindows = 0;
  #windowEnd = 0;
  #isLearning = true;
  /** Samples pushed, missing ones included. */
  #count = 0;
  #isInGap = true;
  #gapStart = Number.NEGATIVE_INFINITY;
  #segmentStart = 0;
  /** The first sample that is missing, while a stretch is being closed. */
  #segmentEnd = Number.POSITIVE_INFINITY;
  #lastPosition = Number.NEGATIVE_INFINITY;

  /** @throws OptionError */
  constructor({ samplingRate, population }: RPeakDetectorOptions) {
    if (!(samplingRate >= LOWEST_RATE && samplingRate <= HIGHEST_RATE))
      throw new OptionError(
        `RPeakDetector samplingRate must lie in ${LOWEST_RATE} to ${HIGHEST_RATE} Hz, got ${samplingRate}: resample the trace`,
      );
    const settings = BEAT_SETTINGS[population];
    if (settings === undefined)
      throw new OptionError(`RPeakDetector population must be adult, child or infant, got ${population}`);
    this.samplingRate = samplingRate;
    this.settings = settings;
    const reach = Math.ceil(REACH_SECONDS * samplingRate);
    this.#trace = new EcgTrace(samplingRate, settings, reach);
    this.#scan = new CandidateScan(samplingRate, settings);
    const { confirm, centreShift } = this.#scan;
    this.#decision = new BeatDecision(samplingRate, settings, this.#trace, centreShift, confirm);
    this.#edge = EDGE_SECONDS * samplingRate;
    this.#tail = this.#trace.filter.delay + this.#scan.reach + confirm + this.#decision.quality.reach;
    this.#learningSamples = Math.round(settings.learningSeconds * samplingRate);
    const nQueue = Math.ceil((N_LEARNING_WINDOWS * this.#learningSamples + this.#tail) / confirm) + 2;
    this.#queueAt = new Float64Array(nQueue);
    this.#queueSize = new Float64Array(nQueue);
  }

  /**
   * Quality of the trace at present, 0 to 1: the exponential mean of the quality of the last beats, which fades when no beats
   * come; 0 in a gap. See `BeatQuality`.
   */
  get signalQuality(): number {
    if (this.#isInGap || this.#isLearning) return 0;
    return this.#decision.quality.running((this.#count - this.#decision.lastAt) / this.samplingRate);
  }

  /** Forgets everything, also the time: the next sample is at 0 s. */
  reset(): void {
    this.#count = 0;
    this.#isInGap = true;
    this.#gapStart = Number.NEGATIVE_INFINITY;
    this.#lastPosition = Number.NEGATIVE_INFINITY;
  }

  /**
   * Takes the next samples and calls `onBeat` for every beat that is now known, in the order of their times.
   *
   * @param samples `[nSamples]` or longer, any unit; NaN marks missing samples
   * @throws ShapeError
   */
  push(samples: Float64Array, nSamples: number, onBeat: (beat: RPeak) => void): void {
    if (!(nSamples <= samples.length))
      throw new ShapeError("RPeakDetector", `at least [${nSamples}] samples`, `[${samples.length}]`);
    let from = 0;
    while (from < nSamples) {
      const first = samples[from];
      // Only a finite number differs from itself by zero.
      if (first - first !== 0) {
        if (!this.#isInGap) this.#closeSegment(onBeat);
        this.#count++;
        from++;
        continue;
      }
      const limit = Math.min(nSamples, from + LARGEST_BLOCK);
      let to = from + 1;
      while (to < limit && samples[to] - samples[to] === 0) to++;
      if (this.#isInGap) this.#openSegment(first);
      const start = this.#trace.append(samples, from, to);
      this.#count += to - from;
      this.#search(start, onBeat);
      from = to;
    }
  }

  /** Decides about the last samples, as before a gap. What is pushed afterwards follows on in time. */
  flush(onBeat: (beat: RPeak) => void): void {
    if (!this.#isInGap) this.#closeSegment(onBeat);
  }

  #openSegment(level: number): void {
    this.#isInGap = false;
    this.#segmentStart = this.#count;
    this.#segmentEnd = Number.POSITIVE_INFINITY;
    this.#trace.open(this.#count, level);
    this.#scan.open();
    this.#decision.open(this.#count);
    if ((this.#count - this.#gapStart) / this.samplingRate <= LONG_GAP_SECONDS) return;
    this.#decision.reset();
    this.#startLearning();
  }

  #closeSegment(onBeat: (beat: RPeak) => void): void {
    this.#segmentEnd = this.#count;
    for (let left = this.#tail; left > 0; left -= LARGEST_BLOCK)
      this.#search(this.#trace.hold(Math.min(left, LARGEST_BLOCK)), onBeat);
    if (this.#isLearning) {
      if (this.#nWindows >= N_WINDOWS_AT_LEAST) this.#finishLearning(this.#count, onBeat);
      this.#nQueued = 0;
    }
    this.#isInGap = true;
    this.#gapStart = this.#count;
  }

  /** Goes through the samples from this place on and stops wherever something is due. */
  #search(from: number, onBeat: (beat: RPeak) => void): void {
    const { filtered, fill, base } = this.#trace;
    for (let p = from; p < fill; ) {
      const due = this.#isLearning ? this.#windowEnd : this.#decision.deadline;
      p = this.#scan.run(filtered, p, Math.max(p + 1, Math.min(fill, due - base + 1)), base);
      const now = base + p - 1;
      if (this.#scan.hasCandidate) this.#takeCandidate(now, onBeat);
      if (this.#isLearning) {
        if (now >= this.#windowEnd) this.#finishWindow(now, onBeat);
      } else if (now >= this.#decision.deadline && this.#decision.searchBack(now))
        this.#emit(now, true, onBeat);
    }
  }

  #takeCandidate(now: number, onBeat: (beat: RPeak) => void): void {
    const { at, size } = this.#scan;
    if (this.#isLearning) {
      this.#queueAt[this.#nQueued] = at;
      this.#queueSize[this.#nQueued++] = size;
    } else if (this.#decision.consider(at, size, now)) this.#emit(now, false, onBeat);
  }

  #startLearning(): void {
    this.#isLearning = true;
    this.#nWindows = 0;
    this.#nQueued = 0;
    this.#windowEnd = this.#count + this.#learningSamples;
    this.#scan.takeLargest();
  }

  #finishWindow(now: number, onBeat: (beat: RPeak) => void): void {
    this.#largest[this.#nWindows++] = this.#scan.takeLargest();
    this.#windowEnd = now + this.#learningSamples;
    if (this.#nWindows === N_LEARNING_WINDOWS) this.#finishLearning(now, onBeat);
  }

  #finishLearning(now: number, onBeat: (beat: RPeak) => void): void {
    const largest = this.#largest.subarray(0, this.#nWindows);
    this.#decision.learn(largest, now);
    this.#nWindows = 0;
    // A flat trace teaches nothing: electrodes are not connected yet.
    this.#isLearning = this.#decision.size.threshold(0, false) === 0;
    const decision = this.#decision;
    for (let i = 0; i < this.#nQueued && !this.#isLearning; i++) {
      if (this.#queueAt[i] >= decision.deadline && decision.searchBack(now)) this.#emit(now, true, onBeat);
      if (decision.consider(this.#queueAt[i], this.#queueSize[i], now)) this.#emit(now, true, onBeat);
    }
    this.#nQueued = 0;
  }

  #emit(now: number, late: boolean, onBeat: (beat: RPeak) => void): void {
    const { position, amplitude, lastQuality } = this.#decision;
    const known = Math.min(now, this.#segmentEnd - 1);
    if (position < this.#segmentStart + this.#edge || position > known - this.#edge) return;
    const shortest = 0.5 * this.settings.refractorySeconds * this.samplingRate;
    if (position - this.#lastPosition < shortest) return;
    this.#lastPosition = position;
    onBeat({
      time: position / this.samplingRate,
      emittedAt: known / this.samplingRate,
      late,
      amplitude,
      quality: lastQuality,
    });
  }
}
