import {
  type ByteProtocol,
  type DeviceContext,
  DeviceError,
  FRAME_FLAGS,
  type Layout,
  type Link,
  RateEstimate,
} from "@attune/device-kit";
import { PlainCodec } from "./codec.ts";
import { type PlainSettings, plainScale } from "./settings.ts";

const BYTES_WITHOUT_LINE = 200;
/** Four digits with CR LF at the baud rate, and the 1 ms of the sketch. */
const latencySeconds = (baudRate: number): number => 60 / baudRate + 0.001;

export const NOT_FIT_FOR_INTERVALS =
  "NOT FIT FOR R-R INTERVALS: SparkFun's plain example sends no sample numbers and no times, at a rate that drifts with the digits of its values, and losses cannot be counted; use it for demonstrations only, and the attune-line sketch on the same hardware for measurements.";

/** SparkFun's example takes no commands and streams from power-on: the handshake listens, warns, and measures the rate. */
export function plainProtocol(settings: PlainSettings, context: Pick<DeviceContext, "now">): ByteProtocol {
  let measured = Number.NaN;
  return {
    async configure(link, report) {
      await awaitLines(link, settings);
      report({ kind: "warning", message: `${settings.port}: ${NOT_FIT_FOR_INTERVALS}` });
      if (settings.samplingRate === undefined && Number.isNaN(measured)) {
        const { samplingRate, leadOffShare } = await measureRate(link, settings, context);
        measured = Math.round(samplingRate * 10) / 10;
        if (leadOffShare > 0)
          report({
            kind: "warning",
            message: `Electrodes at ${settings.port} were off while its rate was measured (${measured} lines/s), which changes it; attach them and connect again, or set samplingRate.`,
          });
      }
      return layoutOf(settings, settings.samplingRate ?? measured);
    },
    start: async () => {},
    stop: async () => {},
  };
}

async function awaitLines(link: Link, settings: PlainSettings): Promise<void> {
  const codec = new PlainCodec(plainScale(settings));
  for (let nBytes = 0; codec.counters.framesOk < 8; nBytes++) {
    const { framesOk, bytesSkipped } = codec.counters;
    if (nBytes > BYTES_WITHOUT_LINE && (framesOk === 0 || bytesSkipped > nBytes / 2))
      throw new DeviceError(
        `${settings.port} does not send whole numbers line by line at ${settings.baudRate} baud; check baudRate and that SparkFun's AD8232 example is on the board.`,
        { retryable: false },
      );
    codec.push(await link.readBytes(1, settings.bootSeconds + 1));
  }
}

async function measureRate(
  link: Link,
  settings: PlainSettings,
  context: Pick<DeviceContext, "now">,
): Promise<{ samplingRate: number; leadOffShare: number }> {
  // What waited in buffers came at no rate of the board's.
  await link.discard();
  const codec = new PlainCodec(plainScale(settings));
  const estimate = new RateEstimate();
  let nLines = 0;
  let nLeadOff = 0;
  while (estimate.spanSeconds < settings.measureSeconds) {
    const { nFrames, flags } = codec.push(await link.readBytes(1, 1));
    if (nFrames === 0) continue;
    nLines += nFrames;
    for (let i = 0; i < nFrames; i++) if (flags[i]! & FRAME_FLAGS.leadOff) nLeadOff++;
    estimate.add(nLines, context.now());
  }
  return { samplingRate: estimate.samplingRate, leadOffShare: nLeadOff / nLines };
}

function layoutOf(settings: PlainSettings, samplingRate: number): Layout {
  const scale = plainScale(settings);
  return {
    stream: {
      name: "AD8232-plain",
      type: "ECG",
      channels: settings.channels.map((label) => ({
        label,
        unit: scale.unit,
        unitsPerCount: scale.unitsPerCount,
      })),
      nominalSamplingRate: samplingRate,
      description: {
        model: "SparkFun AD8232 example",
        fitForInterbeatIntervals: false,
        vrefVolts: settings.vrefVolts,
        gain: settings.gain ?? "unknown",
      },
    },
    codec: new PlainCodec(scale),
    hasDeviceClock: false,
    declaredLatencySeconds: settings.declaredLatencySeconds + latencySeconds(settings.baudRate),
  };
}
