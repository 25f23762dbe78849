export { type BoutStatistics, boutStatistics } from "./bouts.ts";
export {
  type Contingency,
  type ContingencyOptions,
  contingency,
  RESPONSE_WINDOWS_SECONDS,
} from "./contingency.ts";
export {
  type CorrelogramOptions,
  type EventCrossCorrelogram,
  eventCrossCorrelogram,
} from "./event-cross-correlogram.ts";
export { type EventLockedMean, type EventLockedMeanOptions, eventLockedMean } from "./event-locked-mean.ts";
export {
  type EventLockedResponse,
  type EventLockedResponseOptions,
  eventLockedResponse,
} from "./event-locked-response.ts";
export { rotateEvents, shuffleGaps } from "./event-surrogates.ts";
export {
  bridgePauses,
  dropShort,
  intersectIntervals,
  observedTime,
  subtractIntervals,
  uniteIntervals,
} from "./interval-algebra.ts";
export { type Intervals, intervals, isWithin, seenTimes, totalSeconds } from "./intervals.ts";
export { type JointStates, jointStates } from "./joint-states.ts";
export { type LagTable, type LagTableOptions, lagTables } from "./lag-tables.ts";
export type { SampledSeries } from "./locked-epochs.ts";
export { type MutualGazeStatistics, mutualGazeStatistics, type WhoCounts } from "./mutual-gaze.ts";
export { ObservedClock } from "./observed-clock.ts";
export { type HazardPart, type OffsetHazard, offsetHazard } from "./offset-hazard.ts";
export { type PooledLogOdds, poolLogOddsRatios } from "./pool-log-odds.ts";
export { type RateRatio, rateRatio } from "./rate-ratio.ts";
export { type RateInState, ratesByState } from "./rates-by-state.ts";
export {
  type ResponseLatencies,
  type ResponseLatencyOptions,
  responseLatencies,
} from "./response-latency.ts";
export { type ServeAndReturn, type ServeOptions, serveAndReturn } from "./serve-and-return.ts";
export { type SimultaneousBand, simultaneousBand } from "./simultaneous-band.ts";
export { STATE_WORDS } from "./state-words.ts";
export { type EventNull, type EventTest, type EventTestOptions, testEvents } from "./test-events.ts";
export { type TidyIntervals, type TidyOptions, tidyIntervals } from "./tidy-intervals.ts";
export { type TurnOptions, type TurnTaking, turnTaking, turnTakingByKind } from "./turns.ts";
export { type TwoByTwo, twoByTwo } from "./two-by-two.ts";
