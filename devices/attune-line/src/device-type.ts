import { createSerialDevice, type DeviceType, listSerialPorts } from "@attune/device-kit";
import { discoverArduinos } from "./discover.ts";
import { lineProtocol } from "./protocol.ts";
import { type LineSettings, lineSettings } from "./settings.ts";

/** Any microcontroller that sends `#ATTUNE` lines; the folder holds the sketch for an Uno with an AD8232. */
export const attuneLine: DeviceType<LineSettings> = {
  name: "attune-line",
  title: "Attune lines over serial (Arduino with AD8232, any microcontroller)",
  settings: lineSettings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: settings.baudRate,
      protocol: lineProtocol(settings),
      context,
    }),
  discover: async () => discoverArduinos(await listSerialPorts()),
};
