import { createSerialDevice, type DeviceType } from "@attune/device-kit";
import { plainProtocol } from "./protocol.ts";
import { type PlainSettings, plainSettings } from "./settings.ts";

/** An Arduino with SparkFun's AD8232 example, for demonstrations: it says loudly that it is not fit for R-R intervals. */
export const ad8232Plain: DeviceType<PlainSettings> = {
  name: "ad8232-plain",
  title: "AD8232 with SparkFun's example sketch (demonstrations only)",
  settings: plainSettings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: settings.baudRate,
      protocol: plainProtocol(settings, context),
      context,
    }),
};
