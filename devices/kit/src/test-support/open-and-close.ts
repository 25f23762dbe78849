import { createByteDevice } from "../byte-device.ts";
import { systemContext } from "../host-clock.ts";
import { SerialTransport } from "../serial-transport.ts";
import { servePty } from "../simulate/serve-pty.ts";
import { ToyBoard, ToyProtocol } from "../simulate/toy-board.ts";

// A program of its own: uses a device on a real port, unplugs it, closes everything, and has nothing left to wait for.
const link = process.argv[2]!;
const toy = { nChannels: 15, samplingRate: 250 };
const served = await servePty({ simulator: new ToyBoard(toy), link });
const device = createByteDevice({
  id: "toy",
  transport: new SerialTransport({ path: link, baudRate: 115_200 }),
  protocol: new ToyProtocol(toy),
  context: systemContext,
});
await device.start();
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
await pause();
served.unplug();
await pause();
await served.replug();
await pause();
await device.close();
await served.close();
process.stdout.write("closed");
