import type { RecordingRequest } from "@attune/study";

/** How the running estimate behaves in `demo` and `replay`: it forgets over half a minute of clean windows. */
export const liveSettings: NonNullable<RecordingRequest["live"]> = {
  forgettingSeconds: 30,
  solveEverySeconds: 0.5,
  nullEverySeconds: 15,
  nSurrogates: 59,
  bankWindows: 60,
};
