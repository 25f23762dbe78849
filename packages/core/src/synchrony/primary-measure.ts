import type { WindowedCrossCorrelationOptions } from "./windowed-cross-correlation.ts";
import { type WindowedCrossCorrelation, windowedCrossCorrelation } from "./windowed-cross-correlation.ts";

/** The one measure that a study tests without correction, declared before the data are seen. */
export interface DeclaredMeasure {
  readonly id: string;
  /** What both members contribute. */
  readonly series: "interbeat-interval" | "rsa" | "arousal" | "movement";
  /** In words, for reports. */
  readonly description: string;
  readonly options: WindowedCrossCorrelationOptions;
}

/**
 * The default primary measure: mean Fisher z, over windows and over lags of -3 to 3 s, of the windowed
 * cross-correlation of the inter-beat intervals at 1 Hz, with the least-squares line of each window taken out.
 *
 * Signed, so that it is 0 without covariation, unlike any maximum over lags. The windows lose their lines rather
 * than the session, so that the live value and the one from the file are the same number. The window of lags
 * is that of Feldman and others, Infant Behav Dev 34:569 (2011), who found mothers' and infants' hearts coupled at lags
 * below 1 s. All other measures are exploratory: adjust them together with `benjaminiHochberg`.
 */
export const primaryMeasure: DeclaredMeasure = {
  id: "wlcc-mean-z-ibi-1hz-lag-3s",
  series: "interbeat-interval",
  description:
    "mean Fisher z of windowed cross-correlation (30 s windows without their lines, step 10 s, lags -3 to 3 s) of inter-beat intervals at 1 Hz",
  options: {
    samplingRate: 1,
    windowSeconds: 30,
    stepSeconds: 10,
    maxLagSeconds: 3,
    anchor: "latest",
    removeLine: true,
  },
};

/**
 * The declared measure of one dyad: `meanZ` of the result is its value. Use it as the statistic of a null.
 *
 * @param a `[nSamples]`, the adult's series at the declared rate, NaN where missing
 * @param b `[nSamples]`, the infant's, on the same grid
 * @throws ShapeError when the lengths differ
 */
export function evaluateMeasure(
  a: Float64Array,
  b: Float64Array,
  measure: DeclaredMeasure = primaryMeasure,
): WindowedCrossCorrelation {
  return windowedCrossCorrelation(a, b, measure.options);
}
