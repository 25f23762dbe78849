import type { Traces } from "@attune/wire/page";

/** Answers to questions about the past. Only those that meet the stretch asked for last are kept. */
export class PastFrames {
  #frames: Traces[] = [];
  #from = 0;
  #to = 0;

  /** Another stretch is wanted. @returns false when it was already asked for */
  want(from: number, to: number): boolean {
    if (from >= this.#from && to <= this.#to) return false;
    this.#from = from;
    this.#to = to;
    this.#frames = this.#frames.filter((frame) => this.#meets(frame));
    return true;
  }

  forget(): void {
    this.#frames = [];
    this.#from = 0;
    this.#to = 0;
  }

  /** @returns true when it is of use */
  add(frame: Traces): boolean {
    if (!this.#meets(frame)) return false;
    this.#frames.push(frame);
    return true;
  }

  /** Of one stream, oldest first. */
  of(streamId: string): Traces[] {
    return this.#frames.filter((frame) => frame.streamId === streamId).sort((a, b) => a.start - b.start);
  }

  #meets(frame: Traces): boolean {
    return frame.start < this.#to && frame.start + frame.nSamples * frame.step > this.#from;
  }
}
