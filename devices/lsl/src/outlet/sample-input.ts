import type { ChunkInput } from "../api/outlet.ts";
import { LslStreamError } from "../errors.ts";
import { allocateValues, type NumericFormat, type NumericValues } from "../wire/channel-format.ts";

/**
 * Values as the stream's own typed array: the same array when it is one already, else converted with the rules of typed
 * arrays (integers wrap, fractions are cut).
 */
export function toNumericValues(data: ChunkInput, format: NumericFormat, stream: string): NumericValues {
  if (isOwnType(data, format)) return data as unknown as NumericValues;
  const values = allocateValues(format, data.length);
  for (let k = 0; k < data.length; k++) {
    const value = data[k];
    if (typeof value !== "number" && typeof value !== "bigint")
      throw new LslStreamError(
        `Stream "${stream}" is ${format} and takes numbers, got ${typeof value} at index ${k}.`,
      );
    if (values instanceof BigInt64Array) values[k] = toBigInt(value, stream, k);
    else values[k] = Number(value);
  }
  return values;
}

/** Throws {@link LslStreamError} unless every value is text or bytes. */
export function checkTexts(data: ChunkInput, stream: string): void {
  for (let k = 0; k < data.length; k++) {
    const value: unknown = data[k];
    if (typeof value !== "string" && !(value instanceof Uint8Array))
      throw new LslStreamError(
        `Stream "${stream}" is string and takes text or bytes, got ${typeof value} at index ${k}.`,
      );
  }
}

function toBigInt(value: number | bigint, stream: string, k: number): bigint {
  if (typeof value === "bigint") return value;
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new LslStreamError(
    `Stream "${stream}" is int64 and takes finite numbers, got ${value} at index ${k}.`,
  );
}

function isOwnType(data: ChunkInput, format: NumericFormat): boolean {
  switch (format) {
    case "float32":
      return data instanceof Float32Array;
    case "double64":
      return data instanceof Float64Array;
    case "int8":
      return data instanceof Int8Array;
    case "int16":
      return data instanceof Int16Array;
    case "int32":
      return data instanceof Int32Array;
    case "int64":
      return data instanceof BigInt64Array;
  }
}
