import type { SampleChunk, Seconds } from "@attune/signal";

const OVER_SECONDS = 10;
const SLOT_SECONDS = 0.5;

interface Slot {
  readonly at: Seconds;
  nSamples: number;
  nLost: number;
}

/** Samples lost over the last ten seconds, stream by stream. */
export class LossWatch {
  readonly #streams = new Map<string, { next: number; slots: Slot[] }>();

  take({ streamId, firstSample, nSamples }: SampleChunk, now: Seconds): void {
    const stream = this.#streams.get(streamId) ?? { next: Number.NaN, slots: [] };
    this.#streams.set(streamId, stream);
    const { slots } = stream;
    const nLost = firstSample > stream.next ? firstSample - stream.next : 0;
    stream.next = firstSample + nSamples;
    const newest = slots.at(-1);
    if (newest !== undefined && now - newest.at < SLOT_SECONDS) {
      newest.nSamples += nSamples;
      newest.nLost += nLost;
    } else slots.push({ at: now, nSamples, nLost });
    while (now - slots[0]!.at > OVER_SECONDS) slots.shift();
  }

  /** NaN where nothing came for so long. */
  lostPercent(streamId: string, now: Seconds): number {
    let nSamples = 0;
    let nLost = 0;
    for (const slot of this.#streams.get(streamId)?.slots ?? []) {
      if (now - slot.at > OVER_SECONDS) continue;
      nSamples += slot.nSamples;
      nLost += slot.nLost;
    }
    return (100 * nLost) / (nSamples + nLost);
  }
}
