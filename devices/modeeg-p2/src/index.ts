export * from "./codec.ts";
export * from "./device-type.ts";
export * from "./frame.ts";
export * from "./protocol.ts";
export * from "./settings.ts";
export * from "./simulator.ts";
