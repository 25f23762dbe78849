import {
  createByteDevice,
  type DeviceType,
  type Discovered,
  listSerialPorts,
  type SerialPortInfo,
  SerialTransport,
} from "@attune/device-kit";
import { BitalinoProtocol } from "./protocol.ts";
import { type BitalinoSettings, bitalinoSettings } from "./settings.ts";

const BAUD_RATE = 115_200;

/** Ports that carry the board's name (macOS), or that are bound Bluetooth links, of which one may lead to a BITalino. */
export function discoverBitalinos(ports: readonly SerialPortInfo[]): readonly Discovered[] {
  const isNamed = (path: string) => /bitalino/i.test(path);
  const isBluetooth = (path: string) => /^\/dev\/rfcomm\d+$/.test(path);
  return ports
    .filter(({ path }) => isNamed(path) || isBluetooth(path))
    .map(({ path }) => ({
      device: "bitalino",
      title: isNamed(path) ? `BITalino on ${path}` : `Bluetooth device (a BITalino?) on ${path}`,
      settings: { port: path },
      streams: [],
    }));
}

/** BITalino (r)evolution over Bluetooth serial or USB serial at 115200 baud. */
export const bitalino: DeviceType<BitalinoSettings> = {
  name: "bitalino",
  title: "BITalino (r)evolution (1 to 6 channels)",
  settings: bitalinoSettings,
  create: (id, settings, context) =>
    createByteDevice({
      id,
      transport: new SerialTransport({ path: settings.port, baudRate: BAUD_RATE }),
      protocol: new BitalinoProtocol(settings),
      context,
    }),
  discover: async () => discoverBitalinos(await listSerialPorts()),
};
