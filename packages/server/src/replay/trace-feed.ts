import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import type { SampleBlocks } from "./sample-blocks.ts";

/** Messages that samples may make in a second, all streams together. */
const MESSAGES_PER_SECOND = 24;
const SHORTEST_SECONDS = 1 / 15;
const LONGEST_SECONDS = 0.5;
/** What a screen holds: after a jump it is shown up to the new position. */
const SCREEN_SECONDS = 20;
const PIECE_SECONDS = 1;
/** A page that gets more at once would leave out some of it. */
const BYTES_AT_ONCE = 192 * 1024;
const AHEAD_SECONDS = 2;

/** Samples up to the position, in order, each once: what is not read yet follows as soon as it is. */
export class TraceFeed {
  readonly #blocks: SampleBlocks;
  #until: Seconds;

  constructor(blocks: SampleBlocks, from: Seconds) {
    this.#blocks = blocks;
    this.#until = from;
  }

  /** How long samples are gathered before they are sent. */
  get everySeconds(): Seconds {
    const { length } = this.#blocks.times;
    return Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, length / MESSAGES_PER_SECOND));
  }

  /** Everything up to this time has been handed out. */
  get until(): Seconds {
    return this.#until;
  }

  /** Reads what a jump to a position shows. */
  prepare(position: Seconds): Promise<void> {
    return this.#blocks.load(position - SCREEN_SECONDS, position);
  }

  jump(position: Seconds): void {
    this.#until = position - SCREEN_SECONDS;
  }

  /** What has been passed since the last time, as far as it is read. */
  take(position: Seconds, speed: number): Traces[] {
    void this.#blocks.load(position, position + AHEAD_SECONDS * Math.max(1, speed));
    // Whoever reads this slowly is shown what is newest.
    if (position - this.#until > SCREEN_SECONDS * Math.max(1, speed)) this.jump(position);
    const passed: Traces[] = [];
    let bytes = 0;
    while (this.#until < position && bytes < BYTES_AT_ONCE * Math.max(1, speed / 8)) {
      const end = Math.min(position, this.#until + PIECE_SECONDS * Math.max(1, speed / 8));
      if (!this.#blocks.isLoaded(this.#until, end)) {
        void this.#blocks.load(this.#until, position);
        break;
      }
      for (const times of this.#blocks.times)
        for (const run of this.#blocks.between(times, this.#until, end)) {
          bytes += run.data.byteLength;
          passed.push({ ...run, isPast: false });
        }
      this.#until = end;
    }
    return passed;
  }
}
