export { type ChannelSetup, CYTON_GAINS, type CytonGain, GainTracker } from "./channel-setup.ts";
export { CytonCodec, type CytonCodecOptions } from "./codec.ts";
export { openbciCyton } from "./device-type.ts";
export { kilohmsOfMicrovolts } from "./impedance.ts";
export { CytonProtocol } from "./protocol.ts";
export { type OpenbciCytonSettings, openbciCytonSettings } from "./settings.ts";
export { CytonSimulator, type CytonSimulatorOptions } from "./simulator.ts";
