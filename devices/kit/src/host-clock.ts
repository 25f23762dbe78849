import type { Seconds } from "@attune/signal";
import type { DeviceContext } from "./device-type.ts";

/**
 * Seconds on the host's monotonic clock: the session clock. On Linux it is the clock of `lsl_local_clock`. As a double it
 * resolves better than 1 ns for 50 days after boot.
 */
export function hostClock(): Seconds {
  return Number(process.hrtime.bigint()) * 1e-9;
}

/** The real clock, real timers, unseeded randomness (it only jitters reconnects). */
export const systemContext: DeviceContext = {
  now: hostClock,
  setTimer(callback, seconds) {
    const timer = setTimeout(callback, Math.max(0, seconds * 1000));
    return { cancel: () => clearTimeout(timer) };
  },
  uniform: Math.random,
};
