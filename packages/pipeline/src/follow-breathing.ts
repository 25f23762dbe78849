import {
  type Breath,
  BreathFinder,
  CLOCK_GOOD,
  OptionError,
  type RsaBand,
  respirationEpochs,
  rsaBand,
} from "@attune/core";
import type { ClockOffset, Respiration, SampleChunk } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import { SessionTimes } from "./session-times.ts";
import type { BeltMontage } from "./settings.ts";

/** Hz: the slowest belt that every bin of the grid gets a sample of, jitter or not. */
export const SLOWEST_BELT_RATE = 8;
/** Hz, of the grid on which breaths are looked for: a breath needs no more. */
const GRID_RATE = 20;
/** The window holds so many breaths at the slow edge of the band: 42 s of an adult, 21 s of an infant or child. */
const BREATHS_AT_SLOW_EDGE = 5;
/** Below this nothing is said about the rate. */
const LEAST_COVERAGE = 0.8;
/** Without samples for longer, breathing is learnt anew. */
const FORGETTING_SECONDS = 30;

/**
 * How somebody breathes, second by second of the session clock, and whether that leaves the band in which their RSA is looked for.
 *
 * The belt's samples are averaged over bins of 50 ms of the session clock (of a belt below 40 Hz over bins of two samples or more),
 * as offline; `BreathFinder` finds the breaths, and `respirationEpochs` their rate over the window that ends with the second, from the
 * breaths that were known by then. Samples without a time that can be trusted, or that step back, are not looked at; a bin
 * without a value ends the breath under way. None of it depends on how the samples were cut into chunks.
 *
 * @throws OptionError when the belt is slower than `SLOWEST_BELT_RATE`
 */
export function followBreathing(
  montage: BeltMontage,
): OperatorFunction<SampleChunk | ClockOffset, Respiration> {
  return (inputs) =>
    defer(() => {
      const belt = new Belt(montage);
      return inputs.pipe(
        mergeMap((input) => {
          if (input.kind === "samples") return belt.push(input);
          belt.times.addOffset(input);
          return [];
        }),
      );
    });
}

class Belt {
  readonly times: SessionTimes;
  readonly #montage: BeltMontage;
  readonly #band: RsaBand;
  readonly #windowSeconds: number;
  readonly #gridRate: number;
  /** `[bins of the window]`, 1 where there was a value, by number of the bin. */
  readonly #isKnown: Uint8Array;
  /** Bins of the second under way. */
  readonly #bins: Float64Array;
  #finder: BreathFinder | undefined;
  /** Those that the window may still hold. */
  #breaths: Breath[] = [];
  #lastTime = Number.NEGATIVE_INFINITY;
  /** The second under way; its bins before `#bin` are full. */
  #second = Number.NaN;
  #bin = 0;
  #sum = 0;
  #count = 0;

  constructor(montage: BeltMontage) {
    const { person, nominalSamplingRate, streamId } = montage;
    if (!(nominalSamplingRate >= SLOWEST_BELT_RATE))
      throw new OptionError(
        `${person.id}'s belt ${streamId} has ${nominalSamplingRate} Hz: breathing needs ${SLOWEST_BELT_RATE} Hz or more.`,
      );
    this.#montage = montage;
    this.#band = rsaBand(person.role);
    this.#windowSeconds = Math.ceil(BREATHS_AT_SLOW_EDGE / this.#band.low);
    this.#gridRate = Math.min(GRID_RATE, Math.floor(nominalSamplingRate / 2));
    this.#isKnown = new Uint8Array(this.#windowSeconds * this.#gridRate);
    this.#bins = new Float64Array(this.#gridRate);
    this.times = new SessionTimes(nominalSamplingRate);
  }

  push(chunk: SampleChunk): Respiration[] {
    const { time, doubtful } = this.times.of(chunk);
    const { data, nSamples } = chunk;
    const row = this.#montage.row * nSamples;
    const out: Respiration[] = [];
    for (let n = 0; n < nSamples; n++) {
      const at = time[n]!;
      if (doubtful[n] !== CLOCK_GOOD || !(at > this.#lastTime && at < Number.POSITIVE_INFINITY)) continue;
      this.#reach(at, out);
      this.#lastTime = at;
      const value = data[row + n]!;
      if (!Number.isFinite(value)) continue;
      this.#sum += value;
      this.#count++;
    }
    return out;
  }

  /** Closes every bin that ends at or before a time. */
  #reach(at: number, out: Respiration[]): void {
    const bin = Math.floor(at * this.#gridRate);
    if (this.#finder === undefined || at - this.#lastTime > FORGETTING_SECONDS) this.#begin(at);
    while (this.#second * this.#gridRate + this.#bin < bin) {
      this.#closeBin(this.#count > 0 ? this.#sum / this.#count : Number.NaN);
      if (this.#bin === this.#gridRate) this.#closeSecond(out);
    }
  }

  #begin(at: number): void {
    const { person } = this.#montage;
    this.#second = Math.floor(at);
    this.#bin = 0;
    this.#sum = 0;
    this.#count = 0;
    this.#isKnown.fill(0);
    this.#breaths = [];
    const options = { samplingRate: this.#gridRate, population: person.role, startTime: this.#second };
    this.#finder = new BreathFinder(options);
  }

  #closeBin(value: number): void {
    const { length } = this.#isKnown;
    const number = this.#second * this.#gridRate + this.#bin;
    // A session clock may begin below zero.
    this.#isKnown[((number % length) + length) % length] = Number.isNaN(value) ? 0 : 1;
    this.#bins[this.#bin++] = value;
    this.#sum = 0;
    this.#count = 0;
  }

  #closeSecond(out: Respiration[]): void {
    this.#second++;
    this.#bin = 0;
    const startTime = this.#second - this.#windowSeconds;
    this.#breaths.push(...this.#finder!.push(this.#bins));
    let old = 0;
    while (old < this.#breaths.length && this.#breaths[old]!.onset < startTime) old++;
    this.#breaths.splice(0, old);
    const [epoch] = respirationEpochs(this.#breaths, {
      epochSeconds: this.#windowSeconds,
      startTime,
      nEpochs: 1,
      band: this.#band,
    });
    let nKnown = 0;
    for (const isKnown of this.#isKnown) nKnown += isKnown;
    const coverage = nKnown / this.#isKnown.length;
    const isRated = coverage >= LEAST_COVERAGE && !Number.isNaN(epoch!.rate);
    out.push({
      kind: "respiration",
      person: this.#montage.person.id,
      at: this.#second,
      windowSeconds: this.#windowSeconds,
      nBreaths: epoch!.nBreaths,
      rate: isRated ? epoch!.rate : Number.NaN,
      depth: isRated ? epoch!.depth : Number.NaN,
      coverage,
      band: this.#band,
      outsideBand: isRated && epoch!.outsideBand,
    });
  }
}
