import {
  createByteDevice,
  type DeviceType,
  type Discovered,
  listSerialPorts,
  type SerialPortInfo,
  SerialTransport,
} from "@attune/device-kit";
import { Shimmer3Protocol } from "./protocol.ts";
import { type Shimmer3Settings, shimmer3Settings } from "./settings.ts";

/** Ignored on Bluetooth serial; a port must be given one. */
const BAUD_RATE = 115_200;

/** Ports that carry the sensor's name (macOS), or that are bound Bluetooth links, of which one may lead to a Shimmer3. */
export function discoverShimmers(ports: readonly SerialPortInfo[]): readonly Discovered[] {
  const isNamed = (path: string) => /shimmer3/i.test(path);
  const isBluetooth = (path: string) => /^\/dev\/rfcomm\d+$/.test(path);
  return ports
    .filter(({ path }) => isNamed(path) || isBluetooth(path))
    .map(({ path }) => ({
      device: "shimmer3",
      title: isNamed(path) ? `Shimmer3 on ${path}` : `Bluetooth device (a Shimmer3?) on ${path}`,
      settings: { port: path },
      streams: [],
    }));
}

/** Shimmer3 with an ExG board over Bluetooth serial. */
export const shimmer3: DeviceType<Shimmer3Settings> = {
  name: "shimmer3",
  title: "Shimmer3 ECG",
  settings: shimmer3Settings,
  create: (id, settings, context) =>
    createByteDevice({
      id,
      transport: new SerialTransport({ path: settings.port, baudRate: BAUD_RATE }),
      protocol: new Shimmer3Protocol(settings),
      context,
    }),
  discover: async () => discoverShimmers(await listSerialPorts()),
};
