import type { Seconds } from "@attune/signal";
import type { SessionDevice } from "../session/device-set.ts";
import type { StreamPulse } from "../session/stream-watch.ts";
import type { StreamAlarms, WatchedStream } from "./stream-alarms.ts";

const LOOK_SECONDS = 0.25;
/** A look that comes so late was not held up by work: the computer slept, or the program was stopped. */
const STILL_SECONDS = 2;
/** The wall clock is corrected by fractions of a second; by so much only sleep or a hand moves it between two looks. */
const WALL_JUMP_SECONDS = 2;

export interface SessionAlarmsOptions {
  readonly alarms: StreamAlarms;
  readonly now: () => Seconds;
  /** Time of day: goes on where the session clock stands still because the computer sleeps. */
  readonly wall: () => Seconds;
  /** Called at every look. */
  readonly beat: () => void;
  /** Told when nothing at all ran for so long. */
  readonly onStoodStill: (seconds: Seconds) => void;
  /** Told when the wall clock moved by so much more than the session clock; negative: less. */
  readonly onWallJump: (seconds: Seconds) => void;
  readonly devices: () => readonly SessionDevice[];
  readonly pulse: (streamId: string) => StreamPulse | undefined;
  readonly setTimer: (callback: () => void, seconds: Seconds) => { cancel(): void };
}

/** Looks after the streams of a session from the moment of connecting to its end. */
export class SessionAlarms {
  readonly #options: SessionAlarmsOptions;
  #timer: { cancel(): void } | undefined;
  #isOver = false;
  #lookedAt = Number.NaN;
  #wallAhead = Number.NaN;

  constructor(options: SessionAlarmsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#timer === undefined && !this.#isOver) this.#look();
  }

  close(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #look(): void {
    const { alarms, beat, devices, pulse, setTimer } = this.#options;
    // The next look first: whatever goes wrong in this one, there is another.
    this.#timer = setTimer(() => this.#look(), LOOK_SECONDS);
    this.#lookAtClocks();
    beat();
    alarms.look(devices().flatMap((device) => watchedOf(device, pulse)));
  }

  /** A computer that sleeps shows in one of two ways: its session clock leaps (macOS, Windows), or stands still (Linux). */
  #lookAtClocks(): void {
    const { now, wall, onStoodStill, onWallJump } = this.#options;
    const at = now();
    const still = at - this.#lookedAt - LOOK_SECONDS;
    this.#lookedAt = at;
    if (still > STILL_SECONDS) onStoodStill(still);
    const ahead = wall() - at;
    const jump = ahead - this.#wallAhead;
    this.#wallAhead = ahead;
    if (Math.abs(jump) > WALL_JUMP_SECONDS) onWallJump(jump);
  }
}

const GONE: ReadonlySet<string> = new Set(["reconnecting", "failed", "closed"]);

const watchedOf = (
  { id: device, lifecycle, streams }: SessionDevice,
  pulse: SessionAlarmsOptions["pulse"],
): WatchedStream[] =>
  streams.flatMap(({ id, nominalSamplingRate }) => {
    const found = nominalSamplingRate > 0 ? pulse(id) : undefined;
    if (found === undefined) return [];
    const { streamId, silentSeconds, recentLostPercent } = found;
    return [{ streamId, device, silentSeconds, recentLostPercent, isKnownToBeGone: GONE.has(lifecycle) }];
  });
