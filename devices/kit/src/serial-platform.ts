import { readdir, readlink, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DeviceError } from "./errors.ts";

/**
 * What differs between operating systems about serial ports. Tested on Linux; the sentences for Windows (`COM3`) and macOS
 * (`/dev/tty.usb...`) follow the documentation of serialport and are untested.
 */

/** What is known about a serial port without opening it. */
export interface SerialPortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  /** Four hexadecimal digits, lower case. */
  readonly vendorId?: string;
  readonly productId?: string;
  readonly serialNumber?: string;
}

/** Linux device files that are serial adapters: USB bridges, boards with a USB port of their own, bound Bluetooth links. */
const LINUX_PORTS = /^(tty(USB|ACM)\d+|rfcomm\d+)$/;
const BY_ID = "/dev/serial/by-id";

/**
 * Serial ports as the Linux file system names them, for machines without `udevadm`. A link in `/dev/serial/by-id`
 * (`usb-FTDI_FT231X_USB_UART_DM00Q0QN-if00-port0`) tells manufacturer, product and serial number.
 * @param folder the device folder, `/dev`
 */
export async function listLinuxPorts(folder = "/dev", byId = BY_ID): Promise<SerialPortInfo[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => LINUX_PORTS.test(name)).sort();
  const named = new Map<string, SerialPortInfo>();
  for (const link of await readdir(byId).catch(() => [])) {
    const target = await readlink(resolve(byId, link)).catch(() => undefined);
    if (target) named.set(resolve(byId, target), { path: resolve(byId, target), ...readByIdName(link) });
  }
  for (const file of files) {
    const path = resolve(folder, file);
    if (!named.has(path)) named.set(path, { path });
  }
  return [...named.values()].sort((a, b) => a.path.localeCompare(b.path, "en"));
}

/** `usb-MANUFACTURER_PRODUCT_SERIAL-ifNN[-portN]`: the first and the last word between underscores. */
function readByIdName(link: string): { manufacturer?: string; serialNumber?: string } {
  const words = /^usb-(.+?)(-if\d+)?(-port\d+)?$/.exec(link)?.[1]?.split("_") ?? [];
  const manufacturer = words[0];
  const serialNumber = words.length > 2 ? words.at(-1) : undefined;
  return { ...(manufacturer && { manufacturer }), ...(serialNumber && { serialNumber }) };
}

/** Why a port could not be opened, in words that a person can act on. */
export function explainOpenError(path: string, cause: Error): DeviceError {
  const text = cause.message;
  if (/Cannot lock port|temporarily unavailable|Access denied|busy/i.test(text))
    return new DeviceError(`${path} is in use by another program; close that program and try again.`, {
      cause,
    });
  if (/No such file|ENOENT|File not found|cannot find/i.test(text))
    return new DeviceError(
      `No serial device at ${path}; plug it in, or run "attune streams" to list the ports.`,
      { cause },
    );
  if (/Permission denied|EACCES/i.test(text))
    return new DeviceError(
      `No permission to open ${path}; on Linux add yourself to its group (sudo usermod -aG dialout $USER) and log in again.`,
      { cause },
    );
  return new DeviceError(
    `${path} could not be opened (${text}); unplug the device, plug it in and try again.`,
    {
      cause,
    },
  );
}

/**
 * Tells one device file from another that took its place; undefined when there is none. Windows has no files for its ports:
 * there it is always the same.
 */
export async function identifyPort(path: string): Promise<string | undefined> {
  if (process.platform === "win32") return path;
  const file = await stat(path).catch(() => undefined);
  return file && `${file.dev}:${file.ino}:${file.rdev}`;
}

/** Whether a port is not there, which lasts for a moment while a USB device starts anew. */
export function isAbsent(cause: Error): boolean {
  return /No such file|ENOENT|File not found|cannot find/i.test(cause.message);
}
