/**
 * Counts messages under way between two threads in shared memory, so that the sender can see without a message how far the
 * receiver is, and keeps what does not fit where it can still be dropped by age.
 */
export class FlowWindow {
  readonly #cells: Int32Array;
  readonly #size: number;
  #sent = 0;

  constructor(memory: SharedArrayBuffer, size: number) {
    this.#cells = new Int32Array(memory, 0, 2);
    this.#size = size;
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(8);
  }

  /** Sender: whether one more may be sent. When not, the receiver is asked to call back. */
  mayBeSent(): boolean {
    if (this.#underWay() < this.#size) return true;
    Atomics.store(this.#cells, 1, 1);
    // The receiver may have finished between the two: look again, or its call would never come.
    return this.#underWay() < this.#size;
  }

  sent(): void {
    this.#sent = (this.#sent + 1) | 0;
  }

  /** Receiver: one is done. Returns whether the sender waits for a call. */
  received(): boolean {
    Atomics.add(this.#cells, 0, 1);
    return Atomics.exchange(this.#cells, 1, 0) === 1;
  }

  #underWay(): number {
    return (this.#sent - Atomics.load(this.#cells, 0)) | 0;
  }
}
