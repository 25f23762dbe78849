export type { BeatMark } from "./beat-train.ts";
export { type BerntsonArtefacts, berntsonArtefacts } from "./berntson.ts";
export {
  type CorrectedIntervals,
  type CorrectionMethod,
  type CorrectionOptions,
  correctInterbeatIntervals,
} from "./correct-intervals.ts";
export { type EpochQuality, type EpochQualityOptions, epochQuality } from "./epoch-quality.ts";
export { GatedIntervals } from "./gated-intervals.ts";
export { type InterbeatIntervals, interbeatIntervals } from "./interbeat-intervals.ts";
export type { IntervalMark } from "./interval-marks.ts";
export { type LipponenTarvainenArtefacts, lipponenTarvainenArtefacts } from "./lipponen-tarvainen.ts";
export { type GateMark, type InterbeatDecision, OnlineInterbeatGate } from "./online-gate.ts";
export { type Population, type PopulationLimits, populationLimits } from "./population.ts";
