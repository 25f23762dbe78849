import type { Seconds } from "@attune/signal";
import type { SessionFacts } from "../session/session-header.ts";
import type { RecordingFiles } from "./recording-files.ts";

/** How a live recording is made. Defaults in brackets. */
export interface RecorderOptions {
  /** Must not exist; its folder must. */
  readonly path: string;
  readonly session: SessionFacts;
  /**
   * Seconds on the session clock, which best begins with the session: its 0 is session time 0 of the recording. Offsets and
   * times of what is recorded count on the same clock.
   */
  readonly now: () => Seconds;
  readonly setTimer: (callback: () => void, seconds: Seconds) => { cancel(): void };
  /** Told at once what a person should know. What it throws is not looked at: the recording goes on. */
  readonly onEvent?: (event: RecorderEvent) => void;
  /** Date and time for the file header and the journal; no sample depends on it. [the machine's] */
  readonly wallClock?: () => Date;
  /** Time between writes: what a killed process loses at most, if the disk keeps up. [0.25] */
  readonly flushSeconds?: Seconds;
  /** Time between two fdatasync: what a power failure loses at most. [1] */
  readonly syncSeconds?: Seconds;
  /** Time between boundary chunks, each with a line in the journal. [3] */
  readonly boundarySeconds?: Seconds;
  /**
   * What may wait for a slow disk, bytes. Up to here nothing is lost; beyond, what arrives is left out until half of it is
   * written. [64 MiB: 8 minutes of two 32-channel amplifiers at 500 Hz in float32]
   */
  readonly maxQueueBytes?: number;
  /** Tell when the disk lasts only this long at the present rate. [15, 5, 1] */
  readonly diskAlarmMinutes?: readonly number[];
  /** [the machine's file system] */
  readonly files?: RecordingFiles;
}

/**
 * `recording`; `full`: the disk is full; `failed`: it cannot be written any more for another reason; `closed`: finished.
 * There is no way back to `recording`.
 */
export type RecorderState = "recording" | "full" | "failed" | "closed";

/** Something about the recording that a person should know: one sentence each. */
export interface RecorderEvent {
  /**
   * `disk-low`: an alarm time of `diskAlarmMinutes` was reached. `full`, `failed`: the recording has stopped, what is in
   * the file is safe. `overflow`: the disk is too slow, data are being left out. `recovered`: `disk-low` or `overflow`
   * is over. `refused`: something could not be recorded as it came; told once per stream and reason.
   */
  readonly kind: "disk-low" | "full" | "failed" | "overflow" | "recovered" | "refused";
  readonly message: string;
  /** Seconds on the session clock. */
  readonly at: Seconds;
  readonly cause?: unknown;
}

export interface RecorderHealth {
  readonly state: RecorderState;
  /** In the file. */
  readonly bytesWritten: number;
  /** Over the last ten to fifteen seconds. */
  readonly bytesPerSecond: number;
  readonly lastWriteAgeSeconds: Seconds;
  /** Age of the oldest data that are not in the file yet. */
  readonly queueSeconds: Seconds;
  readonly queueBytes: number;
  /** NaN until rate and disk are known. */
  readonly freeDiskMinutes: number;
  /** Items that are not in the file: they came during an overflow, after the end, or could not be recorded. */
  readonly nLeftOut: number;
}
