export { boxMuller, irwinHall, normal } from "./normal.ts";
export { type MutableSequence, permutation, shuffle } from "./permutation.ts";
export { counterRandom, hashSeed, philox4x32 } from "./philox.ts";
export { mulberry32, type Uniform } from "./uniform.ts";
