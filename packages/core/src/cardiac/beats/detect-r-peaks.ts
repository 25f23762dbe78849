import type { RPeak } from "./r-peak.ts";
import { RPeakDetector, type RPeakDetectorOptions } from "./r-peak-detector.ts";

/**
 * All beats of a recorded electrocardiogram: `RPeakDetector` over the whole array, with its end flushed. The times are those
 * that a live session would have found, and `emittedAt` says when it would have known them.
 *
 * @param samples one channel, any unit, either polarity; NaN marks missing samples
 * @throws OptionError
 */
export function detectRPeaks(samples: Float64Array, options: RPeakDetectorOptions): RPeak[] {
  const beats: RPeak[] = [];
  const detector = new RPeakDetector(options);
  const keep = (beat: RPeak): void => {
    beats.push(beat);
  };
  detector.push(samples, samples.length, keep);
  detector.flush(keep);
  return beats;
}
