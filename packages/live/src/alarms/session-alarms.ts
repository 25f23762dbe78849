import type { Seconds } from "@attune/signal";
import type { SessionDevice } from "../session/device-set.ts";
import type { StreamPulse } from "../session/stream-watch.ts";
import type { StreamAlarms, WatchedStream } from "./stream-alarms.ts";

const LOOK_SECONDS = 0.25;
/** A look that comes so late was not held up by work: the computer slept, or the program was stopped. */
const STILL_SECONDS = 2;

export interface SessionAlarmsOptions {
  readonly alarms: StreamAlarms;
  readonly now: () => Seconds;
  /** Called at every look. */
  readonly beat: () => void;
  /** Told when nothing at all ran for so long. */
  readonly onStoodStill: (seconds: Seconds) => void;
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
    const { alarms, beat, devices, pulse, now, onStoodStill, setTimer } = this.#options;
    // The next look first: whatever goes wrong in this one, there is another.
    this.#timer = setTimer(() => this.#look(), LOOK_SECONDS);
    const still = now() - this.#lookedAt - LOOK_SECONDS;
    this.#lookedAt = now();
    if (still > STILL_SECONDS) onStoodStill(still);
    beat();
    alarms.look(devices().flatMap((device) => watchedOf(device, pulse)));
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
