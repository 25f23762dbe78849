export { GridResampler } from "./grid-resampler.ts";
export type { GridResamplerOptions } from "./grid-resampler-options.ts";
export type { GridChunk } from "./grid-rows.ts";
export { resamplePoly } from "./resample-poly.ts";
