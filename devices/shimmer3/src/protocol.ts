import { type ByteProtocol, DeviceError, type Layout, type Link } from "@attune/device-kit";
import { Shimmer3Codec } from "./codec.ts";
import { CODES, TICKS_PER_SECOND } from "./commands.ts";
import { ecgRegisters, gainOf, isPoweredDown, millivoltsPerCount, REGISTERS_PER_CHIP } from "./exg.ts";
import { type Inquiry, type PacketLayout, packetLayout } from "./packet-layout.ts";
import { Requests } from "./requests.ts";
import { dividerOf, type Shimmer3Settings } from "./settings.ts";

const HARDWARE_SHIMMER3 = 3;
const LOG_AND_STREAM = 3;
/** Bits of the sensors' 24-bit field. */
const SENSOR_BITS = { exg1: 0x10, exg2: 0x08 };
/** What was sampled before a stop is still on its way through Bluetooth. */
const STOP_SECONDS = 0.3;
const OLD_FIRMWARE_TIMEOUT_SECONDS = 0.5;
const N_ATTEMPTS = 3;

type Report = (event: { readonly kind: "warning"; readonly message: string }) => void;

interface Firmware {
  readonly id: number;
  readonly version: readonly [number, number, number];
}

/**
 * How the Shimmer3 is talked into streaming (its Bluetooth protocol): stop, versions, sensors, rate, ExG registers, inquiry,
 * checksum. The layout is made from what the sensor answers, never from what it was told.
 */
export class Shimmer3Protocol implements ByteProtocol {
  readonly #settings: Shimmer3Settings;
  #requests: Requests | undefined;

  constructor(settings: Shimmer3Settings) {
    this.#settings = settings;
  }

  async configure(link: Link, report: Report): Promise<Layout> {
    const requests = new Requests(link);
    this.#requests = requests;
    await this.#identify(link, requests);
    const firmware = await readFirmware(requests);
    // In front of messages that the sensor sends unasked. Older firmware does not know the command.
    await requests
      .send([CODES.setInStreamAcknowledgement, 0], OLD_FIRMWARE_TIMEOUT_SECONDS)
      .catch(() => undefined);
    const chips = ([1, 2] as const).filter((chip) =>
      this.#settings.channels.some(({ source }) => source.startsWith(`exg${chip}`)),
    );
    const bits = chips.reduce((sum, chip) => sum | SENSOR_BITS[`exg${chip}`], 0);
    await requests.send([CODES.setSensors, bits, 0, 0]);
    const divider = dividerOf(this.#settings.samplingRate);
    await requests.send([CODES.setSamplingRate, divider & 255, divider >> 8]);
    const registers = new Map<1 | 2, Uint8Array>();
    for (const chip of chips) registers.set(chip, await this.#setUpChip(requests, chip));
    const inquiry = await inquire(requests);
    if (this.#settings.checksum) await this.#askForChecksum(requests, firmware, report);
    return this.#layout(inquiry, registers, firmware, requests.checksumBytes);
  }

  async start(link: Link): Promise<void> {
    this.#requests ??= new Requests(link);
    await this.#requests.send([CODES.startStreaming]);
  }

  async stop(link: Link): Promise<void> {
    await link.write(Uint8Array.of(CODES.stopStreaming));
    await link.pause(STOP_SECONDS);
    await link.discard();
  }

  async #identify(link: Link, requests: Requests): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.stop(link);
      try {
        const [hardware] = await requests.ask([CODES.getHardwareVersion], CODES.hardwareVersionResponse, 1);
        if (hardware === HARDWARE_SHIMMER3) return;
        throw new DeviceError(
          `A Shimmer3 was expected and a sensor of hardware version ${hardware} answered; this adapter speaks to the Shimmer3 only.`,
          { retryable: false },
        );
      } catch (error) {
        const isFinal = error instanceof DeviceError && !error.retryable;
        if (isFinal || attempt === N_ATTEMPTS) throw error;
      }
    }
  }

  async #setUpChip(requests: Requests, chip: 1 | 2): Promise<Uint8Array> {
    const { configuration, gain, samplingRate } = this.#settings;
    if (configuration === "ecg") {
      const wanted = ecgRegisters(chip, gain, samplingRate);
      await requests.send([CODES.setExgRegisters, chip - 1, 0, REGISTERS_PER_CHIP, ...wanted]);
    }
    const [length] = await requests.ask(
      [CODES.getExgRegisters, chip - 1, 0, REGISTERS_PER_CHIP],
      CODES.exgRegistersResponse,
      1,
    );
    if (length !== REGISTERS_PER_CHIP)
      throw new DeviceError(
        `The sensor sent ${length} ExG registers instead of ${REGISTERS_PER_CHIP}; update its firmware.`,
        { retryable: false },
      );
    return requests.more(REGISTERS_PER_CHIP);
  }

