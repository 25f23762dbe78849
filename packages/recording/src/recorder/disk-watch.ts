import type { Seconds } from "@attune/signal";

/** The rate is taken over at least this long, and over at most half as much again. */
const RATE_SECONDS = 10;
/** Minutes from one disk to another are too uncertain before. */
const FIRST_ALARM_SECONDS = 5;
/** An alarm is over when there is this much more than its limit. */
const RECOVERY = 1.25;

/** Watches how fast a file grows and how long the disk will last. */
export class DiskWatch {
  readonly #alarmMinutes: readonly number[];
  readonly #marks: { readonly at: Seconds; readonly bytes: number }[] = [];
  #startedAt = Number.NaN;
  #level = -1;
  #freeBytes = Number.NaN;

  constructor(alarmMinutes: readonly number[]) {
    this.#alarmMinutes = [...alarmMinutes].sort((a, b) => b - a);
  }

  /** `bytes` came in all so far. */
  mark(at: Seconds, bytes: number): void {
    if (this.#marks.length === 0) this.#startedAt = at;
    this.#marks.push({ at, bytes });
    while (this.#marks.length > 2 && at - this.#marks[1]!.at >= RATE_SECONDS) this.#marks.shift();
  }

  get bytesPerSecond(): number {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    return first && last && last.at > first.at ? (last.bytes - first.bytes) / (last.at - first.at) : 0;
  }

  get freeMinutes(): number {
    const rate = this.bytesPerSecond;
    return rate > 0 ? this.#freeBytes / rate / 60 : Number.NaN;
  }

  /** @returns what to tell: a limit was reached, or there is room again */
  setFreeBytes(bytes: number): { readonly kind: "low" | "recovered"; readonly minutes: number } | undefined {
    this.#freeBytes = bytes;
    const minutes = this.freeMinutes;
    const last = this.#marks.at(-1);
    if (Number.isNaN(minutes) || last === undefined || last.at - this.#startedAt < FIRST_ALARM_SECONDS)
      return undefined;
    const level = this.#alarmMinutes.findLastIndex((limit) => minutes <= limit);
    if (level > this.#level) {
      this.#level = level;
      return { kind: "low", minutes };
    }
    if (this.#level >= 0 && minutes > this.#alarmMinutes[0]! * RECOVERY) {
      this.#level = -1;
      return { kind: "recovered", minutes };
    }
    return undefined;
  }
}
