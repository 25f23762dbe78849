import type { SampleChunk, Seconds, TextChunk } from "@attune/signal";
import { LOST_OVER_SECONDS } from "./limits.ts";

const SLOT_SECONDS = 0.5;
/** Over less than this a single gap would be most of the data. */
const LEAST_SECONDS = 2;
/** What is missing after so long without any sample was not lost on the way: its device was away, and that is told as such. */
const AWAY_SECONDS = 1;

interface Slot {
  readonly at: Seconds;
  nSamples: number;
  nLost: number;
}

/** Samples of one stream that were lost lately while it ran. */
export class LossWatch {
  readonly #slots: Slot[] = [];
  #next = Number.NaN;
  #beganAt = Number.NaN;
  #lastAt = Number.NaN;

  take({ firstSample, nSamples }: SampleChunk | TextChunk, now: Seconds): void {
    const wasAway = now - this.#lastAt >= AWAY_SECONDS;
    const nLost = firstSample > this.#next && !wasAway ? firstSample - this.#next : 0;
    this.#lastAt = now;
    this.#next = firstSample + nSamples;
    if (Number.isNaN(this.#beganAt)) this.#beganAt = now;
    const newest = this.#slots.at(-1);
    if (newest !== undefined && now - newest.at < SLOT_SECONDS) {
      newest.nSamples += nSamples;
      newest.nLost += nLost;
    } else this.#slots.push({ at: now, nSamples, nLost });
    while (now - this.#slots[0]!.at > LOST_OVER_SECONDS) this.#slots.shift();
  }

  /** Over the last `LOST_OVER_SECONDS`; NaN where nothing came for so long, and in a stream's first two seconds. */
  lostPercent(now: Seconds): number {
    if (!(now - this.#beganAt >= LEAST_SECONDS)) return Number.NaN;
    let nSamples = 0;
    let nLost = 0;
    for (const slot of this.#slots) {
      if (now - slot.at > LOST_OVER_SECONDS) continue;
      nSamples += slot.nSamples;
      nLost += slot.nLost;
    }
    return (100 * nLost) / (nSamples + nLost);
  }
}
