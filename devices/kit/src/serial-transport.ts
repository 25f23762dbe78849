import { Subject } from "rxjs";
import { SerialPort } from "serialport";
import { DeviceError } from "./errors.ts";
import { hostClock } from "./host-clock.ts";
import { explainOpenError, identifyPort, isAbsent } from "./serial-platform.ts";
import type { Closure, Received, Transport } from "./transport.ts";

const WRITE_TIMEOUT_SECONDS = 2;
const PATH_POLL_SECONDS = 0.5;
const PRESENCE_CHECK_SECONDS = 0.5;
/** How long `open` looks for a port that is found by its name before it gives up. */
const PATH_PATIENCE_SECONDS = 3;
/** A USB device that starts anew loses its device file for about this long. */
const ABSENCE_PATIENCE_SECONDS = 0.3;

/** A serial port by its path, or by a function that finds the path: a USB device may come back under another one. */
export interface SerialTransportOptions {
  readonly path: string | (() => Promise<string | undefined>);
  readonly baudRate: number;
  /** Default 8. Always without parity, with one stop bit and without flow control. */
  readonly dataBits?: 8;
  /** Keep other programs from opening the port. Default true. */
  readonly lock?: boolean;
}

/**
 * A serial port over `serialport`. Bytes are stamped at the top of the `data` handler.
 *
 * Facts of serialport 13 that it guards against: a write to a closed port waits for the next open; `drain` hangs while
 * the peer does not read; a pending write at `close` emits `error`, which without a listener ends the process; a port
 * that vanished emits `close` with an error and nothing else; and when it vanishes between two reads it emits nothing
 * at all and reads zero bytes for ever, so the device file is looked at twice a second.
 *
 * For USB adapters by FTDI on Linux: write 1 to `/sys/bus/usb-serial/devices/ttyUSBn/latency_timer`; its default of
 * 16 ms is how late samples come.
 */
export class SerialTransport implements Transport {
  readonly #options: SerialTransportOptions;
  readonly #received = new Subject<Received>();
  readonly #closed = new Subject<Closure>();
  readonly received = this.#received.asObservable();
  readonly closed = this.#closed.asObservable();
  #port: SerialPort | undefined;
  #presenceTimer: NodeJS.Timeout | undefined;
  #path: string;

  constructor(options: SerialTransportOptions) {
    this.#options = options;
    this.#path = typeof options.path === "string" ? options.path : "a serial port that is not found yet";
  }

  get name(): string {
    return `${this.#path} at ${this.#options.baudRate} baud`;
  }

  async open(signal?: AbortSignal): Promise<void> {
    if (this.#port) return;
    this.#path = await this.#findPath(signal);
    const giveUpAt = hostClock() + ABSENCE_PATIENCE_SECONDS;
    for (;;) {
      throwIfAborted(signal, this.#path);
      const port = this.#makePort();
      const error = await new Promise<Error | null>((settle) => port.open(settle));
      if (!error) {
        this.#port = port;
        this.#watchPresence(port, this.#path);
        break;
      }
      port.removeAllListeners("data").removeAllListeners("close");
      if (!isAbsent(error) || hostClock() > giveUpAt) throw explainOpenError(this.#path, error);
      await pause(0.02);
    }
    if (signal?.aborted) {
      await this.close();
      throwIfAborted(signal, this.#path);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    const port = this.#port;
    if (!port?.isOpen) throw new DeviceError(`${this.name} is not open; connect the device first.`);
    await inTime(
      (done) => port.write(bytes, (error) => (error ? done(error) : port.drain(done))),
      () =>
        new DeviceError(
          `${this.name} did not take ${bytes.length} bytes within ${WRITE_TIMEOUT_SECONDS} s; check cable and power.`,
        ),
      (cause) => new DeviceError(`Writing to ${this.name} failed (${cause.message}).`, { cause }),
    );
  }

  async discard(): Promise<void> {
    const port = this.#port;
    if (!port?.isOpen) return;
    // A port that cannot be flushed has nothing to be flushed.
    await inTime(
      (done) => port.flush(() => done()),
      () => undefined,
      () => undefined,
    );
  }

  async close(): Promise<void> {
    const port = this.#port;
    if (!port) return;
    const wasOpen = port.isOpen;
    this.#letGo(port);
    if (wasOpen)
      await inTime(
        (done) => port.close(() => done()),
        () => undefined,
        () => undefined,
      );
    this.#closed.next({ unplugged: false });
  }

  #makePort(): SerialPort {
    const { baudRate, dataBits = 8, lock = true } = this.#options;
    const port = new SerialPort({ path: this.#path, baudRate, dataBits, lock, autoOpen: false });
    port.on("data", (bytes: Uint8Array) => {
      const at = hostClock();
      this.#received.next({ bytes, at });
    });
    port.on("close", (error: Error | null | undefined) => {
      if (this.#port !== port) return;
      this.#letGo(port);
      this.#closed.next(error ? { unplugged: true, error } : { unplugged: true });
    });
    // Stays on for as long as the port object lives: a late error must not end the process. What it says is said by
    // the failing write or by `close` as well.
    port.on("error", () => undefined);
    return port;
  }

  #letGo(port: SerialPort): void {
    this.#port = undefined;
    clearInterval(this.#presenceTimer);
    port.removeAllListeners("data").removeAllListeners("close");
  }

  #watchPresence(port: SerialPort, path: string): void {
    let identity: string | undefined;
    clearInterval(this.#presenceTimer);
    const timer = setInterval(async () => {
      const found = await identifyPort(path);
      identity ??= found;
      if (this.#port !== port || (found !== undefined && found === identity)) return;
      this.#letGo(port);
      port.close(() => undefined);
      this.#closed.next({ unplugged: true });
    }, PRESENCE_CHECK_SECONDS * 1000);
    this.#presenceTimer = timer;
  }

  async #findPath(signal?: AbortSignal): Promise<string> {
    const { path } = this.#options;
    if (typeof path === "string") return path;
    const giveUpAt = hostClock() + PATH_PATIENCE_SECONDS;
    for (;;) {
      throwIfAborted(signal, this.#path);
      const found = await path();
      if (found !== undefined) return found;
      if (hostClock() > giveUpAt)
        throw new DeviceError(
          `The serial device is not plugged in (last known: ${this.#path}); plug it in, or run "attune streams" to list the ports.`,
        );
      await pause(PATH_POLL_SECONDS, signal);
    }
  }
}

function throwIfAborted(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted) throw new DeviceError(`Opening ${path} was given up.`);
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    signal?.addEventListener("abort", end);
  });
}

/** Run something that calls back, for at most 2 s. Where a handler gives no error the promise is kept anyway. */
function inTime(
  run: (done: (error?: Error | null) => void) => void,
  onTimeout: () => Error | undefined,
  onError: (cause: Error) => Error | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | undefined): void => (error ? reject(error) : resolve());
    const timer = setTimeout(() => settle(onTimeout()), WRITE_TIMEOUT_SECONDS * 1000);
    run((error) => {
      clearTimeout(timer);
      settle(error ? onError(error) : undefined);
    });
  });
}
