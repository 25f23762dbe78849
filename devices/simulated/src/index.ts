export { type Bout, type PlantedBehaviour, simulateContingency } from "./hearts/behaviour.ts";
export type { HeartSettings, HeartsOptions } from "./hearts/options.ts";
export { type HeartsTruth, type SimulatedHearts, simulateHearts } from "./hearts/simulate-hearts.ts";
export type { LossBurst, MovementArtefact } from "./mishaps.ts";
export type {
  AdultGaze,
  BrokenSpan,
  DeviceOptions,
  PlantedCoupling,
  RhythmUnderGaze,
  SimulatedPerson,
  SimulationOptions,
  StimulusOptions,
} from "./options.ts";
export { ADULT_GAZE, INTERNAL_RATE } from "./options.ts";
export { type DeliveryOptions, type SimulatedDyad, simulateDyad } from "./simulate-dyad.ts";
export { type DyadMatrix, gazeName, simulateDyadMatrix } from "./simulate-dyad-matrix.ts";
export type { Presentation } from "./stimulus-program.ts";
export {
  type SimulationTruth,
  TRUTH_BANDS,
  type TrueClock,
  type TrueDirection,
  type TrueLink,
  type TrueModel,
} from "./truth.ts";
