import { BEAT_SETTINGS, CLOCK_GOOD, type RPeak, RPeakDetector } from "@attune/core";
import type { ClockOffset, SampleChunk } from "@attune/signal";
import { concat, defer, from, mergeMap, type OperatorFunction } from "rxjs";
import type { HeartEvent } from "./heart-events.ts";
import { SessionTimes } from "./session-times.ts";
import type { HeartMontage } from "./settings.ts";

/**
 * Finds the beats of one person, on the session clock.
 *
 * The detector sees the samples as the device took them, and a beat's time is read off the session times of the samples around it.
 * Putting the trace onto a grid of 500 Hz first, as EEG is, gives the same times and gives them later: the interpolation waits
 * for 128 ms of samples at 250 Hz and 64 ms at 500 Hz. With a clock that is 50 ppm fast and 0.5 ms of jitter both ways are
 * right to 0.2 ms with a spread (IQR/1.349) of 0.17 to 0.18 ms, all of it the clock's; a rate that is off by so little changes
 * the detector's filters by nothing. The tests measure both.
 *
 * Samples without a time that can be trusted are not looked at, and samples that are missing in time stand as missing before the
 * detector. More than 2 s without a sample, or long enough without a beat, is a gap. Emits beats as they become known, gaps, and a
 * tick for each whole second; none of it depends on how the samples were cut into chunks. At the end come the beats that
 * waited for later samples.
 *
 * @throws OptionError when the stream is too slow or too fast for the detector (200 to 2000 Hz)
 */
export function findBeats(montage: HeartMontage): OperatorFunction<SampleChunk | ClockOffset, HeartEvent> {
  return (inputs) =>
    defer(() => {
      const finder = new BeatFinder(montage);
      return concat(
        inputs.pipe(
          mergeMap((input) => {
            if (input.kind === "samples") return finder.push(input);
            finder.times.addOffset(input);
            return [];
          }),
        ),
        defer(() => from(finder.flush())),
      );
    });
}

/** Without samples for longer, beats may have been lost that nobody can guess. */
const LOST_SECONDS = 2;
/** Steps in time of more nominal periods than this have lost samples between them. */
const GAP_PERIODS = 1.5;
/** After so many missing samples the detector has forgotten everything; further ones tell it nothing. */
const MOST_FILL_SECONDS = 3;
/** A session time that jumps further is a broken clock. */
const LONGEST_GAP_SECONDS = 3600;
/** The oldest beat that can still be emitted, by search-back or after learning, is younger. */
const MEMORY_SECONDS = 16;
const BLOCK = 256;

class BeatFinder {
  readonly times: SessionTimes;
  readonly #montage: HeartMontage;
  readonly #detector: RPeakDetector;
  /** While this long no beat is known, one may still come: the detector learns, or searches back. */
  readonly #patience: number;
  /** Session times of the samples that the detector got, by their number; NaN for missing ones. */
  readonly #memory: Float64Array;
  readonly #block = new Float64Array(BLOCK);
  #nBlock = 0;
  /** Samples that the detector got, or will get with the block. */
  #count = 0;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastValueTime = Number.NEGATIVE_INFINITY;
  #second = Number.NaN;
  /** Up to here beats are known, or known to be lost. */
  #knownUntil = Number.NaN;
  #out: HeartEvent[] = [];

  constructor(montage: HeartMontage) {
    const { person, nominalSamplingRate } = montage;
    this.#montage = montage;
    this.times = new SessionTimes(nominalSamplingRate);
    this.#detector = new RPeakDetector({ samplingRate: nominalSamplingRate, population: person.role });
    this.#patience = 4 * BEAT_SETTINGS[person.role].learningSeconds + 1;
    this.#memory = new Float64Array(Math.ceil(MEMORY_SECONDS * nominalSamplingRate)).fill(Number.NaN);
  }

