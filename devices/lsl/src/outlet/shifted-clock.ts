/** A clock that is ahead of ours and runs at another pace: that of a simulated machine. */
export const shiftedClock = (now: number, offsetSeconds: number, driftPpm: number): number =>
  now * (1 + driftPpm * 1e-6) + offsetSeconds;
