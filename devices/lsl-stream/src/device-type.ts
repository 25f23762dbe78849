import type { DeviceType } from "@attune/device-kit";
import { discover } from "./discover.ts";
import { LslDevice } from "./lsl-device.ts";
import { type LslStreamSettings, lslStreamSettings } from "./settings.ts";

/** Any stream of Lab Streaming Layer, from whatever sends it. */
export const lslStream: DeviceType<LslStreamSettings> = {
  name: "lsl",
  title: "Lab Streaming Layer stream (EGI, Brain Products, BioSemi, ANT, Tobii, Pupil, markers ...)",
  settings: lslStreamSettings,
  create: (id, settings, context) => new LslDevice(id, settings, context),
  discover,
};
