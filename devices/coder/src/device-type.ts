import type { DeviceContext, DeviceType } from "@attune/device-kit";
import { type CoderDevice, createCoder } from "./coder-device.ts";
import { type CoderSettings, coderSettings } from "./settings.ts";

/** As any device, but what it creates also takes keys. */
export interface CoderDeviceType extends DeviceType<CoderSettings> {
  create(id: string, settings: CoderSettings, context: DeviceContext): CoderDevice;
}

/** Live behaviour coding by one or two people at a keyboard. */
export const coderDevice: CoderDeviceType = {
  name: "coder",
  title: "Live behaviour coding with keys",
  settings: coderSettings,
  create: createCoder,
};
