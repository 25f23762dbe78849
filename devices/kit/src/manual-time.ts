import type { Seconds } from "@attune/signal";
import type { DeviceContext } from "./device-type.ts";

interface Alarm {
  readonly at: Seconds;
  readonly callback: () => void;
}

/** Time that passes when it is told to: a device runs through hours of it in a moment, the same way each time. */
export class ManualTime {
  /** What a device is given. `uniform` is 0.5, so that reconnects come at their nominal delays. */
  readonly context: DeviceContext;
  #now: Seconds;
  #alarms: Alarm[] = [];

  constructor({ start = 1000, uniform = () => 0.5 }: { start?: Seconds; uniform?: () => number } = {}) {
    this.#now = start;
    this.context = {
      now: () => this.#now,
      uniform,
      setTimer: (callback, seconds) => {
        const alarm = { at: this.#now + Math.max(0, seconds), callback };
        this.#alarms.push(alarm);
        return {
          cancel: () => {
            this.#alarms = this.#alarms.filter((other) => other !== alarm);
          },
        };
      },
    };
  }

  get now(): Seconds {
    return this.#now;
  }

  /** Timers that wait; 0 when everything is closed. */
  get nTimers(): number {
    return this.#alarms.length;
  }

  /** Let time pass; timers ring in their order, and what each sets in motion comes to rest before the next. */
  async advance(seconds: Seconds): Promise<void> {
    const end = this.#now + seconds;
    await settle();
    for (;;) {
      let first: Alarm | undefined;
      for (const alarm of this.#alarms) if (alarm.at <= end && (!first || alarm.at < first.at)) first = alarm;
      if (!first) break;
      const alarm = first;
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
      this.#now = Math.max(this.#now, alarm.at);
      alarm.callback();
      await settle();
    }
    this.#now = end;
  }

  /** Let time pass until a promise settles, in steps, and hand on its result. */
  async until<T>(
    promise: Promise<T>,
    stepSeconds: Seconds = 0.01,
    longestSeconds: Seconds = 600,
  ): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    await settle();
    for (let waited = 0; !settled && waited < longestSeconds; waited += stepSeconds)
      await this.advance(stepSeconds);
    if (!settled) throw new Error(`Nothing was settled within ${longestSeconds} s of manual time`);
    return promise;
  }
}

/** All promises that can go on have gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
