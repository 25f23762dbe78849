export { BEAT_SETTINGS, type BeatSettings } from "./beat-settings.ts";
export { detectRPeaks } from "./detect-r-peaks.ts";
export type { RPeak } from "./r-peak.ts";
export { RPeakDetector, type RPeakDetectorOptions } from "./r-peak-detector.ts";
