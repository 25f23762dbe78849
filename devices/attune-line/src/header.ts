import { HeaderError } from "./errors.ts";

/** What a board says of itself in its header line. */
export interface LineHeader {
  readonly samplingRate: number;
  /** Labels, one for each value of a data line. */
  readonly channels: readonly string[];
  /** `adc`: raw counts of the converter. Otherwise the values are whole numbers of this unit. */
  readonly unit: "adc" | "uV" | "mV" | "V";
  /** Reference of the converter; NaN when the board does not say. */
  readonly vrefVolts: number;
  /** Resolution of the converter; NaN when the board does not say. */
  readonly bits: number;
  /** Gain in front of the converter; NaN when the board does not know (`gain=0`, `gain=?` or absent). */
  readonly gain: number;
}

export const LINE_PROTOCOL_VERSION = 1;
const UNITS = ["adc", "uV", "mV", "V"] as const;

/** Does a text line (without its end) claim to be a header? */
export const isHeaderLine = (line: string): boolean => line.startsWith("#ATTUNE");

/**
 * Read `#ATTUNE 1 rate=500 ch=ecg unit=adc vref=3.3 bits=10 gain=1100`. Fields come in any order, separated by blanks;
 * unknown ones are ignored, so that a later sketch may say more. Several channels are separated by commas.
 *
 * @throws HeaderError naming the field when one is missing or impossible, or when the version is not 1
 */
export function parseHeader(line: string): LineHeader {
  const [tag, version, ...rest] = line.trim().split(/\s+/);
  if (tag !== "#ATTUNE")
    throw new HeaderError(`"${clip(line)}" is no header line; it must begin with #ATTUNE.`);
  if (version !== String(LINE_PROTOCOL_VERSION))
    throw new HeaderError(
      `The board speaks version "${version ?? ""}" of the line protocol, this reader knows ${LINE_PROTOCOL_VERSION}; flash the matching sketch.`,
    );
  const fields = new Map(
    rest.map((field): [string, string] => {
      const equals = field.indexOf("=");
      return equals < 0 ? [field, ""] : [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
  const channels = (fields.get("ch") ?? "").split(",").filter((label) => label !== "");
  if (channels.length === 0) throw missing("ch", "ch=ecg", line);
  const unit = UNITS.find((known) => known === (fields.get("unit") ?? "adc"));
  if (unit === undefined)
    throw new HeaderError(
      `The header's unit "${fields.get("unit")}" is not known; use one of ${UNITS.join(", ")}.`,
    );
  const samplingRate = Number(fields.get("rate") ?? Number.NaN);
  if (!(samplingRate > 0 && samplingRate <= 100_000)) throw missing("rate", "rate=500 (per second)", line);
  const bits = number(fields.get("bits"));
  if (unit === "adc" && !(Number.isInteger(bits) && bits >= 1 && bits <= 32))
    throw missing("bits", "bits=10 (1 to 32)", line);
  return {
    samplingRate,
    channels,
    unit,
    bits,
    vrefVolts: positive(number(fields.get("vref"))),
    gain: positive(number(fields.get("gain"))),
  };
}

/** The line that `parseHeader` reads, without its end. */
export function formatHeader(header: LineHeader): string {
  const { samplingRate, channels, unit, vrefVolts, bits, gain } = header;
  return [
    `#ATTUNE ${LINE_PROTOCOL_VERSION} rate=${samplingRate} ch=${channels.join(",")} unit=${unit}`,
    ...(Number.isNaN(vrefVolts) ? [] : [`vref=${vrefVolts}`]),
    ...(Number.isNaN(bits) ? [] : [`bits=${bits}`]),
    `gain=${Number.isNaN(gain) ? 0 : gain}`,
  ].join(" ");
}

const number = (text: string | undefined): number =>
  text === undefined || text === "" ? Number.NaN : Number(text);
const positive = (value: number): number => (value > 0 ? value : Number.NaN);
const clip = (line: string): string => (line.length > 60 ? `${line.slice(0, 60)}...` : line);
const missing = (field: string, example: string, line: string): HeaderError =>
  new HeaderError(
    `The header line "${clip(line)}" lacks a usable ${field}; expected something like ${example}.`,
  );
