export { CortexDevice } from "./cortex-device.ts";
export * from "./cortex-message.ts";
export { emotivCortex } from "./device-type.ts";
export { type EmotivCortexSettings, emotivCortexSettings } from "./settings.ts";
export { FakeCortex, type FakeCortexOptions } from "./simulator/fake-cortex.ts";
