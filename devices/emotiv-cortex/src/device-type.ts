import type { DeviceType } from "@attune/device-kit";
import { CortexDevice } from "./cortex-device.ts";
import { type EmotivCortexSettings, emotivCortexSettings } from "./settings.ts";

/** EMOTIV headsets: EPOC X, EPOC+, Insight, Flex. */
export const emotivCortex: DeviceType<EmotivCortexSettings> = {
  name: "emotiv-cortex",
  title: "EMOTIV headset (Cortex)",
  settings: emotivCortexSettings,
  create: (id, settings, context) => new CortexDevice(id, settings, context),
};
