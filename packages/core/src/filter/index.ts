export { biquadCoefficients, filterBiquads } from "./biquads.ts";
export { type ButterworthOptions, butterworth, type FilterKind } from "./butterworth.ts";
export { type FrequencyResponse, frequencyResponse } from "./frequency-response.ts";
export { sosfiltInitialState } from "./initial-state.ts";
export { type NotchOptions, notch } from "./notch.ts";
export { concatenateSections } from "./sections.ts";
export { settlingSamples } from "./settling.ts";
export { SosCascade } from "./sos-cascade.ts";
export { type SosfiltfiltOptions, sosfiltfilt } from "./sosfiltfilt.ts";