  push(chunk: SampleChunk): HeartEvent[] {
    const { time, doubtful } = this.times.of(chunk);
    const { data, nSamples } = chunk;
    const row = this.#montage.row * nSamples;
    for (let n = 0; n < nSamples; n++) {
      const at = time[n]!;
      if (doubtful[n] !== CLOCK_GOOD || !(at > this.#lastTime && at < Number.POSITIVE_INFINITY)) continue;
      this.#take(at, data[row + n]!);
    }
    this.#feed();
    return this.#handOver();
  }

  flush(): HeartEvent[] {
    this.#feed();
    this.#detector.flush(this.#onBeat);
    return this.#handOver();
  }

  #take(at: number, value: number): void {
    const { nominalSamplingRate } = this.#montage;
    const isFirst = this.#lastTime === Number.NEGATIVE_INFINITY;
    const periods = (at - this.#lastTime) * nominalSamplingRate;
    if (!isFirst && periods > GAP_PERIODS) this.#fill(at, Math.round(periods) - 1);
    this.#lastTime = at;
    const second = Math.floor(at);
    if (second !== this.#second) this.#beginSecond(second, isFirst);
    if (Number.isFinite(value)) {
      const lost = at - this.#lastValueTime;
      if (lost > LOST_SECONDS && lost < Number.POSITIVE_INFINITY) this.#gap(at);
      this.#lastValueTime = at;
    }
    this.#append(at, value);
  }

  #append(at: number, value: number): void {
    if (this.#nBlock === BLOCK) this.#feed();
    this.#memory[this.#count++ % this.#memory.length] = at;
    this.#block[this.#nBlock++] = value;
  }

  #fill(at: number, nMissing: number): void {
    const { person, nominalSamplingRate } = this.#montage;
    if (nMissing > LONGEST_GAP_SECONDS * nominalSamplingRate)
      throw new Error(
        `${person.id}'s heart: session time jumped to ${at} s, by more than ${LONGEST_GAP_SECONDS} s; check the clock of ${this.#montage.streamId}`,
      );
    const most = Math.ceil(MOST_FILL_SECONDS * nominalSamplingRate);
    for (let n = Math.min(nMissing, most); n > 0; n--) this.#append(Number.NaN, Number.NaN);
  }

  #beginSecond(second: number, isFirst: boolean): void {
    this.#feed();
    this.#second = second;
    if (isFirst) this.#knownUntil = second;
    else if (second - this.#knownUntil > this.#patience) this.#gap(second - this.#patience);
    const { signalQuality } = this.#detector;
    this.#out.push({ kind: "heart-tick", at: second, signalQuality });
  }

  #gap(until: number): void {
    // What came before is settled first: beats leave in the order of time.
    this.#feed();
    if (until <= this.#knownUntil) return;
    this.#knownUntil = until;
    this.#out.push({ kind: "heart-gap", until });
  }

  #feed(): void {
    const nSamples = this.#nBlock;
    this.#nBlock = 0;
    if (nSamples > 0) this.#detector.push(this.#block, nSamples, this.#onBeat);
  }

  readonly #onBeat = ({ time, emittedAt, late, amplitude, quality }: RPeak): void => {
    const at = this.#sessionTime(time);
    const knownAt = this.#sessionTime(emittedAt);
    if (!(at > this.#knownUntil)) return;
    this.#knownUntil = at;
    const person = this.#montage.person.id;
    this.#out.push({ kind: "beat", person, at, knownAt, late, amplitude, quality });
  };

  /** Of a time of the detector, which counts samples: on the line through the samples on both sides of it. */
  #sessionTime(seconds: number): number {
    const rate = this.#montage.nominalSamplingRate;
    const position = seconds * rate;
    const before = Math.floor(position);
    const size = this.#memory.length;
    const share = position - before;
    const start = this.#memory[before % size]!;
    const end = before + 1 < this.#count ? this.#memory[(before + 1) % size]! : Number.NaN;
    // Next to a gap, or at the newest sample, a period is as long as the device says.
    return start + share * (Number.isNaN(end) ? 1 / rate : end - start);
  }

  #handOver(): HeartEvent[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}
