import { SerialPort } from "serialport";
import { listLinuxPorts, type SerialPortInfo } from "./serial-platform.ts";

/**
 * Serial ports that this machine has now, by path. Opens none. On a Linux without `udevadm` (many containers) the file
 * system is asked instead, which knows less about each. Pseudo-terminals are never listed.
 */
export async function listSerialPorts(): Promise<SerialPortInfo[]> {
  const ports = await SerialPort.list().catch(() => undefined);
  if (!ports) return listLinuxPorts();
  const known = ports
    // The 32 ports of a PC's old serial chips exist as files whether or not there is a chip.
    .filter((port) => !/^\/dev\/ttyS\d+$/.test(port.path) || port.vendorId)
    .map(({ path, manufacturer, vendorId, productId, serialNumber }) => ({
      path,
      ...(manufacturer && { manufacturer }),
      ...(vendorId && { vendorId: vendorId.toLowerCase() }),
      ...(productId && { productId: productId.toLowerCase() }),
      ...(serialNumber && { serialNumber }),
    }));
  // udev lists no bound Bluetooth links.
  const listed = new Set(known.map((port) => port.path));
  const others = process.platform === "linux" ? await listLinuxPorts() : [];
  return [...known, ...others.filter((port) => !listed.has(port.path))];
}
