import type { Seconds } from "@attune/signal";
import type { Observable } from "rxjs";

/** Bytes with the moment of their arrival, seconds on the host's monotonic clock (`hostClock`). */
export interface Received {
  readonly bytes: Uint8Array;
  readonly at: Seconds;
}

/** Why a transport is no longer open. */
export interface Closure {
  /** The other end went away: unplugged, process gone, network down. False when we closed it ourselves. */
  readonly unplugged: boolean;
  readonly error?: Error;
}

/** A two-way byte stream: a serial port, a socket, a recorded capture. It can be opened again after it closed. */
export interface Transport {
  /** For messages: `/dev/ttyUSB0 at 115200 baud`. */
  readonly name: string;
  /** @throws DeviceError when it cannot be opened, saying what is wrong and what to do */
  open(signal?: AbortSignal): Promise<void>;
  /** @throws DeviceError when not open or when the peer does not take the bytes within 2 s */
  write(bytes: Uint8Array): Promise<void>;
  /** Throw away what has arrived and was not read yet. */
  discard(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
  /** Hot; never errors; the same observable across reopenings. */
  readonly received: Observable<Received>;
  /** Hot; emits once per closing. */
  readonly closed: Observable<Closure>;
}
