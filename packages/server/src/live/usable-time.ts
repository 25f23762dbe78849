import type { WindowVerdict } from "@attune/live";
import type { Seconds } from "@attune/signal";

/** Why a window is left out although the signals are good. */
const notOfTheSignals: ReadonlySet<string> = new Set([
  "state-switch",
  "state-unknown",
  "requirement",
  "late",
]);

/**
 * Seconds in which each person's signals could be used, over the present phase and over the session: windows overlap, so every
 * moment is counted once.
 */
export class UsableTime {
  readonly #people: readonly string[];
  readonly #inPhase = new Map<string, Seconds>();
  readonly #inAll = new Map<string, Seconds>();
  readonly #countedUntil = new Map<string, Seconds>();
  #phaseFrom: Seconds = Number.NEGATIVE_INFINITY;

  constructor(people: readonly string[]) {
    this.#people = people;
  }

  /** Another phase: its seconds are counted from here. */
  beginPhase(at: Seconds): void {
    this.#phaseFrom = at;
    this.#inPhase.clear();
  }

  window({ start, seconds, reasons }: WindowVerdict): void {
    const end = start + seconds;
    for (const person of this.#people) {
      const isSpoilt = reasons.some((each) => each.person === person && !notOfTheSignals.has(each.reason));
      if (isSpoilt) continue;
      const from = Math.max(start, this.#countedUntil.get(person) ?? start);
      this.#countedUntil.set(person, Math.max(end, from));
      add(this.#inAll, person, end - from);
      add(this.#inPhase, person, end - Math.max(from, this.#phaseFrom));
    }
  }

  phaseSeconds(person: string): Seconds {
    return this.#inPhase.get(person) ?? 0;
  }

  totalSeconds(person: string): Seconds {
    return this.#inAll.get(person) ?? 0;
  }
}

function add(sums: Map<string, Seconds>, key: string, seconds: Seconds): void {
  if (seconds > 0) sums.set(key, (sums.get(key) ?? 0) + seconds);
}
