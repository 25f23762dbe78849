export * from "./beats/index.ts";
export * from "./impedance/index.ts";
export * from "./interbeat/index.ts";
export * from "./respiration/index.ts";
export * from "./rsa/index.ts";
export * from "./series/index.ts";
