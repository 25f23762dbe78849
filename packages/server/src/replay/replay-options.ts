import type { OpenOptions } from "@attune/recording";
import type { Seconds } from "@attune/signal";
import type { PageSource } from "../page-source.ts";
import type { TableDisk } from "./append-table.ts";
import type { ForeignRequest } from "./foreign-plan.ts";

/** Time on the wall, in seconds, and timers on it. */
export interface ReplayContext {
  now(): Seconds;
  setTimer(callback: () => void, seconds: Seconds): { cancel(): void };
}

export interface ReplayPageOptions extends ForeignRequest {
  readonly open?: OpenOptions;
  /** N times real time. [1] */
  readonly speed?: number;
  /** Plays at once. [false] */
  readonly isPlaying?: boolean;
  /** Under which name the first page codes. ["replay"] */
  readonly coder?: string;
  /** [the machine's monotonic clock] */
  readonly context?: ReplayContext;
  /** Where tables beside the recording go. [the machine's disk] */
  readonly disk?: TableDisk;
}

/** A recording as pages see it. */
export interface ReplayPage extends PageSource {
  /** Resolves when the whole recording is analysed, or cannot be: the log says why then. */
  readonly analysed: Promise<void>;
  /** Ends the analysis if it is still going on, writes what was coded and closes the recording. */
  close(): Promise<void>;
}

export const wallClock: ReplayContext = {
  now: () => performance.now() / 1000,
  setTimer: (callback, seconds) => {
    const timer = setTimeout(callback, Math.max(0, seconds * 1000));
    return { cancel: () => clearTimeout(timer) };
  },
};
