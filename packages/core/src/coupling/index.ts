export type { FrequencyBand } from "./band.ts";
export { bandMean } from "./band-mean.ts";
export { BandedGpdcPlan } from "./banded-gpdc-plan.ts";
export { type BlockCoherenceOptions, modelBlockCoherence } from "./block-coherence.ts";
export { type BlockGrangerOptions, blockGranger, conditionalGranger } from "./conditional-granger.ts";
export { dDtf08 } from "./ddtf08.ts";
export { dDtf, dtf, ffDtf, gdtf } from "./dtf.ts";
export { ffPdc } from "./ffpdc.ts";
export { frequencyGrid } from "./frequency-grid.ts";
export { gpdc, pdc } from "./gpdc.ts";
export { GpdcPlan, PdcPlan } from "./gpdc-plan.ts";
export { blockGrangerFromGram, type LaggedGram, reverseLaggedGram } from "./gram-granger.ts";
export {
  conditionalGrangerSpectral,
  type GrangerSpectralOptions,
  grangerSpectral,
} from "./granger-spectral.ts";
export { idtf } from "./idtf.ts";
export { type InformationFlowOptions, informationFlow } from "./information-flow.ts";
export { type InterPersonMean, interPersonMean } from "./inter-person-mean.ts";
export { ipdc } from "./ipdc.ts";
export { modelAutocovariance, modelLaggedCovariance } from "./model-autocovariance.ts";
export {
  type CrossSpectrum,
  modelCoherence,
  modelPartialCoherence,
  modelPartialCoherency,
  modelSpectrum,
} from "./model-coherence.ts";
export {
  type MultipleCoherence,
  type MultipleCoherenceOptions,
  modelMultipleCoherence,
} from "./multiple-coherence.ts";
export { type NetworkSummary, type NetworkSummaryOptions, networkSummary } from "./network-summary.ts";
export { type GpdcNullFloor, gpdcNullFloor, type NullFloorOptions } from "./null-floor.ts";
export { pdcf } from "./pdcf.ts";
export type { CouplingMeasure, CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";
export {
  type DirectionOptions,
  type TimeReversedDifference,
  timeReversedDifference,
  timeReversedDifferenceFromGram,
  timeReversedModel,
} from "./time-reversal.ts";
