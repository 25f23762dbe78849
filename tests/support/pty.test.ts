import { existsSync } from "node:fs";
import { SerialTransport } from "@attune/device-kit";
import { expect, test } from "vitest";
import { describeWithPty, openPty } from "./pty.ts";

describeWithPty("openPty", () => {
  test("joins two serial ports, which may close and open again, until they are unplugged", async () => {
    const pty = await openPty();
    const host = new SerialTransport({ path: pty.host, baudRate: 115_200 });
    const device = new SerialTransport({ path: pty.device, baudRate: 115_200 });
    const heard: string[] = [];
    const closures: boolean[] = [];
    host.received.subscribe(({ bytes }) => heard.push(Buffer.from(bytes).toString()));
    host.closed.subscribe(({ unplugged }) => closures.push(unplugged));
    await device.open();
    for (const word of ["first", "second"]) {
      await host.open();
      await device.write(Buffer.from(word));
      await expect.poll(() => heard.join("").endsWith(word)).toBe(true);
      await host.close();
    }
    await host.open();
    pty.unplug();
    await expect.poll(() => closures).toEqual([false, false, true]);
    expect(existsSync(pty.host)).toBe(false);
    await device.close();
    await pty.close();
  });
});
