import { expect, test } from "vitest";
import { attuneLine } from "./device-type.ts";
import { discoverArduinos } from "./discover.ts";

test("Arduinos and the like are proposed once each, and other serial adapters are not", () => {
  const found = discoverArduinos([
    { path: "/dev/ttyACM0", vendorId: "2341", productId: "0043", manufacturer: "Arduino (www.arduino.cc)" },
    { path: "/dev/ttyACM1", vendorId: "2a03", productId: "0043" },
    { path: "/dev/ttyUSB0", vendorId: "1a86", productId: "7523" },
    { path: "/dev/ttyUSB1", vendorId: "0403", productId: "6001", manufacturer: "FTDI" },
    // The bridge of the OpenBCI dongle.
    { path: "/dev/ttyUSB2", vendorId: "0403", productId: "6015", manufacturer: "FTDI" },
    // Machines that know no ids.
    { path: "/dev/ttyACM2", manufacturer: "Arduino" },
    { path: "/dev/ttyUSB3", manufacturer: "1a86" },
    { path: "/dev/ttyUSB4", manufacturer: "FTDI", serialNumber: "A50285BI" },
    { path: "/dev/ttyUSB5", manufacturer: "FTDI", serialNumber: "DM00Q0QN" },
    { path: "/dev/ttyUSB6", vendorId: "067b", productId: "2303", manufacturer: "Prolific" },
    { path: "/dev/rfcomm0" },
  ]);
  expect(found.map(({ settings }) => settings.port)).toEqual([
    "/dev/ttyACM0",
    "/dev/ttyACM1",
    "/dev/ttyUSB0",
    "/dev/ttyUSB1",
    "/dev/ttyACM2",
    "/dev/ttyUSB3",
    "/dev/ttyUSB4",
  ]);
  for (const { device, title, settings } of found) {
    expect(device).toBe("attune-line");
    expect(title).toMatch(/ on \/dev\/tty.* modeeg-p2 or ad8232-plain/);
    expect(attuneLine.settings.safeParse(settings).success).toBe(true);
  }
});

test("looking for ports opens none and does not fail where there are none", async () => {
  await expect(attuneLine.discover!(1)).resolves.toBeInstanceOf(Array);
});
