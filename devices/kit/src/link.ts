import type { Seconds } from "@attune/signal";
import type { DeviceContext } from "./device-type.ts";
import { DeviceError } from "./errors.ts";
import type { Received, Transport } from "./transport.ts";

/** What a handshake may do on an open transport. Each read rejects with DeviceError on timeout, naming what was awaited. */
export interface Link {
  /** A string is sent as ASCII. */
  write(data: Uint8Array | string): Promise<void>;
  /** Text up to and including the match; the rest is kept. Bytes are read as Latin-1, so that binary junk does no harm. */
  readText(until: RegExp, timeoutSeconds: number): Promise<string>;
  readBytes(n: number, timeoutSeconds: number): Promise<Uint8Array>;
  pause(seconds: number): Promise<void>;
  /** Throw away everything received so far. */
  discard(): Promise<void>;
}

/** Older bytes are dropped beyond this: a board that streams on while nobody reads. */
const CAPACITY_BYTES = 1 << 16;

interface Waiting {
  readonly attempt: () => boolean;
  readonly reject: (error: Error) => void;
}

/** A `Link` over a transport. The device feeds it with what arrives and takes back what no read has claimed. */
export class TransportLink implements Link {
  readonly #transport: Transport;
  readonly #context: DeviceContext;
  #segments: Received[] = [];
  #nBytes = 0;
  #waiting: Waiting | undefined;
  readonly #pauses = new Set<(error: Error) => void>();
  #failure: Error | undefined;

  constructor(transport: Transport, context: DeviceContext) {
    this.#transport = transport;
    this.#context = context;
  }

  async write(data: Uint8Array | string): Promise<void> {
    this.#throwIfFailed();
    await this.#transport.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  readText(until: RegExp, timeoutSeconds: number): Promise<string> {
    const pattern = new RegExp(until.source, until.flags.replace(/[gy]/g, ""));
    return this.#wait(`text that matches ${until}`, timeoutSeconds, () => {
      const text = Buffer.from(this.#join()).toString("latin1");
      const match = pattern.exec(text);
      if (!match) return undefined;
      const end = match.index + match[0].length;
      this.#consume(end);
      return text.slice(0, end);
    });
  }

  readBytes(n: number, timeoutSeconds: number): Promise<Uint8Array> {
    return this.#wait(`${n} bytes`, timeoutSeconds, () => {
      if (this.#nBytes < n) return undefined;
      const bytes = this.#join().slice(0, n);
      this.#consume(n);
      return bytes;
    });
  }

  pause(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const end = (error?: Error): void => {
        timer.cancel();
        this.#pauses.delete(end);
        if (error) reject(error);
        else resolve();
      };
      const timer = this.#context.setTimer(() => end(), seconds);
      this.#pauses.add(end);
    });
  }

  async discard(): Promise<void> {
    this.#throwIfFailed();
    await this.#transport.discard();
    this.clear();
  }

  /** Bytes for whoever reads next. */
  receive(received: Received): void {
    this.#segments.push(received);
    this.#nBytes += received.bytes.length;
    while (this.#nBytes > CAPACITY_BYTES && this.#segments.length > 1)
      this.#nBytes -= this.#segments.shift()!.bytes.length;
    if (this.#waiting?.attempt()) this.#waiting = undefined;
  }

  clear(): void {
    this.#segments = [];
    this.#nBytes = 0;
  }

  /** What arrived and was not read, with its arrival times; empties the link. */
  takeRest(): readonly Received[] {
    const rest = this.#segments;
    this.clear();
    return rest;
  }

  /** The connection is gone: whatever waits, and whatever is tried from now on, rejects with this. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    for (const end of [...this.#pauses]) end(error);
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  #wait<T>(what: string, timeoutSeconds: Seconds, take: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      if (this.#waiting) return reject(new DeviceError(`Two reads at once on ${this.#transport.name}.`));
      const attempt = (): boolean => {
        const taken = take();
        if (taken === undefined) return false;
        timer.cancel();
        resolve(taken);
        return true;
      };
      const giveUp = (error: Error): void => {
        timer.cancel();
        this.#waiting = undefined;
        reject(error);
      };
      const timer = this.#context.setTimer(() => {
        const came = this.#nBytes === 0 ? "nothing came" : `only ${this.#nBytes} other bytes came`;
        giveUp(
          new DeviceError(
            `${this.#transport.name} did not send ${what} within ${timeoutSeconds} s (${came}); check that the device is on and that this is its port.`,
          ),
        );
      }, timeoutSeconds);
      if (!attempt()) this.#waiting = { attempt, reject: giveUp };
    });
  }

  #join(): Uint8Array {
    const first = this.#segments[0];
    if (!first) return new Uint8Array(0);
    if (this.#segments.length === 1) return first.bytes;
    const joined = Buffer.concat(this.#segments.map((segment) => segment.bytes));
    return joined;
  }

  #consume(n: number): void {
    this.#nBytes -= n;
    let left = n;
    while (left > 0) {
      const { bytes, at } = this.#segments[0]!;
      if (bytes.length > left) {
        this.#segments[0] = { bytes: bytes.subarray(left), at };
        return;
      }
      left -= bytes.length;
      this.#segments.shift();
    }
  }
}
