export { Shimmer3Codec, type Shimmer3CodecOptions } from "./codec.ts";
export { shimmer3 } from "./device-type.ts";
export { Shimmer3Protocol } from "./protocol.ts";
export { type Shimmer3Settings, shimmer3Settings } from "./settings.ts";
export { Shimmer3Simulator, type Shimmer3SimulatorOptions } from "./simulator.ts";
