import type { ByteProtocol, Layout, Link } from "@attune/device-kit";
import type { Channel } from "@attune/signal";
import {
  channelCommand,
  GainTracker,
  leadOffCommand,
  microvoltsPerCount,
  railMicrovolts,
} from "./channel-setup.ts";
import { CytonCodec, G_PER_COUNT } from "./codec.ts";
import { request, selectDaisy, softReset, stopStreaming } from "./handshake.ts";
import { bandRms, kilohmsOfMicrovolts } from "./impedance.ts";
import { type MontageInput, montage, type OpenbciCytonSettings } from "./settings.ts";

const FRAME_RATE = 250;
/** Between two commands to a streaming board, which answers none: one round of the dongle's radio. */
const COMMAND_GAP_SECONDS = 0.02;

/**
 * How the Cyton is talked into streaming (OpenBCI Cyton SDK, firmware 3.1.2): stop, soft reset, 8 or 16 channels, defaults,
 * the inputs that differ from them, time stamps.
 */
export class CytonProtocol implements ByteProtocol {
  readonly #settings: OpenbciCytonSettings;
  readonly #inputs: readonly MontageInput[];
  readonly #active: readonly MontageInput[];
  readonly #gains = new GainTracker();
  /** Inputs that carry the measuring current. */
  readonly #driven = new Set<number>();

  readonly impedance = {
    begin: (link: Link) => this.#drive(link, true),
    end: (link: Link) => this.#drive(link, false),
    kilohms: (values: Float64Array, nSamples: number) => this.#kilohms(values, nSamples),
  };

  constructor(settings: OpenbciCytonSettings) {
    this.#settings = settings;
    this.#inputs = montage(settings);
    this.#active = this.#inputs.filter((input) => input.kind !== "off");
  }

  async configure(
    link: Link,
    report: (event: { readonly kind: "warning"; readonly message: string }) => void,
  ): Promise<Layout> {
    const { daisy, timeStamps } = this.#settings;
    const banner = await softReset(link);
    this.#gains.sent("v");
    this.#driven.clear();
    if (/^v?[01]\b/.test(banner.firmware))
      report({
        kind: "warning",
        message: `The Cyton has firmware ${banner.firmware}; settings may be lost on the way, so update it to 3.1.2.`,
      });
    await selectDaisy(link, daisy, banner.hasDaisy);
    await request(link, "d");
    this.#gains.sent("d");
    for (const input of this.#inputs) await this.#setUp(link, input);
    if (timeStamps) await request(link, "<");
    return this.#layout(banner.firmware);
  }

  async start(link: Link): Promise<void> {
    // Left on when the stream was stopped during a measurement: the current lies in the EEG band.
    for (const input of [...this.#driven]) {
      await request(link, leadOffCommand(input, false));
      this.#driven.delete(input);
    }
    await link.write("b");
  }

  stop(link: Link): Promise<void> {
    return stopStreaming(link);
  }

  async #setUp(link: Link, input: MontageInput): Promise<void> {
    const isDefault = input.kind !== "off" && input.gain === 24 && input.bias && input.srb2;
    if (isDefault) return;
    const command = channelCommand({ ...input, on: input.kind !== "off" });
    await request(link, command);
    this.#gains.sent(command);
  }

  #layout(firmware: string): Layout {
    const { daisy, timeStamps, declaredLatencySeconds } = this.#settings;
    const channels = this.#active.map(({ input, label, kind }): Channel & { unitsPerCount: number } => {
      const microvolts = microvoltsPerCount(this.#gains.gain(input));
      return kind === "ecg"
        ? { label, unit: "mV", unitsPerCount: microvolts / 1000 }
        : { label, unit: "uV", unitsPerCount: microvolts };
    });
    const acceleration = ["x", "y", "z"].map((axis) => ({
      label: `acceleration ${axis}`,
      unit: "g",
      unitsPerCount: G_PER_COUNT,
    }));
    const rate = daisy ? FRAME_RATE / 2 : FRAME_RATE;
    const gains = this.#active.map(({ input }) => this.#gains.gain(input));
    return {
      stream: {
        name: daisy ? "OpenBCI Cyton with Daisy" : "OpenBCI Cyton",
        type: this.#active.some(({ kind }) => kind === "eeg") ? "EEG" : "ECG",
        channels: [...channels, ...acceleration],
        nominalSamplingRate: rate,
        description: {
          manufacturer: "OpenBCI",
          model: daisy ? "Cyton with Daisy" : "Cyton",
          firmware,
          gains: gains.join(","),
          railsMicrovolts: gains.map(railMicrovolts).join(","),
        },
      },
      codec: new CytonCodec({
        daisy,
        channels: channels.map(({ unitsPerCount }, c) => ({
          input: this.#active[c]!.input,
          unitsPerCount,
        })),
      }),
      counterModulus: daisy ? 128 : 256,
      hasDeviceClock: timeStamps,
      // A frame is believed when its successor begins, which at 250 frames a second is one frame later.
      declaredLatencySeconds: declaredLatencySeconds + 1 / FRAME_RATE,
    };
  }

  async #drive(link: Link, on: boolean): Promise<void> {
    for (const { input } of this.#active) {
      await link.write(leadOffCommand(input, on));
      if (on) this.#driven.add(input);
      else this.#driven.delete(input);
      await link.pause(COMMAND_GAP_SECONDS);
    }
  }

  #kilohms(values: Float64Array, nSamples: number): number[] {
    const { daisy } = this.#settings;
    const rate = daisy ? FRAME_RATE / 2 : FRAME_RATE;
    const kilohms = this.#active.map(({ kind }, c) => {
      const rms = bandRms(values.subarray(c * nSamples, (c + 1) * nSamples), nSamples, rate, daisy);
      return kilohmsOfMicrovolts(kind === "ecg" ? 1000 * rms : rms);
    });
    return [...kilohms, Number.NaN, Number.NaN, Number.NaN];
  }
}
