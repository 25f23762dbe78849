import { createSerialDevice, type DeviceType } from "@attune/device-kit";
import { p2Protocol } from "./protocol.ts";
import { type P2Settings, p2Settings } from "./settings.ts";

/** Boards that send ModularEEG P2 frames. */
export const modeegP2: DeviceType<P2Settings> = {
  name: "modeeg-p2",
  title: "ModularEEG P2 (OpenEEG, Olimex EKG-EMG shield and EEG-SMT)",
  settings: p2Settings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: settings.baudRate,
      protocol: p2Protocol(settings, context),
      context,
    }),
};
