import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createByteDevice } from "./byte-device.ts";
import type { DeviceEvent } from "./device.ts";
import { DeviceError } from "./errors.ts";
import { systemContext } from "./host-clock.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { listLinuxPorts } from "./serial-platform.ts";
import { listSerialPorts } from "./serial-ports.ts";
import { SerialTransport } from "./serial-transport.ts";
import { type ServedPty, servePty } from "./simulate/serve-pty.ts";
import { ToyBoard, ToyProtocol } from "./simulate/toy-board.ts";
import type { Closure } from "./transport.ts";

const haveSocat = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
if (!haveSocat && process.env.CI === "true") throw new Error("socat is missing, and CI needs it");

const toy = { nChannels: 15, samplingRate: 250 };

/** Wait for a condition, at most 20 s. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 20_000) throw new Error(`${what} did not happen within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.skipIf(!haveSocat)(
  haveSocat ? "a serial port" : "a serial port (skipped: socat is not installed)",
  () => {
    let folder: string;
    let boards: ServedPty[] = [];
    let children: ChildProcess[] = [];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "attune-kit-"));
    });
    afterEach(async () => {
      for (const board of boards) await board.close();
      for (const child of children) child.kill("SIGKILL");
      boards = [];
      children = [];
      rmSync(folder, { recursive: true, force: true });
    });

    async function serve(board: ToyBoard, name = "port"): Promise<ServedPty> {
      const served = await servePty({ simulator: board, link: join(folder, name) });
      boards.push(served);
      return served;
    }

    function toyDevice(path: string | (() => Promise<string | undefined>)) {
      const device = createByteDevice({
        id: "toy",
        transport: new SerialTransport({ path, baudRate: 115_200 }),
        protocol: new ToyProtocol(toy),
        context: systemContext,
      });
      const states: Lifecycle[] = [];
      const events: DeviceEvent[] = [];
      device.lifecycle.subscribe((state) => states.push(state));
      device.events.subscribe((event) => events.push(event));
      const nSamples = (): number => device.statistics().streams[0]?.nSamples ?? 0;
      return { device, states, events, nSamples };
    }

    test("handshake, streaming, stop, start and close over a real port, without loss", async () => {
      const board = new ToyBoard(toy);
      const { path } = await serve(board);
      const { device, states, nSamples } = toyDevice(path);
      await device.connect();
      await device.start();
      await until(() => nSamples() > 125, "half a second of samples");
      await device.stop();
      await device.start();
      await until(() => nSamples() > 250, "more samples");
      await device.close();
      expect(states).toEqual(
        "idle connecting configuring ready streaming stopping ready streaming stopping closed".split(" "),
      );
      expect(device.statistics().streams[0]!.nLost).toBe(0);
      expect(device.statistics().codec!.bytesSkipped).toBe(0);
      await until(() => board.received.at(-1) === "s", "the stop command");
    });

    test("unplugged while streaming, it reconnects at the same path and goes on", async () => {
      const board = new ToyBoard(toy);
      const served = await serve(board);
      const { device, states, events, nSamples } = toyDevice(served.path);
      await device.start();
      await until(() => nSamples() > 125, "half a second of samples");
      served.unplug();
      await until(() => states.at(-1) === "reconnecting", "reconnecting");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await served.replug();
      await until(() => states.at(-1) === "streaming", "streaming");
      const before = nSamples();
      await until(() => nSamples() > before + 250, "samples after it");
      expect(events.filter((event) => event.kind === "loss")).toHaveLength(1);
      await device.close();
    });

    test("a device that comes back under another path is found there", async () => {
      const board = new ToyBoard(toy);
      const first = await serve(board, "first");
      let path: string | undefined = first.path;
      const { device, states, nSamples } = toyDevice(async () => path);
      await device.start();
      await until(() => nSamples() > 50, "samples");
      path = undefined;
      first.unplug();
      await until(() => states.at(-1) === "reconnecting", "reconnecting");
      path = (await serve(board, "second")).path;
      await until(() => states.at(-1) === "streaming", "streaming");
      const before = nSamples();
      await until(() => nSamples() > before + 50, "samples after it");
      await device.close();
    });

    test("several reconnects on a real port leave no handle behind", async () => {
      const board = new ToyBoard(toy);
      const served = await serve(board);
      const { device, states } = toyDevice(served.path);
      await device.start();
      const handles = (): number =>
        process.getActiveResourcesInfo().filter((name) => name !== "Timeout" && name !== "Immediate").length;
      let settled = 0;
      for (let k = 0; k < 4; k++) {
        served.unplug();
        await until(() => states.at(-1) === "reconnecting", "reconnecting");
        await served.replug();
        await until(() => states.at(-1) === "streaming", "streaming");
        if (k === 0) settled = handles();
      }
      expect(device.statistics().nReconnects).toBe(4);
      expect(handles()).toBeLessThanOrEqual(settled + 2);
      await device.close();
    });

    test("a port in use, a port that is not there and a closed port say so", async () => {
      const { path } = await serve(new ToyBoard(toy));
      const holder = new SerialTransport({ path, baudRate: 9600 });
      await holder.open();
      const second = new SerialTransport({ path, baudRate: 9600 });
      await expect(second.open()).rejects.toThrow(/is in use by another program/);
      await holder.close();
      const absent = new SerialTransport({ path: join(folder, "nothing"), baudRate: 9600 });
      await expect(absent.open()).rejects.toThrow(/No serial device at .*attune streams/);
      await expect(absent.write(Uint8Array.of(1))).rejects.toThrow(/is not open/);
      const aborted = new SerialTransport({ path: async () => undefined, baudRate: 9600 });
      const abort = new AbortController();
      const opening = aborted.open(abort.signal);
      setTimeout(() => abort.abort(), 50);
      await expect(opening).rejects.toThrow(/given up/);
    });

    test("a peer that takes nothing makes the write fail after 2 s, and closing is still possible", async () => {
      const link = join(folder, "stuck");
      const socat = spawn("socat", [`pty,rawer,link=${link}`, "exec:sleep 60"], { stdio: "ignore" });
      children.push(socat);
      await until(() => existsSync(link), "the port");
      socat.kill("SIGSTOP");
      const transport = new SerialTransport({ path: link, baudRate: 9600 });
      await transport.open();
      const writing = transport.write(new Uint8Array(200_000));
      await expect(writing).rejects.toThrow(/did not take 200000 bytes within 2 s/);
      await transport.close();
    });

    test("an unplugged port closes once, as unplugged; a closed one as not", async () => {
      const served = await serve(new ToyBoard(toy));
      const transport = new SerialTransport({ path: served.path, baudRate: 9600 });
      const closures: Closure[] = [];
      transport.closed.subscribe((closure) => closures.push(closure));
      await transport.open();
      served.unplug();
      await until(() => closures.length > 0, "the closing");
      expect(closures.map(({ unplugged }) => unplugged)).toEqual([true]);
      await transport.close();
      await served.replug();
      await transport.open();
      await transport.close();
      await transport.close();
      expect(closures.map(({ unplugged }) => unplugged)).toEqual([true, false]);
    });

    test("a program that closed its device and its board ends by itself", async () => {
      const program = join(import.meta.dirname, "test-support/open-and-close.ts");
      const child = spawn(process.execPath, ["--import", "tsx", program, join(folder, "port")], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      let said = "";
      child.stdout!.on("data", (text) => {
        said += text;
      });
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect({ code, said }).toEqual({ code: 0, said: "closed" });
    });

    test("servePty says what to install when socat is missing", async () => {
      const before = process.env.PATH;
      process.env.PATH = folder;
      try {
        await expect(servePty({ simulator: new ToyBoard(toy), link: join(folder, "none") })).rejects.toThrow(
          /socat is needed .*apt-get install socat/,
        );
        await expect(
          servePty({ simulator: new ToyBoard(toy), link: join(folder, "none") }),
        ).rejects.toBeInstanceOf(DeviceError);
      } finally {
        process.env.PATH = before;
      }
    });
  },
);

describe("listing serial ports", () => {
  test("never rejects, whatever the machine lacks", async () => {
    for (const port of await listSerialPorts()) expect(port.path).toMatch(/^(\/dev\/|COM)/);
    await expect(
      SerialPort.list().then(
        () => "listed",
        () => "no udev",
      ),
    ).resolves.toBeDefined();
  });

  test("without udev the device folder is read, with what the links by id tell", async () => {
    const folder = mkdtempSync(join(tmpdir(), "attune-dev-"));
    const byId = join(folder, "by-id");
    for (const name of ["ttyUSB0", "ttyUSB1", "ttyACM3", "rfcomm0", "tty1", "ttyS0", "null"])
      closeSync(openSync(join(folder, name), constants.O_CREAT));
    spawnSync("mkdir", [byId]);
    symlinkSync("../ttyUSB0", join(byId, "usb-FTDI_FT231X_USB_UART_DM00Q0QN-if00-port0"));
    symlinkSync("../ttyACM3", join(byId, "usb-Arduino__www.arduino.cc__0043_85735313-if00"));
    expect(await listLinuxPorts(folder, byId)).toEqual([
      { path: join(folder, "rfcomm0") },
      { path: join(folder, "ttyACM3"), manufacturer: "Arduino", serialNumber: "85735313" },
      { path: join(folder, "ttyUSB0"), manufacturer: "FTDI", serialNumber: "DM00Q0QN" },
      { path: join(folder, "ttyUSB1") },
    ]);
    unlinkSync(join(byId, "usb-FTDI_FT231X_USB_UART_DM00Q0QN-if00-port0"));
    expect(await listLinuxPorts(join(folder, "absent"), join(folder, "absent"))).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
