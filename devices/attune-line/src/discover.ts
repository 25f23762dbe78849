import { type Discovered, proposePorts, type SerialPortInfo } from "@attune/device-kit";

/**
 * USB vendors of Arduinos and of the boards and serial bridges that pass for them: Arduino, Arduino.org, CH340 on clones,
 * CP210x and Espressif on ESP32 boards.
 */
const VENDORS = ["2341", "2a03", "1a86", "10c4", "303a"];
/** The FT232R of older Arduinos. The other bridge of this vendor, FT231X, is proposed as an OpenBCI dongle. */
const FTDI = "0403";
const FT232R = "6001";
/** Serial numbers of an FT231X; where the ids are not known they tell it from an FT232R. */
const FT231X_SERIAL = /^D[A-Z0-9]{7}$/;

/** Whether a port may be an Arduino, by what it says of itself on USB. */
export function looksLikeArduino({
  vendorId,
  productId,
  manufacturer,
  serialNumber,
}: SerialPortInfo): boolean {
  if (vendorId !== undefined)
    return VENDORS.includes(vendorId) || (vendorId === FTDI && productId === FT232R);
  if (/FTDI/i.test(manufacturer ?? "")) return !FT231X_SERIAL.test(serialNumber ?? "");
  return /arduino|^1a86$|silicon|espressif/i.test(manufacturer ?? "");
}

/**
 * Ports that may be an Arduino. What sketch is on it is known only when it is opened, which would restart it: each port is
 * proposed once, as `attune-line`, and its title says what else it may be.
 */
export const discoverArduinos = (ports: readonly SerialPortInfo[]): readonly Discovered[] =>
  proposePorts("attune-line", ports, (port) =>
    looksLikeArduino(port)
      ? `Arduino or the like on ${port.path} (attune-line by its sketch; else modeeg-p2 or ad8232-plain)`
      : undefined,
  );
