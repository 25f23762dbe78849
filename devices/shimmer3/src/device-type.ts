import {
  createSerialDevice,
  type DeviceType,
  type Discovered,
  listSerialPorts,
  proposeBluetoothPorts,
  type SerialPortInfo,
} from "@attune/device-kit";
import { Shimmer3Protocol } from "./protocol.ts";
import { type Shimmer3Settings, shimmer3Settings } from "./settings.ts";

/** Ignored on Bluetooth serial; a port must be given one. */
const BAUD_RATE = 115_200;

/** Ports that carry the sensor's name (macOS), or that are bound Bluetooth links, of which one may lead to a Shimmer3. */
export const discoverShimmers = (ports: readonly SerialPortInfo[]): readonly Discovered[] =>
  proposeBluetoothPorts("shimmer3", ports, "Shimmer3");

/** Shimmer3 with an ExG board over Bluetooth serial. */
export const shimmer3: DeviceType<Shimmer3Settings> = {
  name: "shimmer3",
  title: "Shimmer3 ECG",
  settings: shimmer3Settings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: BAUD_RATE,
      protocol: new Shimmer3Protocol(settings),
      context,
    }),
  discover: async () => discoverShimmers(await listSerialPorts()),
};
