import type { Standing } from "@attune/wire/page";

type Replay = NonNullable<Standing["replay"]>;

/** A jump, not a late message. */
const JUMP_SECONDS = 0.3;
/** Share of a small difference that is taken over at once: messages come a little early and a little late. */
const FOLLOW = 0.2;

/** Position in a recording between two messages that tell it. */
export class ReplayClock {
  #position = 0;
  #since = 0;
  #speed = 0;
  #end = Number.POSITIVE_INFINITY;

  /** @param pageTime seconds on the page's clock at which this was told */
  take({ position, to, speed, isPlaying, isAnalysed }: Replay, pageTime: number): void {
    const expected = this.at(pageTime);
    const difference = position - expected;
    const speedNow = isPlaying ? speed : 0;
    const follows =
      speedNow === this.#speed && speedNow > 0 && Math.abs(difference) < JUMP_SECONDS * Math.max(1, speed);
    this.#position = follows ? expected + FOLLOW * difference : position;
    this.#since = pageTime;
    this.#speed = speedNow;
    this.#end = isAnalysed ? to : Number.POSITIVE_INFINITY;
  }

  at(pageTime: number): number {
    return Math.min(this.#position + (pageTime - this.#since) * this.#speed, this.#end);
  }
}
