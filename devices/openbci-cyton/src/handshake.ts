import { DeviceError, type Link } from "@attune/device-kit";

/** Every reply of the board and of its dongle ends so. */
const END = /\$\$\$/;
const BANNER_TIMEOUT_SECONDS = 3;
const REPLY_TIMEOUT_SECONDS = 2;
const N_ATTEMPTS = 3;
const SETTLE_SECONDS = 0.05;

/** What the board says about itself after a soft reset. */
export interface Banner {
  readonly firmware: string;
  readonly hasDaisy: boolean;
}

/** One reply without its end mark. @throws DeviceError when the dongle is alone or the board refuses */
async function readReply(link: Link, command: string, timeoutSeconds: number): Promise<string> {
  const reply = (await link.readText(END, timeoutSeconds)).slice(0, -3);
  if (reply.includes("Communications timeout"))
    throw new DeviceError(
      "The OpenBCI dongle answers but the Cyton does not; switch the board on (to PC), check its battery, and set the dongle's switch to GPIO6.",
    );
  if (reply.includes("Failure"))
    throw new DeviceError(
      `The Cyton refused the command "${command}" (${printable(reply)}); check the channel settings and the firmware.`,
      { retryable: false },
    );
  return reply;
}

/** Send a command that is answered. */
export async function request(link: Link, command: string): Promise<string> {
  await link.write(command);
  return readReply(link, command, REPLY_TIMEOUT_SECONDS);
}

/** End a stream that may be running, and what is left of it. The board is not reset by opening the port. */
export async function stopStreaming(link: Link): Promise<void> {
  await link.write("s");
  await link.pause(SETTLE_SECONDS);
  await link.discard();
}

/** Soft reset. @throws DeviceError, not to be tried again when something else answered */
export async function softReset(link: Link): Promise<Banner> {
  for (let attempt = 1; ; attempt++) {
    await stopStreaming(link);
    await link.write("v");
    const text = await readReply(link, "v", BANNER_TIMEOUT_SECONDS).catch((error: unknown) => {
      if (attempt === N_ATTEMPTS) throw error;
      return "";
    });
    if (!text.includes("OpenBCI")) {
      // Once: the end of a reply to an earlier program. Always: another device.
      if (attempt < N_ATTEMPTS) continue;
      throw new DeviceError(
        `An OpenBCI Cyton was expected and something else answered (${printable(text)}); choose the port of the OpenBCI dongle.`,
        { retryable: false },
      );
    }
    return {
      firmware: /Firmware:\s*(v?[\w.]+)/.exec(text)?.[1] ?? "v1",
      hasDaisy: /On Daisy ADS1299 Device ID: 0x3E/i.test(text),
    };
  }
}

/** Use 16 channels or 8. @throws DeviceError when 16 were asked for and no Daisy answers */
export async function selectDaisy(link: Link, wanted: boolean, present: boolean): Promise<void> {
  if (wanted) {
    const reply = await request(link, "C");
    if (!reply.trimEnd().endsWith("16"))
      throw new DeviceError(
        `The Cyton found no Daisy module (${printable(reply)}); switch the board off, seat the Daisy, switch it on, or set daisy: false.`,
        { retryable: false },
      );
  } else if (present) await request(link, "c");
}

function printable(text: string): string {
  const short = text.replace(/[^\x20-\x7e]+/g, " ").trim();
  return short.length > 60 ? `${short.slice(0, 60)}...` : short;
}
