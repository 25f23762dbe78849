export { BitalinoCodec, type BitalinoCodecOptions } from "./codec.ts";
export { bitalino } from "./device-type.ts";
export { BitalinoProtocol } from "./protocol.ts";
export { type BitalinoSettings, bitalinoSettings } from "./settings.ts";
export { BitalinoSimulator, type BitalinoSimulatorOptions } from "./simulator.ts";
