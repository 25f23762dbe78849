/** The layer that says whether a session is paused; windows in a pause are not used. */
export const PAUSE_LAYER = {
  person: "session",
  layer: "pause",
  running: "running",
  paused: "paused",
} as const;
