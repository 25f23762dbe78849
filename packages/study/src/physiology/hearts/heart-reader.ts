import { type Population, type RPeak, RPeakDetector } from "@attune/core";

/** Beats of one person on session time, and how much of the ECG there was. */
export interface FoundBeats {
  /** `[nBeats]`, session seconds, rising. */
  readonly times: Float64Array;
  /** `[nBeats]`, 0 to 1; NaN where the beats were imported. */
  readonly quality: Float64Array;
  /** `[nBeats]`, 1 where the beat was found afterwards (search-back, learning). */
  readonly late: Uint8Array;
  /** Session seconds of the first and last sample. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** `[ceil(lastTime)]`, share of each second of session time with samples; empty for imported beats. */
  readonly present: Float32Array;
  /** Gaps that were found in the stamps. */
  readonly nGaps: number;
}

/** A gap longer than this tells the detector nothing more. */
const LONGEST_GAP_SECONDS = 10;
/** Stamps further apart than so many samples are a gap. */
const GAP_SAMPLES = 1.5;

/**
 * R peaks of an ECG that is read block by block: the detector counts samples, this keeps which sample lay where on the session
 * clock. Missing samples are given to the detector as missing, so that no interval bridges a gap.
 */
export class HeartReader {
  readonly #rate: number;
  readonly #detector: RPeakDetector;
  readonly #peaks: RPeak[] = [];
  /** Knots between session time and samples pushed: both rise. */
  readonly #knotSamples: number[] = [];
  readonly #knotTimes: number[] = [];
  #pushed = 0;
  #last = Number.NaN;
  #first = Number.NaN;
  #nGaps = 0;
  #present = new Float32Array(3600);
  readonly #keep = (peak: RPeak): void => {
    this.#peaks.push(peak);
  };

  constructor(samplingRate: number, population: Population) {
    this.#rate = samplingRate;
    this.#detector = new RPeakDetector({ samplingRate, population });
  }

  /**
   * @param values      `[n]`, one channel; NaN is missing
   * @param sessionTime `[n]`
   */
  push(values: Float64Array, sessionTime: Float64Array): void {
    const step = 1 / this.#rate;
    for (let from = 0; from < values.length; ) {
      const before = from === 0 ? this.#last : sessionTime[from - 1]!;
      const distance = sessionTime[from]! - before;
      if (Number.isNaN(this.#first)) this.#first = sessionTime[from]!;
      else if (distance > GAP_SAMPLES * step || distance <= 0) this.#gap(distance);
      let to = from + 1;
      while (to < values.length) {
        const next = sessionTime[to]! - sessionTime[to - 1]!;
        if (next > GAP_SAMPLES * step || next <= 0) break;
        to++;
      }
      this.#knot(this.#pushed, sessionTime[from]!);
      this.#detector.push(values.subarray(from, to), to - from, this.#keep);
      this.#count(values, sessionTime, from, to);
      this.#pushed += to - from;
      this.#knot(this.#pushed - 1, sessionTime[to - 1]!);
      from = to;
    }
    if (values.length > 0) this.#last = sessionTime[values.length - 1]!;
  }

  finish(): FoundBeats {
    this.#detector.flush(this.#keep);
    const times: number[] = [];
    const quality: number[] = [];
    const late: number[] = [];
    let knot = 0;
    for (const peak of this.#peaks) {
      const sample = peak.time * this.#rate;
      while (knot + 2 < this.#knotSamples.length && this.#knotSamples[knot + 1]! < sample) knot++;
      const a = this.#knotSamples[knot]!;
      const b = this.#knotSamples[knot + 1] ?? a;
      const ta = this.#knotTimes[knot]!;
      const tb = this.#knotTimes[knot + 1] ?? ta;
      const at = b > a ? ta + ((sample - a) / (b - a)) * (tb - ta) : ta + (sample - a) / this.#rate;
      // Where stamps step back two stretches may overlap: the later beat of the two cannot be placed.
      if (!(at > (times.at(-1) ?? Number.NEGATIVE_INFINITY))) continue;
      times.push(at);
      quality.push(peak.quality);
      late.push(peak.late ? 1 : 0);
    }
    return {
      times: Float64Array.from(times),
      quality: Float64Array.from(quality),
      late: Uint8Array.from(late),
      firstTime: this.#first,
      lastTime: this.#last,
      present: this.#present.slice(0, Math.max(0, Math.ceil(this.#last))),
      nGaps: this.#nGaps,
    };
  }

  #gap(seconds: number): void {
    this.#nGaps++;
    const missing = Math.round(Math.min(seconds, LONGEST_GAP_SECONDS) * this.#rate) - 1;
    const n = Math.max(1, missing);
    this.#detector.push(new Float64Array(n).fill(Number.NaN), n, this.#keep);
    this.#pushed += n;
  }

  #knot(sample: number, time: number): void {
    const { length } = this.#knotSamples;
    if (length > 0 && !(sample > this.#knotSamples[length - 1]!)) return;
    this.#knotSamples.push(sample);
    this.#knotTimes.push(time);
  }

  #count(values: Float64Array, sessionTime: Float64Array, from: number, to: number): void {
    const end = Math.ceil(sessionTime[to - 1]!) + 1;
    if (end > this.#present.length) {
      const larger = new Float32Array(Math.max(end, 2 * this.#present.length));
      larger.set(this.#present);
      this.#present = larger;
    }
    const share = 1 / this.#rate;
    for (let k = from; k < to; k++) {
      const second = Math.floor(sessionTime[k]!);
      if (second >= 0 && !Number.isNaN(values[k]!)) this.#present[second]! += share;
    }
  }
}
