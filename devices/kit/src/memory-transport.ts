import type { Seconds } from "@attune/signal";
import { Subject } from "rxjs";
import { DeviceError } from "./errors.ts";
import type { Closure, Received, Transport } from "./transport.ts";

/**
 * A transport without hardware: for tests, and for captured bytes. What the device writes is in `written` and goes to the
 * callback of `onWrite`, which may answer with `deliver` at once.
 */
export class MemoryTransport implements Transport {
  readonly name: string;
  /** Everything written since it was made. */
  readonly written: Uint8Array[] = [];
  /** False: `open` fails, as when nothing is plugged in. */
  present = true;
  /** Set: `write` rejects with it. */
  writeError: Error | undefined;
  nOpened = 0;
  readonly #received = new Subject<Received>();
  readonly #closed = new Subject<Closure>();
  readonly received = this.#received.asObservable();
  readonly closed = this.#closed.asObservable();
  readonly #now: () => Seconds;
  #isOpen = false;
  #onWrite: ((bytes: Uint8Array) => void) | undefined;

  /** @param now stamps what is delivered without a time of its own */
  constructor({ name = "a port in memory", now = () => 0 }: { name?: string; now?: () => Seconds } = {}) {
    this.name = name;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many listen to it, by which a leak would be seen. */
  get nObservers(): number {
    return Number(this.#received.observed) + Number(this.#closed.observed);
  }

  async open(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new DeviceError(`Opening ${this.name} was given up.`);
    if (!this.present) throw new DeviceError(`There is nothing at ${this.name}; plug the device in.`);
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.nOpened++;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new DeviceError(`${this.name} is not open; connect first.`);
    if (this.writeError) throw this.writeError;
    const copy = bytes.slice();
    this.written.push(copy);
    this.#onWrite?.(copy);
  }

  async discard(): Promise<void> {}

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closed.next({ unplugged: false });
  }

  /** Called with every write. One callback; a later one replaces it. */
  onWrite(callback: (bytes: Uint8Array) => void): void {
    this.#onWrite = callback;
  }

  /** Bytes arrive from the device; lost when it is not open, as on a real port. */
  deliver(bytes: Uint8Array, at: Seconds = this.#now()): void {
    if (this.#isOpen && bytes.length > 0) this.#received.next({ bytes, at });
  }

  /** The plug is pulled. It can be opened again at once; set `present` to false for a device that stays away. */
  unplug(error?: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closed.next(error ? { unplugged: true, error } : { unplugged: true });
  }
}
