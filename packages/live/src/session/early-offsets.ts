import type { ClockOffset } from "@attune/signal";

const KEPT_PER_STREAM = 60;

/** Clock offsets that were measured before the session began: with them its clocks are known from the first sample on. */
export class EarlyOffsets {
  readonly #offsets = new Map<string, ClockOffset[]>();

  take(offset: ClockOffset): void {
    const known = this.#offsets.get(offset.streamId) ?? [];
    known.push(offset);
    if (known.length > KEPT_PER_STREAM) known.shift();
    this.#offsets.set(offset.streamId, known);
  }

  count(streamId: string): number {
    return this.#offsets.get(streamId)?.length ?? 0;
  }

  get all(): readonly ClockOffset[] {
    return [...this.#offsets.values()].flat();
  }
}
