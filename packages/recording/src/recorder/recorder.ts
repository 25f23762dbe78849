import type { DeviceOutput, SessionInput, Stream } from "@attune/signal";
import type { RecorderHealth } from "./recorder-options.ts";

/**
 * Records a live session into one XDF file, append-only, with a journal beside it until it is closed.
 *
 * Nothing that a device or a disk does makes a method throw: data go on a bounded queue and one writer takes them
 * from there. What cannot be recorded is told by `onEvent` and counted in `health`.
 */
export interface Recorder {
  readonly path: string;
  readonly health: RecorderHealth;
  /** Before the stream's first item; any time. Again with another layout: it goes on as another stream of the file. */
  addStream(stream: Stream): void;
  /** Record what a device delivered, exactly: values in the stream's own format, stamps untouched, offsets as measured. */
  write(item: DeviceOutput): void;
  /** Record that this entered the analysis now. The samples of a chunk must have been given to `write` before. */
  writeInput(input: SessionInput): void;
  /** Write what waits, the footers, and close. Never rejects: `health.state` says how it went. Idempotent. */
  close(): Promise<void>;
}
