import { allPairsPlain, circularCorrelationMatrixPlain, plvPlain, wpliPlain } from "../peers/plain-phase.ts";
import type { PhaseKernel } from "./phase-matrix.ts";

export const plvKernel: PhaseKernel = {
  name: "plv",
  title: "(d) Phase-locking value: 32 channels, 60 epochs x 2 bands x 200 samples",
  measure: "plv",
  nChannels: 32,
  pythonCase: "plv",
  plain: (signals) => allPairsPlain(signals, plvPlain),
  targets: [{ text: "at least 2 times HyPyP" }],
  anchor:
    "HyPyP 61.8 ms, numpy batched 12.7 ms, typed JS 24.1 ms, wasm SIMD 8.0 ms, C (SSE) 7.3 ms, C (AVX-512) 3.1 ms",
};

export const circularCorrelationKernel: PhaseKernel = {
  name: "circular-correlation",
  title: "(d) Circular correlation: 64 channels, 60 epochs x 2 bands x 200 samples",
  measure: "circular-correlation",
  nChannels: 64,
  pythonCase: "circular-correlation",
  plain: circularCorrelationMatrixPlain,
  targets: [{ text: "at least 2 times HyPyP" }],
  anchor:
    "HyPyP 73 ms, numpy batched 27.5 ms, typed JS 47.5 ms, wasm SIMD 11.9 ms, C (SSE) 10.3 ms, C (AVX-512) 5.5 ms",
};

export const wpliKernel: PhaseKernel = {
  name: "wpli",
  title: "(d) Weighted phase lag index: 32 channels, 60 epochs x 2 bands x 200 samples",
  measure: "wpli",
  nChannels: 32,
  pythonCase: "wpli",
  plain: (signals) => allPairsPlain(signals, wpliPlain),
  targets: [{ text: "at least 40 times HyPyP" }],
  anchor: "HyPyP 1181 ms, typed JS 26.1 ms, wasm SIMD 4.9 ms, C (SSE) 4.4 ms, C (AVX-512) 2.1 ms",
};
