import type { Seconds } from "@attune/signal";

export interface PlayRange {
  readonly from: Seconds;
  readonly to: Seconds;
}

/** Where in a recording one is: the position moves with the clock that it was given times the speed, and stops at the end. */
export class PlayClock {
  readonly range: PlayRange;
  readonly #now: () => Seconds;
  #speed: number;
  /** The position at `#since`. */
  #anchor: Seconds;
  #since: Seconds;
  #isPlaying = false;

  constructor(range: PlayRange, now: () => Seconds, speed: number) {
    this.range = range;
    this.#now = now;
    this.#speed = speed;
    this.#anchor = range.from;
    this.#since = now();
  }

  get position(): Seconds {
    if (!this.#isPlaying) return this.#anchor;
    return Math.min(this.range.to, this.#anchor + (this.#now() - this.#since) * this.#speed);
  }

  get isPlaying(): boolean {
    return this.#isPlaying && this.position < this.range.to;
  }

  get isAtEnd(): boolean {
    return this.position >= this.range.to;
  }

  get speed(): number {
    return this.#speed;
  }

  play(): void {
    this.#hold(this.position);
    this.#isPlaying = true;
  }

  stop(): void {
    this.#hold(this.position);
    this.#isPlaying = false;
  }

  seek(to: Seconds): void {
    this.#hold(Math.min(this.range.to, Math.max(this.range.from, to)));
  }

  setSpeed(speed: number): void {
    this.#hold(this.position);
    this.#speed = speed;
  }

  #hold(position: Seconds): void {
    this.#anchor = position;
    this.#since = this.#now();
  }
}
