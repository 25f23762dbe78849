export { type Breath, BreathFinder, type BreathFinderOptions, findBreaths } from "./breath-finder.ts";
export {
  type EcgDerivedRespiration,
  type EcgDerivedRespirationOptions,
  ecgDerivedRespiration,
} from "./ecg-derived-respiration.ts";
export { type RespirationEpoch, respirationEpochs } from "./respiration-epochs.ts";
