import type { ChannelFormat } from "../api/stream-info.ts";
import { allocateValues, type NumericFormat, type NumericValues } from "./channel-format.ts";
import type { DecodedSamples } from "./sample-decoder.ts";
import { type ChunkStamps, SampleEncoder } from "./sample-encoder.ts";

/** The two samples that precede the data carry these offsets, in this order, and this stamp. */
export const patternOffsets = [4, 2] as const;
export const patternTimestamp = 123456.789;

/** `[channelCount]`: magnitude by format, positive for even channels and negative for odd ones. */
export function numericTestPattern(
  format: NumericFormat,
  channelCount: number,
  offset: number,
): NumericValues {
  const values = allocateValues(format, channelCount);
  for (let c = 0; c < channelCount; c++) {
    const sign = c % 2 === 0 ? 1 : -1;
    if (values instanceof BigInt64Array) values[c] = BigInt(sign * (c + offset + 2147483649));
    else values[c] = sign * magnitude(format, c + offset);
  }
  return values;
}

/** `[channelCount]`, the same for both samples. */
export function stringTestPattern(channelCount: number): string[] {
  return Array.from({ length: channelCount }, (_, c) => String((c % 2 === 0 ? 1 : -1) * (c + 10)));
}

/** Both samples in wire form, little-endian. */
export function encodedTestPattern(format: ChannelFormat, channelCount: number): Uint8Array {
  const encoder = new SampleEncoder(format, channelCount, 1024);
  const stamps: ChunkStamps = { array: undefined, first: patternTimestamp, period: 0, deduceRest: false };
  for (const offset of patternOffsets) {
    if (format === "string") encoder.appendStrings(stringTestPattern(channelCount), 0, stamps);
    else encoder.appendNumbers(numericTestPattern(format, channelCount, offset), 0, 1, stamps);
  }
  return encoder.take().bytes;
}

function magnitude(format: NumericFormat, k: number): number {
  switch (format) {
    case "float32":
      return k;
    case "double64":
      return k + 16777217;
    case "int32":
      return (k + 65537) % 2147483647;
    case "int16":
      return (k + 257) % 32767;
    case "int8":
      return (k + 1) % 127;
    case "int64":
      return k + 2147483649;
  }
}

/** Whether a decoded sample is not the test sample with this offset, bit for bit. */
export function differsFromTestPattern(
  samples: DecodedSamples,
  format: ChannelFormat,
  channelCount: number,
  offset: number,
): boolean {
  if (samples.timestamps[0] !== patternTimestamp) return true;
  if (format === "string") {
    const text = Buffer.from(samples.text).toString("latin1", 0, samples.textEnds[channelCount - 1] ?? 0);
    const expected = stringTestPattern(channelCount);
    let start = 0;
    return expected.some((value, c) => {
      const from = start;
      start = samples.textEnds[c]!;
      return text.slice(from, start) !== value;
    });
  }
  const expected = numericTestPattern(format, channelCount, offset);
  return expected.some((value: number | bigint, c: number) => samples.values?.[c] !== value);
}
