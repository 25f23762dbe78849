export { ArrivalClock, type ArrivalClockOptions } from "./arrival-clock.ts";
export { CausalClock, CLOCK_DOUBTFUL, CLOCK_GOOD } from "./causal-clock.ts";
export { type ClockLine, clockOffsetAt, clockResidual, fitClockHuber, fitClockMedian } from "./clock-line.ts";
export {
  type ClockFit,
  type ClockRange,
  fitClockModel,
  isLastOffsetOdd,
  splitClockResets,
  splitSamplesAtResets,
} from "./clock-model.ts";
export {
  type DejitteredStamps,
  dejitterPyxdf,
  type StampCut,
  type StampExcursion,
  type StampSegment,
} from "./dejitter.ts";
export { dejitterGapAware } from "./dejitter-gap-aware.ts";
export { LslDejitter } from "./lsl-dejitter.ts";
export { RecentOffsets } from "./recent-offsets.ts";
