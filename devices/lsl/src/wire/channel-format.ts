import type { ChannelFormat } from "../api/stream-info.ts";

export type NumericFormat = Exclude<ChannelFormat, "string">;
export type NumericValues = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array;

const sizes: Readonly<Record<ChannelFormat, number>> = {
  float32: 4,
  double64: 8,
  string: 0,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
};

export const channelFormats = Object.keys(sizes) as readonly ChannelFormat[];

export function isChannelFormat(text: string): text is ChannelFormat {
  return Object.hasOwn(sizes, text);
}

/** Bytes of one value; 0 for strings. */
export function bytesPerValue(format: ChannelFormat): number {
  return sizes[format];
}

export function isFloat(format: ChannelFormat): boolean {
  return format === "float32" || format === "double64";
}

/** The typed array of a format over a buffer, from its start. */
export function valuesOver(format: NumericFormat, buffer: ArrayBuffer, length: number): NumericValues {
  switch (format) {
    case "float32":
      return new Float32Array(buffer, 0, length);
    case "double64":
      return new Float64Array(buffer, 0, length);
    case "int8":
      return new Int8Array(buffer, 0, length);
    case "int16":
      return new Int16Array(buffer, 0, length);
    case "int32":
      return new Int32Array(buffer, 0, length);
    case "int64":
      return new BigInt64Array(buffer, 0, length);
  }
}

export function allocateValues(format: NumericFormat, length: number): NumericValues {
  return valuesOver(format, new ArrayBuffer(length * sizes[format]), length);
}

/** Order of the words of a 64-bit value in this machine's memory. */
export const hostIsLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
