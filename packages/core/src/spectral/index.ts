export { type BandPowerOptions, bandPower } from "./band-power.ts";
export { type Detrend, detrend } from "./detrend.ts";
export { FftPlan } from "./fft.ts";
export { type AnalyticSignal, HilbertPlan, hilbert } from "./hilbert.ts";
export { type PowerSpectrum, type WelchOptions, welch } from "./welch.ts";
export { type WindowName, windowFunction } from "./window-function.ts";
