import { DeviceError, type Link } from "@attune/device-kit";
import { type ChecksumBytes, CODES } from "./commands.ts";

const REPLY_TIMEOUT_SECONDS = 1;
/** Bytes of a message that are not awaited arrive with it. */
const SETTLE_SECONDS = 0.02;
const MAX_FOREIGN_BYTES = 4096;

/** Commands and their answers on an idle sensor: each is acknowledged by FF, and some then answered by a response. */
export class Requests {
  readonly #link: Link;
  /** Of the sensor's messages from now on. */
  checksumBytes: ChecksumBytes = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  /** A command without a response. @throws DeviceError when it is not acknowledged */
  async send(bytes: readonly number[], timeoutSeconds = REPLY_TIMEOUT_SECONDS): Promise<void> {
    await this.#begin(bytes, timeoutSeconds);
    if (this.checksumBytes > 0) await this.#link.readBytes(this.checksumBytes, timeoutSeconds);
  }

  /** A command with a response. @returns its first `nBytes` bytes behind the code */
  async ask(bytes: readonly number[], response: number, nBytes: number): Promise<Uint8Array> {
    await this.#begin(bytes, REPLY_TIMEOUT_SECONDS);
    for (;;) {
      const code = await this.#byte(REPLY_TIMEOUT_SECONDS);
      if (code === response) return this.#link.readBytes(nBytes, REPLY_TIMEOUT_SECONDS);
      if (code === CODES.inStreamResponse) await this.#passStatus();
      else if (code !== CODES.acknowledged)
        throw new DeviceError(
          `The sensor answered ${hex(code)} instead of ${hex(response)}; switch it off and on, and check that this is the port of a Shimmer3.`,
        );
    }
  }

  /** The rest of a response whose length it said itself. */
  more(nBytes: number): Promise<Uint8Array> {
    return this.#link.readBytes(nBytes, REPLY_TIMEOUT_SECONDS);
  }

  async #begin(bytes: readonly number[], timeoutSeconds: number): Promise<void> {
    // What is left of the message before, such as a checksum that an earlier program asked for.
    await this.#link.pause(SETTLE_SECONDS);
    await this.#link.discard();
    await this.#link.write(Uint8Array.from(bytes));
    for (let n = 0; n < MAX_FOREIGN_BYTES; n++) {
      const byte = await this.#byte(timeoutSeconds);
      if (byte === CODES.acknowledged) return;
      if (byte === CODES.inStreamResponse) await this.#passStatus();
      if (byte === CODES.refused)
        throw new DeviceError(
          `The sensor refused the command ${hex(bytes[0]!)}; update its firmware to LogAndStream 0.16 or later.`,
          { retryable: false },
        );
    }
    throw new DeviceError(
      `${MAX_FOREIGN_BYTES} bytes came and no acknowledgement; choose the port of a Shimmer3.`,
      { retryable: false },
    );
  }

  async #byte(timeoutSeconds: number): Promise<number> {
    return (await this.#link.readBytes(1, timeoutSeconds))[0]!;
  }

  /** `71 status`, behind an 8A that was read already. */
  async #passStatus(): Promise<void> {
    await this.#link.readBytes(2 + this.checksumBytes, REPLY_TIMEOUT_SECONDS);
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