  async #askForChecksum(requests: Requests, firmware: Firmware, report: Report): Promise<void> {
    if (firmware.id !== LOG_AND_STREAM || !isAtLeast(firmware.version, [0, 13, 7])) {
      report({
        kind: "warning",
        message: `The Shimmer3's firmware ${firmware.version.join(".")} has no checksum: a damaged sample cannot be told from a good one. Update it to LogAndStream 0.16 or later.`,
      });
      return;
    }
    // The acknowledgement itself carries the checksum already.
    requests.checksumBytes = 2;
    await requests.send([CODES.setChecksum, 2]);
  }

  #layout(
    inquiry: Inquiry,
    registers: ReadonlyMap<1 | 2, Uint8Array>,
    firmware: Firmware,
    checksumBytes: 0 | 1 | 2,
  ): Layout {
    const layout = packetLayout(inquiry, checksumBytes);
    if (!layout || inquiry.samplesPerPacket !== 1)
      throw new DeviceError(
        "The sensor sends packets of a form that this adapter does not know; reset its configuration with Shimmer's own program.",
        { retryable: false },
      );
    const channels = this.#settings.channels.map(({ source, label }) => {
      const gain = readGain(source, registers);
      const offset = offsetOf(layout, source);
      return { label, offset, gain, unitsPerCount: millivoltsPerCount(gain) };
    });
    const samplingRate = TICKS_PER_SECOND / inquiry.divider;
    const { declaredLatencySeconds } = this.#settings;
    return {
      stream: {
        name: "Shimmer3",
        type: "ECG",
        channels: channels.map(({ label, unitsPerCount }) => ({ label, unit: "mV", unitsPerCount })),
        nominalSamplingRate: samplingRate,
        description: {
          manufacturer: "Shimmer",
          model: "Shimmer3 ExG",
          firmware: firmware.version.join("."),
          gains: channels.map(({ gain }) => gain).join(","),
          checksumBytes,
        },
      },
      codec: new Shimmer3Codec({ layout, channels }),
      hasDeviceClock: true,
      // Without a checksum a packet is believed when its successor begins.
      declaredLatencySeconds: declaredLatencySeconds + (checksumBytes === 0 ? 1 / samplingRate : 0),
    };
  }
}

async function readFirmware(requests: Requests): Promise<Firmware> {
  const b = await requests.ask([CODES.getFirmwareVersion], CODES.firmwareVersionResponse, 6);
  return { id: b[0]! | (b[1]! << 8), version: [b[2]! | (b[3]! << 8), b[4]!, b[5]!] };
}

async function inquire(requests: Requests): Promise<Inquiry> {
  const b = await requests.ask([CODES.inquiry], CODES.inquiryResponse, 8);
  const divider = b[0]! | (b[1]! << 8);
  if (divider === 0)
    throw new DeviceError("The sensor says that it has no sampling rate; switch it off and on.");
  return { divider, samplesPerPacket: b[7]!, channelIds: [...(await requests.more(b[6]!))] };
}

function readGain(source: string, registers: ReadonlyMap<1 | 2, Uint8Array>): number {
  const chip = registers.get(source.startsWith("exg1") ? 1 : 2)!;
  const channel = source.endsWith("ch1") ? 1 : 2;
  const gain = gainOf(chip, channel);
  if (Number.isNaN(gain) || isPoweredDown(chip, channel))
    throw new DeviceError(
      `The sensor's registers say that ${source} is switched off or has no known gain; leave it out of channels, or set configuration: ecg.`,
      { retryable: false },
    );
  return gain;
}

function offsetOf(layout: PacketLayout, source: Shimmer3Settings["channels"][number]["source"]): number {
  const offset = layout.offsets.get(source);
  if (offset === undefined)
    throw new DeviceError(
      `The sensor does not send ${source} with 24 bits; check that it is a Shimmer3 with an ExG board.`,
      { retryable: false },
    );
  return offset;
}

function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  const differs = least.findIndex((part, k) => version[k] !== part);
  return differs < 0 || version[differs]! > least[differs]!;
}
