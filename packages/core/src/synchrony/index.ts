export {
  type ArousalPeakOptions,
  type ArousalSeries,
  arousalComposite,
  arousalPeaks,
} from "./arousal.ts";
export { type AutoregressiveResiduals, autoregressiveResiduals } from "./autoregressive-residuals.ts";
export { type BeatCoincidence, type BeatCoincidenceOptions, beatCoincidence } from "./beat-coincidence.ts";
export {
  type BreathingLeak,
  type BreathingLeakOptions,
  breathingLeak,
  ecgBaseline,
} from "./breathing-leak.ts";
export { centreSeries, standardiseSeries } from "./centre-series.ts";
export {
  type ConcordanceIndex,
  type ConcordanceIndexOptions,
  concordanceIndex,
} from "./concordance-index.ts";
export type { WindowedCovariationOptions } from "./covariation-grid.ts";
export {
  type CircularShiftNullOptions,
  type CovariationNull,
  type CovariationStatistic,
  circularShiftNull,
  type PhaseRandomisedNullOptions,
  phaseRandomisedNull,
  type SegmentShuffleNullOptions,
  segmentShuffleNull,
} from "./covariation-null.ts";
export {
  type CrossTalk,
  type CrossTalkOptions,
  type CrossTalkVerdict,
  crossTalk,
  type HeartTrace,
} from "./cross-talk.ts";
export { type Crqa, type CrqaOptions, crqa } from "./crqa.ts";
export { type EcgLeak, type EcgLeakOptions, ecgLeak } from "./ecg-leak.ts";
export {
  type EventLockedOptions,
  type EventLockedPartner,
  eventLockedPartner,
} from "./event-locked-partner.ts";
export { fisherZ } from "./fisher-z.ts";
export { argmaxLag, pickPeak } from "./lag-peaks.ts";
export {
  type LaggedCorrelation,
  type LaggedCorrelationOptions,
  laggedCorrelation,
} from "./lagged-correlation.ts";
export { type CovariationOptions, covariation, detrendedCovariation } from "./pair-correlation.ts";
export { type DeclaredMeasure, evaluateMeasure, primaryMeasure } from "./primary-measure.ts";
export { type PseudoDyads, pseudoDyadGroupNull, pseudoDyadNull, pseudoDyads } from "./pseudo-dyads.ts";
export { StateAccumulators, type StateSummary } from "./state-accumulators.ts";
export { Moments, type StateContrast, type StateMoments, stateContrast } from "./state-moments.ts";
export {
  type StateSplit,
  type StateSplitOptions,
  splitByState,
  stateStream,
  type ValuedWindows,
} from "./state-split.ts";
export {
  type CovariationWindow,
  StreamingCovariation,
  type StreamingCovariationOptions,
} from "./streaming-covariation.ts";
export { type Susy, type SusyMeasure, type SusyOptions, susy } from "./susy.ts";
export {
  type WaveletCoherence,
  type WaveletCoherenceOptions,
  waveletCoherence,
} from "./wavelet-coherence.ts";
export { type CovariationCoherence, type WelchCoherenceOptions, welchCoherence } from "./welch-coherence.ts";
export {
  type WindowedCrossCorrelation,
  type WindowedCrossCorrelationOptions,
  type WindowLags,
  windowedCrossCorrelation,
} from "./windowed-cross-correlation.ts";
export { type CrqaWindow, type WindowedCrqaOptions, windowedCrqa } from "./windowed-crqa.ts";
