import { type ByteProtocol, DeviceError, type Layout, type Link } from "@attune/device-kit";
import { BitalinoCodec } from "./codec.ts";
import { type AnalogChannel, analogChannels, type BitalinoSettings } from "./settings.ts";

/** The board needs this long before each command byte (BITalino Python API: 100 ms). */
const COMMAND_GAP_SECONDS = 0.1;
const VERSION_TIMEOUT_SECONDS = 2;
const N_ATTEMPTS = 3;
const COMMANDS = { stop: 0x00, version: 0x07, live: 0x01, simulated: 0x02 };
const RATE_COMMANDS: Readonly<Record<BitalinoSettings["samplingRate"], number>> = {
  1: 0x03,
  10: 0x43,
  100: 0x83,
  1000: 0xc3,
};
/** Content type of the stream by its first sensor of a known kind. */
const TYPES: Readonly<Record<string, string>> = { ecg: "ECG", eeg: "EEG", emg: "EMG", eda: "EDA" };

/** How the BITalino (r)evolution is talked into streaming (BITalino API; data sheet of its microcontroller unit). */
export class BitalinoProtocol implements ByteProtocol {
  readonly #settings: BitalinoSettings;
  readonly #channels: readonly AnalogChannel[];

  constructor(settings: BitalinoSettings) {
    this.#settings = settings;
    this.#channels = analogChannels(settings);
  }

  async configure(
    link: Link,
    report: (event: { readonly kind: "warning"; readonly message: string }) => void,
  ): Promise<Layout> {
    const version = await this.#stopAndAskVersion(link);
    const { samplingRate } = this.#settings;
    if (samplingRate < 100)
      report({
        kind: "warning",
        message: `The BITalino samples ${samplingRate} times a second, and each sample is delivered one sample late to be sure of it.`,
      });
    return this.#layout(version);
  }

  async start(link: Link): Promise<void> {
    const { samplingRate, simulated } = this.#settings;
    const mask = this.#channels.reduce((bits, { input }) => bits | (1 << input), 0);
    await command(link, RATE_COMMANDS[samplingRate]);
    await command(link, (mask << 2) | (simulated ? COMMANDS.simulated : COMMANDS.live));
  }

  async stop(link: Link): Promise<void> {
    await this.#stopAndAskVersion(link);
  }

  /** Frames that were under way end where the version text begins. Idle, `stop` does no harm. */
  async #stopAndAskVersion(link: Link): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      await command(link, COMMANDS.stop);
      await command(link, COMMANDS.version);
      try {
        const text = await link.readText(/BITalino[^\n]*\n/, VERSION_TIMEOUT_SECONDS);
        await link.discard();
        return /BITalino_?([^\n\r]*)/.exec(text)![1]!;
      } catch (error) {
        if (attempt === N_ATTEMPTS) throw await explain(link, error);
      }
    }
  }

  #layout(firmware: string): Layout {
    const { samplingRate, digitalInputs, simulated, declaredLatencySeconds } = this.#settings;
    const scales = this.#channels.map(({ scale }) => scale);
    const analog = this.#channels.map(({ label, scale: { unit, unitsPerCount } }) => ({
      label,
      unit,
      unitsPerCount,
    }));
    const digital = ["I1", "I2"].map((label) => ({ label, unit: "", unitsPerCount: 1 }));
    const known = this.#channels.find(({ kind }) => kind in TYPES);
    return {
      stream: {
        name: "BITalino",
        type: known ? TYPES[known.kind]! : "Misc",
        channels: digitalInputs ? [...analog, ...digital] : analog,
        nominalSamplingRate: samplingRate,
        description: {
          manufacturer: "PLUX",
          model: "BITalino (r)evolution",
          firmware,
          simulated,
          bits: this.#channels.map((_, place) => (place < 4 ? 10 : 6)).join(","),
        },
      },
      codec: new BitalinoCodec({ scales, digitalInputs }),
      counterModulus: 16,
      hasDeviceClock: false,
      // A frame is believed when its successor is there.
      declaredLatencySeconds: declaredLatencySeconds + 1 / samplingRate,
    };
  }
}

async function command(link: Link, byte: number): Promise<void> {
  await link.pause(COMMAND_GAP_SECONDS);
  await link.write(Uint8Array.of(byte));
}

/** Something that speaks, but not as a BITalino does, is another device; silence may be one that is off. */
async function explain(link: Link, silence: unknown): Promise<unknown> {
  const came = await link.readText(/[\s\S]+/, 0).catch(() => "");
  if (came === "") return silence;
  const shown = came
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, 60);
  return new DeviceError(
    `A BITalino was expected and something else answered (${came.length} bytes: ${shown}); choose the port of the BITalino.`,
    { cause: silence, retryable: false },
  );
}
