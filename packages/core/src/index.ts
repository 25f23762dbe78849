/**
 * Numbers in, numbers out. No I/O, no clock, no randomness but a seeded one that is passed in.
 * One folder, one subject; inside a folder, one file, one idea.
 */
export * from "./cardiac/index.ts";
export * from "./clock/index.ts";
export * from "./coupling/index.ts";
export * from "./errors.ts";
export * from "./events/index.ts";
export * from "./filter/index.ts";
export * from "./linalg/index.ts";
export * from "./models/index.ts";
export * from "./mvar/index.ts";
export * from "./pairing/index.ts";
export * from "./phase/index.ts";
export * from "./quality/index.ts";
export * from "./random/index.ts";
export * from "./resample/index.ts";
export * from "./spectral/index.ts";
export * from "./statistics/index.ts";
export * from "./surrogate/index.ts";
export * from "./synchrony/index.ts";
export * from "./voice/index.ts";
