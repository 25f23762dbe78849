import { mulberry32 } from "@attune/core";
import type { SampleFormat } from "@attune/signal";
import type { PeerValues } from "../../support/liblsl/index.ts";

export const FORMATS: readonly SampleFormat[] = [
  "float32",
  "double64",
  "int8",
  "int16",
  "int32",
  "int64",
  "string",
];
/** `each`: a stamp per sample. `deduced`: one per chunk, the others follow at the rate. `irregular`: rate 0, pushed singly. */
export const STAMPINGS = ["each", "deduced", "irregular"] as const;
export type Stamping = (typeof STAMPINGS)[number];
const CHANNEL_COUNTS = [1, 8, 70, 256];

export interface ExchangeCase {
  readonly format: SampleFormat;
  readonly stamping: Stamping;
  readonly channelCount: number;
}

const isLong = process.env.ATTUNE_LONG === "1";

/** Formats that are searched for at once: liblsl needs a second for a search, and finds no more streams than it has ports. */
export const BATCHES: readonly (readonly SampleFormat[])[] = isLong
  ? FORMATS.map((format) => [format])
  : [FORMATS];

/** All of them, or, unless `ATTUNE_LONG=1`, as many as hold every pair of two properties (28 of 84). */
export function casesOf(format: SampleFormat): ExchangeCase[] {
  return CHANNEL_COUNTS.flatMap((channelCount, c) =>
    STAMPINGS.filter((_, s) => isLong || s === (FORMATS.indexOf(format) + c) % STAMPINGS.length).map(
      (stamping) => ({ format, stamping, channelCount }),
    ),
  );
}

export const SAMPLES = 48;
export const RATE = 500;
/** Not a binary fraction in any step, so that every rounding shows. */
const START = 70_123.456_789;

/** Values that damage would change: extremes, signed zeros, infinities, NaN, subnormals, text of every width. */
const SPECIAL: { readonly [F in Exclude<SampleFormat, "int64" | "string">]: readonly number[] } = {
  float32: [0, -0, 1e-45, -1e-40, 3.402_823_466_385_288_6e38, Infinity, -Infinity, Number.NaN, 16_777_217],
  double64: [0, -0, 5e-324, -1e-310, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN, 2 ** 53 + 2],
  int8: [0, 1, -1, 127, -128],
  int16: [0, 1, -1, 32_767, -32_768],
  int32: [0, 1, -1, 2_147_483_647, -2_147_483_648],
};
const SPECIAL_INT64 = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
const SPECIAL_TEXT: readonly Uint8Array[] = [
  "",
  "marker",
  "gaze.adult=direct",
  "Größe µV 眼",
  "x".repeat(255),
  "y".repeat(256),
  "a\0b",
  `${"z".repeat(70_000)}`,
].map((text) => new TextEncoder().encode(text));
const NOT_UTF8 = Uint8Array.of(0xff, 0xfe, 0x80, 0x41);

/** `[sample, channel]` values of a case, the same in every run. */
export function valuesOf({
  format,
  channelCount,
}: ExchangeCase): Exclude<PeerValues, readonly unknown[]> | Uint8Array[] {
  const n = SAMPLES * channelCount;
  const uniform = mulberry32(channelCount);
  if (format === "string") {
    const choices = [...SPECIAL_TEXT.slice(0, channelCount === 1 ? undefined : -1), NOT_UTF8];
    return Array.from({ length: n }, (_, k) => choices[k < choices.length ? k : Math.floor(uniform() * 4)]!);
  }
  if (format === "int64")
    return BigInt64Array.from({ length: n }, (_, k) =>
      BigInt.asIntN(64, SPECIAL_INT64[k] ?? (BigInt(Math.floor(uniform() * 2 ** 32)) << 32n) + BigInt(k)),
    );
  const special = SPECIAL[format];
  const make = {
    float32: Float32Array,
    double64: Float64Array,
    int8: Int8Array,
    int16: Int16Array,
    int32: Int32Array,
  }[format];
  const values = new make(n);
  for (let k = 0; k < n; k++) values[k] = special[k] ?? (uniform() - 0.5) * 2 ** 33;
  return values;
}

/** `[sample]` stamps for `each` and `irregular`: uneven, sometimes going back. */
export function stampsOf({ channelCount }: ExchangeCase): Float64Array {
  const uniform = mulberry32(1000 + channelCount);
  return Float64Array.from({ length: SAMPLES }, (_, n) => START + n / RATE + 0.01 * (uniform() - 0.5));
}

/** Stamp of the last sample of a chunk pushed with one stamp. */
export const LAST_STAMP = START + SAMPLES / RATE;

/**
 * The stamps that a chunk has after its deduction as liblsl does it: the first lies (n - 1) / rate before the one given, then
 * each is the one before plus 1 / rate.
 */
export function deducedStamps(): Float64Array {
  const stamps = new Float64Array(SAMPLES);
  let stamp = LAST_STAMP - (SAMPLES - 1) / RATE;
  for (let n = 0; n < SAMPLES; n++) {
    stamps[n] = stamp;
    stamp += 1 / RATE;
  }
  return stamps;
}

/** liblsl before 1.15 cuts what it hands out at the first NUL. */
export function cutAtNul(text: Uint8Array): Uint8Array {
  const end = text.indexOf(0);
  return end < 0 ? text : text.subarray(0, end);
}

/** Bytes of values, so that -0, NaN and the last bit count. */
export function bitsOf(values: ArrayBufferView | readonly Uint8Array[]): string {
  if (ArrayBuffer.isView(values))
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
  return values.map((text) => Buffer.from(text).toString("base64")).join(",");
}
