import type { Seconds } from "@attune/signal";
import type { DeviceContext } from "./device-type.ts";
import { DeviceError } from "./errors.ts";

const FIRST_SECONDS = 0.25;
const LONGEST_SECONDS = 5;
const JITTER = 0.2;

/**
 * Time before the next attempt: 0.25 s, doubling up to 5 s, +-20 % so that several devices on one hub do not come at once.
 * @param attempt from 0
 * @param uniform in [0, 1)
 */
export function reconnectDelay(attempt: number, uniform: number): Seconds {
  const seconds = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempt, 30));
  return seconds * (1 - JITTER + 2 * JITTER * uniform);
}

/** Wait, or until `signal` aborts; never rejects. */
export function pauseFor(context: DeviceContext, seconds: Seconds, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = context.setTimer(end, seconds);
    signal.addEventListener("abort", end);
  });
}

/**
 * Try to get a connection back until it is there, without a limit. An error that repeats itself is reported once.
 *
 * @param attempt one whole attempt; it cleans up after itself when it fails
 * @returns `failed` when an attempt failed for good
 */
export async function reconnect(
  context: DeviceContext,
  attempt: () => Promise<void>,
  onError: (error: unknown, fatal: boolean) => void,
  signal: AbortSignal,
): Promise<"connected" | "aborted" | "failed"> {
  let said: string | undefined;
  for (let k = 0; ; k++) {
    await pauseFor(context, reconnectDelay(k, context.uniform()), signal);
    if (signal.aborted) return "aborted";
    try {
      await attempt();
      return "connected";
    } catch (error) {
      if (signal.aborted) return "aborted";
      const fatal = error instanceof DeviceError && !error.retryable;
      const message = error instanceof Error ? error.message : String(error);
      if (fatal || message !== said) onError(error, fatal);
      said = message;
      if (fatal) return "failed";
    }
  }
}
