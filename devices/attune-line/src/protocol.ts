import { type ByteProtocol, DeviceError, type Layout, type Link } from "@attune/device-kit";
import { LineCodec } from "./codec.ts";
import { LINE_MODULUS } from "./data-line.ts";
import { HeaderError } from "./errors.ts";
import { type LineHeader, parseHeader } from "./header.ts";
import { lineScale } from "./scale.ts";
import type { LineSettings } from "./settings.ts";

/** An Uno restarts when its port is opened and is deaf for 1 to 2 s. */
const ATTEMPTS = 6;
const ANSWER_SECONDS = 1;
/** Lines under way when the board is told to stop. */
const STOP_SECONDS = 0.1;
/** Conversion (0.11 ms) and the sending of a line; what the USB chip and the driver add is in the arrival model. */
const LATENCY_SECONDS = 0.0016;

/** How the `#ATTUNE` board is spoken to: `s`, `?` until two equal headers have come, then `b` and `s`. */
export function lineProtocol(settings: LineSettings): ByteProtocol {
  return {
    async configure(link, report) {
      const header = settledHeader(await readHeaderTwice(link), settings);
      let warned = false;
      return layoutOf(header, settings, () => {
        if (!warned) report({ kind: "warning", message: overran(settings, header) });
        warned = true;
      });
    },
    start: (link) => link.write("b"),
    stop: (link) => link.write("s"),
  };
}

/** The header has no checksum: it is believed when it comes twice in the same words. */
async function readHeaderTwice(link: Link): Promise<LineHeader> {
  let before: string | undefined;
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (before === undefined) {
      await link.write("s");
      await link.pause(STOP_SECONDS);
      await link.discard();
    }
    await link.write("?");
    let line: string;
    try {
      line = headerIn(await link.readText(/#ATTUNE[^\n]*\n/, ANSWER_SECONDS));
    } catch (error) {
      if (!(error instanceof DeviceError) || !error.retryable) throw error;
      failure = error;
      before = undefined;
      continue;
    }
    if (line === before) return parse(line);
    before = line;
  }
  if (before === undefined && (await hears(link)))
    throw new DeviceError(
      "The board sends something, but no #ATTUNE header line; check the baud rate and that the attune-line sketch is on it.",
      { retryable: false, cause: failure },
    );
  throw (
    failure ??
    new DeviceError(
      "The board's header line came in different words each time; check the cable and the baud rate.",
    )
  );
}

const headerIn = (text: string): string => text.slice(text.lastIndexOf("#ATTUNE")).trim();

function parse(line: string): LineHeader {
  try {
    return parseHeader(line);
  } catch (cause) {
    if (!(cause instanceof HeaderError)) throw cause;
    throw new DeviceError(cause.message, { retryable: false, cause });
  }
}

async function hears(link: Link): Promise<boolean> {
  return link.readBytes(1, 0.05).then(
    () => true,
    () => false,
  );
}

function settledHeader(header: LineHeader, { channels, gain, vrefVolts }: LineSettings): LineHeader {
  if (channels && channels.length !== header.channels.length)
    throw new DeviceError(
      `The board sends ${header.channels.length} channels (${header.channels.join(", ")}), the settings name ${channels.length}; give one label for each.`,
      { retryable: false },
    );
  return {
    ...header,
    channels: channels ?? header.channels,
    gain: gain ?? header.gain,
    vrefVolts: vrefVolts ?? header.vrefVolts,
  };
}

const overran = ({ port, baudRate }: LineSettings, { samplingRate }: LineHeader): string =>
  `The board at ${port} lost samples before sending them: ${baudRate} baud or the board itself is too slow for ${samplingRate} lines per second; raise BAUD or lower SAMPLING_RATE in its sketch.`;

function layoutOf(header: LineHeader, settings: LineSettings, onOverrun: () => void): Layout {
  const { type, declaredLatencySeconds } = settings;
  const { samplingRate, channels, bits, vrefVolts, gain } = header;
  const scale = lineScale(header);
  const counts = header.unit === "adc" ? { unitsPerCount: scale.unitsPerCount } : {};
  const sayIfKnown = (value: number): number | "unknown" => (Number.isNaN(value) ? "unknown" : value);
  return {
    stream: {
      name: "Attune-Line",
      type,
      channels: channels.map((label) => ({ label, unit: scale.unit, ...counts })),
      nominalSamplingRate: samplingRate,
      description: {
        protocol: "ATTUNE 1",
        vrefVolts: sayIfKnown(vrefVolts),
        bits: sayIfKnown(bits),
        gain: sayIfKnown(gain),
      },
    },
    codec: new LineCodec({ nChannels: channels.length, samplingRate, scale, onOverrun }),
    counterModulus: LINE_MODULUS,
    hasDeviceClock: true,
    declaredLatencySeconds: declaredLatencySeconds + LATENCY_SECONDS,
  };
}
