import { createByteDevice } from "./byte-device.ts";
import type { ByteProtocol } from "./byte-protocol.ts";
import type { Device } from "./device.ts";
import type { DeviceContext, Discovered } from "./device-type.ts";
import type { SerialPortInfo } from "./serial-platform.ts";
import { SerialTransport } from "./serial-transport.ts";

export interface SerialDeviceOptions {
  readonly id: string;
  /** Path of the serial port. */
  readonly port: string;
  readonly baudRate: number;
  readonly protocol: ByteProtocol;
  readonly context: DeviceContext;
}

/** `createByteDevice` on a serial port. */
export function createSerialDevice({ port, baudRate, ...rest }: SerialDeviceOptions): Device {
  return createByteDevice({ ...rest, transport: new SerialTransport({ path: port, baudRate }) });
}

/**
 * The ports that may lead to a device, as `DeviceType.discover` hands them on. Whether it answers is known only when one
 * is opened.
 * @param device  `DeviceType.name`
 * @param titleOf what a port may be, for people; undefined where it is nothing of the kind
 */
export function proposePorts(
  device: string,
  ports: readonly SerialPortInfo[],
  titleOf: (port: SerialPortInfo) => string | undefined,
): Discovered[] {
  return ports.flatMap((port) => {
    const title = titleOf(port);
    return title === undefined ? [] : [{ device, title, settings: { port: port.path }, streams: [] }];
  });
}

/**
 * The same for a sensor over Bluetooth serial: ports that carry its name (macOS), and bound Bluetooth links (Linux), of which
 * one may lead to it.
 * @param name as it stands in the path of the port, in any case; and in the titles
 */
export function proposeBluetoothPorts(
  device: string,
  ports: readonly SerialPortInfo[],
  name: string,
): Discovered[] {
  return proposePorts(device, ports, ({ path }) => {
    if (path.toLowerCase().includes(name.toLowerCase())) return `${name} on ${path}`;
    return /^\/dev\/rfcomm\d+$/.test(path) ? `Bluetooth device (a ${name}?) on ${path}` : undefined;
  });
}
