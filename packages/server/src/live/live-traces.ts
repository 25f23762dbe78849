import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import { type StreamGap, StreamPlacer } from "./stream-placer.ts";
import { TraceStore } from "./trace-store.ts";

/** Messages that samples may make in a second, all streams together. */
const MESSAGES_PER_SECOND = 24;
const SHORTEST_SECONDS = 1 / 15;
const LONGEST_SECONDS = 0.5;

interface Followed {
  readonly placer: StreamPlacer;
  readonly store: TraceStore;
}

/** Samples of every regular stream for the screen: the newest as they come, and what there was. */
export class LiveTraces {
  readonly #streams = new Map<string, Followed>();
  readonly #onGap: (gap: StreamGap) => void;

  constructor(onGap: (gap: StreamGap) => void) {
    this.#onGap = onGap;
  }

  addStream(stream: Stream): void {
    if (stream.nominalSamplingRate <= 0 || this.#streams.has(stream.id)) return;
    this.#streams.set(stream.id, {
      placer: new StreamPlacer(stream, this.#onGap),
      store: new TraceStore(stream.id, stream.channels.length),
    });
  }

  /** How long samples are gathered before they are sent. */
  get everySeconds(): Seconds {
    return Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, this.#streams.size / MESSAGES_PER_SECOND));
  }

  take(output: DeviceOutput, now: Seconds): void {
    if (output.kind === "samples") this.#streams.get(output.streamId)?.placer.push(output, now);
    else if (output.kind === "clock-offset") this.#streams.get(output.streamId)?.placer.offset(output);
  }

  /** What came since the last time. */
  newest(): Traces[] {
    return [...this.#streams.values()].flatMap(({ placer, store }) => {
      const runs = placer.take();
      for (const run of runs) store.push(run);
      return runs;
    });
  }

  past(from: Seconds, to: Seconds): Traces[] {
    return [...this.#streams.values()].flatMap(({ store }) => store.between(from, to));
  }

  /** Runs of one stream at full rate since `from`. */
  recent(streamId: string, from: Seconds): readonly Traces[] {
    return this.#streams.get(streamId)?.store.since(from) ?? [];
  }
}
