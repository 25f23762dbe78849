import type { ClockOffset, PointEvent, StateChange, Stream, TextChunk } from "@attune/signal";

/** What a marker text means: a state of somebody, or just something that happened. */
type MarkerMeaning = { readonly person: string; readonly layer: string; readonly state: string } | undefined;

/** Markers that wait for their clock's first offset; more than this were never going to get one. */
const MOST_WAITING = 10_000;

/**
 * Markers of text streams as states and events on the session clock: stamp plus the newest offset of the stream's clock.
 * Markers that come before the first offset wait for it.
 */
export class MarkerInputs {
  readonly #meaning: (text: string) => MarkerMeaning;
  readonly #carryStates: (streamId: string) => boolean;
  readonly #offsets = new Map<string, number>();
  readonly #waiting = new Map<string, TextChunk[]>();
  readonly #streams = new Map<string, Stream>();

  /** @param carryStates whether the markers of a stream are read as states */
  constructor(meaning: (text: string) => MarkerMeaning, carryStates: (streamId: string) => boolean) {
    this.#meaning = meaning;
    this.#carryStates = carryStates;
  }

  addStream(stream: Stream): void {
    this.#streams.set(stream.id, stream);
  }

  offset({ streamId, offset }: ClockOffset): readonly (StateChange | PointEvent)[] {
    this.#offsets.set(streamId, offset);
    const waiting = this.#waiting.get(streamId) ?? [];
    this.#waiting.delete(streamId);
    return waiting.flatMap((chunk) => this.text(chunk));
  }

  text(chunk: TextChunk): readonly (StateChange | PointEvent)[] {
    const offset = this.#offsets.get(chunk.streamId);
    if (offset === undefined) {
      const waiting = this.#waiting.get(chunk.streamId) ?? [];
      if (waiting.length < MOST_WAITING) waiting.push(chunk);
      this.#waiting.set(chunk.streamId, waiting);
      return [];
    }
    const nChannels = chunk.text.length / Math.max(1, chunk.nSamples);
    return chunk.text.flatMap((text, i): readonly (StateChange | PointEvent)[] => {
      if (text === "") return [];
      const at = chunk.deviceTime[Math.floor(i / nChannels)]! + offset;
      const state = this.#carryStates(chunk.streamId) ? this.#meaning(text) : undefined;
      if (state !== undefined) return [{ kind: "state", ...state, at }];
      const source = this.#streams.get(chunk.streamId)?.name ?? chunk.streamId;
      return [{ kind: "event", label: text, at, source }];
    });
  }
}
