export * from "./beats/index.ts";
export * from "./impedance/index.ts";
export * from "./interbeat/index.ts";
export * from "./respiration/index.ts";
export * from "./rsa/index.ts";
export * from "./series/index.ts";
export {
  ECG_SHAPES,
  type EcgShape,
  type EcgWave,
  ecgAt,
  SyntheticEcg,
  type SyntheticEcgOptions,
  type WavesOfBeats,
} from "./synthetic-ecg.ts";
