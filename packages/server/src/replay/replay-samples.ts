import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import { Envelopes } from "./envelopes.ts";
import type { ReplayFacts } from "./replay-facts.ts";
import { SampleBlocks } from "./sample-blocks.ts";
import { StreamTimes } from "./stream-times.ts";
import { TraceFeed } from "./trace-feed.ts";

/** Of one stream: longer stretches are answered as envelopes. */
const FULL_RATE_BYTES = 2 * 1024 * 1024;

/** Samples of a recording for the screen: those that are passed while it plays, and any stretch that is asked for. */
export class ReplaySamples {
  readonly times: readonly StreamTimes[];
  readonly blocks: SampleBlocks;
  readonly feed: TraceFeed;
  readonly envelopes = new Envelopes();
  readonly #from: Seconds;
  readonly #to: Seconds;

  /** @param onProblem told when a stretch cannot be read; it counts as empty then */
  constructor({ recording, regular, from, to }: ReplayFacts, onProblem: (error: unknown) => void) {
    this.times = regular.map((stream) => new StreamTimes(stream));
    this.blocks = new SampleBlocks(recording, this.times, onProblem);
    this.feed = new TraceFeed(this.blocks, from);
    this.#from = from;
    this.#to = to;
  }

  /** At once where it is in memory. */
  past(from: Seconds, to: Seconds): readonly Traces[] | Promise<readonly Traces[]> {
    const begin = Math.max(from, this.#from);
    const end = Math.min(to, this.#to);
    const isShort = this.times.every(
      ({ stream }) =>
        (end - begin) * stream.nominalSamplingRate * stream.channels.length * 4 <= FULL_RATE_BYTES,
    );
    if (!isShort) return this.times.flatMap(({ stream }) => this.envelopes.between(stream.id, begin, end));
    const read = (): Traces[] => this.times.flatMap((times) => this.blocks.between(times, begin, end));
    return this.blocks.isLoaded(begin, end) ? read() : this.blocks.load(begin, end).then(read);
  }
}
