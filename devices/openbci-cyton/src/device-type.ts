import {
  createSerialDevice,
  type DeviceType,
  type Discovered,
  listSerialPorts,
  proposePorts,
  type SerialPortInfo,
} from "@attune/device-kit";
import { CytonProtocol } from "./protocol.ts";
import { type OpenbciCytonSettings, openbciCytonSettings } from "./settings.ts";

const BAUD_RATE = 115_200;
/** USB ids of the FT231X bridge in the dongle. Other devices carry the same bridge. */
const FTDI = "0403";
const FT231X = "6015";

/** Whether a port may be an OpenBCI dongle, by what it says of itself on USB. */
export function looksLikeDongle(port: SerialPortInfo): boolean {
  const hasIds = port.vendorId === FTDI && port.productId === FT231X;
  // Where the ids are not known: FTDI by name, and the serial numbers of OpenBCI's bridges, which begin with D.
  const hasName = /FTDI/i.test(port.manufacturer ?? "") && /^D[A-Z0-9]{7}$/.test(port.serialNumber ?? "");
  return hasIds || (port.vendorId === undefined && hasName);
}

/** Ports that may be an OpenBCI dongle; whether a board answers is known only when one is opened. */
export const discoverDongles = (ports: readonly SerialPortInfo[]): readonly Discovered[] =>
  proposePorts("openbci-cyton", ports, (port) =>
    looksLikeDongle(port) ? `OpenBCI dongle (or another FTDI adapter) on ${port.path}` : undefined,
  );

/** OpenBCI Cyton, alone or with the Daisy module, over its USB dongle at 115200 baud. */
export const openbciCyton: DeviceType<OpenbciCytonSettings> = {
  name: "openbci-cyton",
  title: "OpenBCI Cyton (8 or 16 channels)",
  settings: openbciCytonSettings,
  create: (id, settings, context) =>
    createSerialDevice({
      id,
      port: settings.port,
      baudRate: BAUD_RATE,
      protocol: new CytonProtocol(settings),
      context,
    }),
  discover: async () => discoverDongles(await listSerialPorts()),
};
