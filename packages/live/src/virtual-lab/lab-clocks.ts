import type { Seconds } from "@attune/signal";

/** How much faster the clocks of the laboratory run. */
export const DRIFT_PPM = { adult: 40, infant: -35, cyton: 60, ecg: -25 } as const;
/** How far the clocks of the two computers that send Lab Streaming Layer are from the host's. */
export const CLOCK_OFFSETS = { adult: 5000, infant: -1234.5 } as const;

/** A computer's clock as that computer would read it, at a time of the host. */
export function clockOf(person: "adult" | "infant", at: Seconds): Seconds {
  return at * (1 + DRIFT_PPM[person] * 1e-6) + CLOCK_OFFSETS[person];
}

/** What an outlet is opened with to stand on that computer. */
export const onClockOf = (person: "adult" | "infant") => ({
  clockOffsetSeconds: CLOCK_OFFSETS[person],
  clockDriftPpm: DRIFT_PPM[person],
});
