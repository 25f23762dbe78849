export * from "./directed-fit.ts";
export * from "./directions.ts";
export * from "./paired-moments.ts";
export * from "./residual-shuffle.ts";
export * from "./window-set.ts";
