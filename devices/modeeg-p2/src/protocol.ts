import {
  type ByteProtocol,
  type DeviceContext,
  DeviceError,
  type Layout,
  type Link,
  RateEstimate,
} from "@attune/device-kit";
import { P2Codec } from "./codec.ts";
import { P2_COUNT_MODULUS, P2_FRAME_BYTES } from "./frame.ts";
import { type P2Settings, p2Scale } from "./settings.ts";

/** A stream in which so many bytes hold no frame is something else. */
const BYTES_WITHOUT_FRAME = 64 * P2_FRAME_BYTES;
/** By how much the measured rate may miss the settings: a ceramic resonator is good to about 0.5 %. */
const RATE_TOLERANCE = 0.005;

/**
 * The P2 firmware takes no commands and streams from power-on: the handshake listens. An Uno restarts when the port is
 * opened, so that first nothing, or junk, is to be expected. At the first connection the sampling rate is measured and
 * compared with the settings.
 */
export function p2Protocol(settings: P2Settings, context: Pick<DeviceContext, "now">): ByteProtocol {
  let measured = Number.NaN;
  return {
    async configure(link, report) {
      await awaitFrames(link, settings);
      if (settings.rateCheckSeconds > 0 && Number.isNaN(measured)) {
        measured = await measureRate(link, settings, context);
        if (Math.abs(measured / settings.samplingRate - 1) > RATE_TOLERANCE)
          report({ kind: "warning", message: wrongRate(measured, settings) });
      }
      return layoutOf(settings, measured);
    },
    start: async () => {},
    stop: async () => {},
  };
}

async function awaitFrames(link: Link, settings: P2Settings): Promise<void> {
  const codec = new P2Codec(1, { zeroCount: 0, unitsPerCount: 1 });
  const patience = settings.bootSeconds + 20 / settings.samplingRate + 1;
  for (let nBytes = 0; codec.counters.framesOk < 2; nBytes += P2_FRAME_BYTES) {
    if (nBytes > BYTES_WITHOUT_FRAME)
      throw new DeviceError(
        `${settings.port} sends bytes but no ModularEEG P2 frames at ${settings.baudRate} baud; check baudRate (57600 or 115200) and that the board is one with P2 firmware.`,
        { retryable: false },
      );
    codec.push(await link.readBytes(P2_FRAME_BYTES, patience));
  }
}

async function measureRate(
  link: Link,
  { samplingRate, rateCheckSeconds }: P2Settings,
  context: Pick<DeviceContext, "now">,
): Promise<number> {
  // What waited in buffers came at no rate of the board's.
  await link.discard();
  const codec = new P2Codec(1, { zeroCount: 0, unitsPerCount: 1 });
  const estimate = new RateEstimate();
  let last = Number.NaN;
  let count = 0;
  while (estimate.spanSeconds < rateCheckSeconds) {
    const { nFrames, counter } = codec.push(await link.readBytes(P2_FRAME_BYTES, 1 + 20 / samplingRate));
    const at = context.now();
    if (nFrames === 0) continue;
    for (let i = 0; i < nFrames; i++) {
      count += Number.isNaN(last) ? 0 : (counter[i]! - last + P2_COUNT_MODULUS) % P2_COUNT_MODULUS;
      last = counter[i]!;
    }
    estimate.add(count, at);
  }
  return estimate.samplingRate;
}

const wrongRate = (measured: number, { port, samplingRate }: P2Settings): string =>
  `The board at ${port} sends ${measured.toFixed(2)} samples per second, the settings say ${samplingRate}: set samplingRate to what its firmware was built for.`;

function layoutOf(settings: P2Settings, measured: number): Layout {
  const { channels, samplingRate, baudRate, type, vrefVolts, gain } = settings;
  const scale = p2Scale(settings);
  return {
    stream: {
      name: "ModularEEG-P2",
      type,
      channels: channels.map((label) => ({ label, unit: scale.unit, unitsPerCount: scale.unitsPerCount })),
      nominalSamplingRate: samplingRate,
      description: {
        model: "ModularEEG P2",
        vrefVolts,
        gain: gain ?? "unknown",
        ...(Number.isNaN(measured) ? {} : { measuredSamplingRate: measured }),
      },
    },
    codec: new P2Codec(channels.length, scale),
    counterModulus: P2_COUNT_MODULUS,
    hasDeviceClock: false,
    // A frame is known to be whole when three bytes of the next one have come.
    declaredLatencySeconds: settings.declaredLatencySeconds + 1 / samplingRate + 30 / baudRate,
  };
}
