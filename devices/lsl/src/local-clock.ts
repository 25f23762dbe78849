/**
 * The host's monotonic clock in seconds, the same in every thread. On Linux this is CLOCK_MONOTONIC and equals
 * `lsl_local_clock` of liblsl; on Windows and macOS it is the system's monotonic clock too, there untested against liblsl.
 */
export function localClock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9;
}
