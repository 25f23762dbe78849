import { readFileSync } from "node:fs";

/**
 * Nanoseconds that this process's main thread has spent on a processor, or undefined where the system does not tell (it is
 * Linux's /proc/self/schedstat). Exact to a few milliseconds, so it is for sums.
 */
export function threadNanoseconds(): number | undefined {
  try {
    const nanoseconds = Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]);
    return nanoseconds > 0 ? nanoseconds : undefined;
  } catch {
    return undefined;
  }
}
