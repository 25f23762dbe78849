export type { FrequencyBand } from "./band.ts";
export { bandMean } from "./band-mean.ts";
export { BandedGpdcPlan } from "./banded-gpdc-plan.ts";
export { type BlockGrangerOptions, blockGranger, conditionalGranger } from "./conditional-granger.ts";
export { dDtf, dtf, ffDtf, gdtf } from "./dtf.ts";
export { frequencyGrid } from "./frequency-grid.ts";
export { gpdc, pdc } from "./gpdc.ts";
export { GpdcPlan, PdcPlan } from "./gpdc-plan.ts";
export { blockGrangerFromGram, type LaggedGram, reverseLaggedGram } from "./gram-granger.ts";
export {
  conditionalGrangerSpectral,
  type GrangerSpectralOptions,
  grangerSpectral,
} from "./granger-spectral.ts";
export { type InformationFlowOptions, informationFlow } from "./information-flow.ts";
export { type InterPersonMean, interPersonMean } from "./inter-person-mean.ts";
export { ipdc } from "./ipdc.ts";
export { modelAutocovariance, modelLaggedCovariance } from "./model-autocovariance.ts";
export {
  type CrossSpectrum,
  modelCoherence,
  modelPartialCoherence,
  modelSpectrum,
} from "./model-coherence.ts";
export { type GpdcNullFloor, gpdcNullFloor, type NullFloorOptions } from "./null-floor.ts";
export type { CouplingMeasure, CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";
export {
  type DirectionOptions,
  type TimeReversedDifference,
  timeReversedDifference,
  timeReversedDifferenceFromGram,
  timeReversedModel,
} from "./time-reversal.ts";
