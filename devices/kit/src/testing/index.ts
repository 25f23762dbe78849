export * from "./codec-frames.ts";
export * from "./device-bench.ts";
export * from "./misplaced.ts";
export * from "./pty-bench.ts";
