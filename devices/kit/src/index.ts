export * from "./codec.ts";
export type * from "./device.ts";
export type * from "./device-type.ts";
export type * from "./lifecycle.ts";
export type * from "./transport.ts";
