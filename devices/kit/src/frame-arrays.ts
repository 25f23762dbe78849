import type { FrameBatch } from "./codec.ts";

/** The arrays behind a `FrameBatch`. They grow to the largest batch ever seen and are then reused. */
export class FrameArrays {
  readonly #nChannels: number;
  #capacity = 0;
  #nFrames = 0;
  #nHeldBack = 0;
  #values: Float64Array = new Float64Array(0);
  #counter: Float64Array = new Float64Array(0);
  #deviceTime: Float64Array = new Float64Array(0);
  #flags: Uint8Array = new Uint8Array(0);

  constructor(nChannels: number) {
    this.#nChannels = nChannels;
  }

  /** The next batch begins. */
  clear(): void {
    this.#nFrames = 0;
    this.#nHeldBack = 0;
  }

  /** Open the next frame. @returns where its values begin in `values` */
  append(counter: number, deviceTime: number, flags: number): number {
    if (this.#nFrames === this.#capacity) this.#grow();
    const frame = this.#nFrames++;
    this.#counter[frame] = counter;
    this.#deviceTime[frame] = deviceTime;
    this.#flags[frame] = flags;
    return frame * this.#nChannels;
  }

  /** Everything up to here had come whole with an earlier push: `FrameBatch.nHeldBack`. */
  markHeldBack(): void {
    this.#nHeldBack = this.#nFrames;
  }

  /** `[frame, channel]`; another array after an `append`. */
  get values(): Float64Array {
    return this.#values;
  }

  batch(): FrameBatch {
    return {
      nFrames: this.#nFrames,
      nHeldBack: this.#nHeldBack,
      values: this.#values,
      counter: this.#counter,
      deviceTime: this.#deviceTime,
      flags: this.#flags,
    };
  }

  #grow(): void {
    const capacity = Math.max(64, 2 * this.#capacity);
    const larger = (old: Float64Array, width: number): Float64Array => {
      const copy = new Float64Array(capacity * width);
      copy.set(old);
      return copy;
    };
    this.#values = larger(this.#values, this.#nChannels);
    this.#counter = larger(this.#counter, 1);
    this.#deviceTime = larger(this.#deviceTime, 1);
    const flags = new Uint8Array(capacity);
    flags.set(this.#flags);
    this.#flags = flags;
    this.#capacity = capacity;
  }
}
