import {
  createSerialDevice,
  type DeviceType,
  type Discovered,
  listSerialPorts,
  proposeBluetoothPorts,
  type SerialPortInfo,
} from "@attune/device-kit";
import { BitalinoProtocol } from "./protocol.ts";
import { type BitalinoSettings, bitalinoSettings } from "./settings.ts";

const BAUD_RATE = 115_200;

/** Ports that carry the board's name (macOS), or that are bound Bluetooth links, of which one may lead to a BITalino. */
export const discoverBitalinos = (ports: readonly SerialPortInfo[]): readonly Discovered[] =>
  proposeBluetoothPorts("bitalino", ports, "BITalino");

/** BITalino (r)evolution over Bluetooth serial or USB serial at 115200 baud. */
export const bitalino: DeviceType<BitalinoSettings> = {
  name: "bitalino",
  title: "BITalino (r)evolution (1 to 6 channels)",
  settings: bitalinoSettings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: BAUD_RATE,
      protocol: new BitalinoProtocol(settings),
      context,
    }),
  discover: async () => discoverBitalinos(await listSerialPorts()),
};
