export { type RsaBand, rsaBand } from "./bands.ts";
export {
  type HeartRateVariability,
  heartRateVariability,
  heartRateVariabilityEpochs,
  type VariabilityEpoch,
} from "./heart-rate-variability.ts";
export { type Breaths, type PeakToTrough, rsaPeakToTrough } from "./peak-to-trough.ts";
export { neurokitRsaOffset, type RsaEpochs, type RsaOptions, rsaPorgesBohrer } from "./porges-bohrer.ts";
export {
  PorgesBohrerFilter,
  type PorgesBohrerOptions,
  rsaFrequencyResponse,
} from "./porges-bohrer-filter.ts";
export { type Reactivity, reactivity } from "./reactivity.ts";
export { SlidingRmssd, type SlidingRmssdValues, slidingRmssd } from "./sliding-rmssd.ts";
export { SlidingRsa, type SlidingRsaOptions, slidingRsa } from "./sliding-rsa.ts";
export { rsaSpectral, type SpectralRsa, type SpectralRsaOptions } from "./spectral-rsa.ts";
