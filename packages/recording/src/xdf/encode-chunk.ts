import { BOUNDARY_UUID, type ChannelFormat, TAG, VALUE_BYTES } from "./format.ts";

const utf8 = new TextEncoder();

/** `[NumLengthBytes][Length][Tag][content]`; lengths of 1, 4 or 8 bytes. */
export function encodeChunk(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  const width = length < 256 ? 1 : length < 2 ** 32 ? 4 : 8;
  const chunk = new Uint8Array(1 + width + length);
  const view = new DataView(chunk.buffer);
  chunk[0] = width;
  if (width === 1) chunk[1] = length;
  else if (width === 4) view.setUint32(1, length, true);
  else view.setBigUint64(1, BigInt(length), true);
  view.setUint16(1 + width, tag, true);
  chunk.set(content, 3 + width);
  return chunk;
}

/** File header: the document alone. Stream header and footer: stream id, then the document. */
export function encodeMarkup(tag: number, xml: string, streamId?: number): Uint8Array {
  const text = utf8.encode(xml);
  if (streamId === undefined) return encodeChunk(tag, text);
  const content = new Uint8Array(4 + text.length);
  new DataView(content.buffer).setUint32(0, streamId, true);
  content.set(text, 4);
  return encodeChunk(tag, content);
}

export const encodeBoundary = (): Uint8Array => encodeChunk(TAG.boundary, BOUNDARY_UUID);

export function encodeClockOffset(streamId: number, collectedAt: number, offset: number): Uint8Array {
  const content = new Uint8Array(20);
  const view = new DataView(content.buffer);
  view.setUint32(0, streamId, true);
  view.setFloat64(4, collectedAt, true);
  view.setFloat64(12, offset, true);
  return encodeChunk(TAG.clockOffset, content);
}

/** Samples of one chunk before encoding: numbers or exact integers channel-major, text sample by sample. */
export interface SampleValues {
  readonly data?: Float64Array;
  readonly integers?: BigInt64Array;
  readonly text?: readonly string[];
}

/**
 * A samples chunk. A stamp is left out only where a reader deduces the very same number: previous stamp plus
 * 1 / rate, to the bit.
 *
 * @param previousStamp last stamp of the stream so far, 0 at its beginning
 */
export function encodeSamples(
  streamId: number,
  format: ChannelFormat,
  nChannels: number,
  samplingRate: number,
  stamps: Float64Array,
  values: SampleValues,
  previousStamp: number,
): Uint8Array {
  const nSamples = stamps.length;
  const text = format === "string" ? (values.text ?? []).map((label) => utf8.encode(label)) : [];
  let bytes = 9 + nSamples * (9 + nChannels * VALUE_BYTES[format]);
  for (const label of text) bytes += 5 + label.length;
  const content = new Uint8Array(bytes);
  const view = new DataView(content.buffer);
  view.setUint32(0, streamId, true);
  view.setUint8(4, 4);
  view.setUint32(5, nSamples, true);
  const interval = samplingRate > 0 ? 1 / samplingRate : 0;
  let previous = previousStamp;
  let p = 9;
  for (let n = 0; n < nSamples; n++) {
    const stamp = stamps[n]!;
    if (stamp !== previous + interval || interval === 0) {
      view.setUint8(p, 8);
      view.setFloat64(p + 1, stamp, true);
      p += 8;
    }
    p += 1;
    previous = stamp;
    for (let c = 0; c < nChannels; c++) {
      if (format === "string") {
        const label = text[n * nChannels + c]!;
        if (label.length < 256) view.setUint16(p, 1 + label.length * 256, true);
        else {
          view.setUint8(p, 4);
          view.setUint32(p + 1, label.length, true);
        }
        p += label.length < 256 ? 2 : 5;
        content.set(label, p);
        p += label.length;
      } else {
        writeNumber(view, p, format, values, c * nSamples + n);
        p += VALUE_BYTES[format];
      }
    }
  }
  return encodeChunk(TAG.samples, content.subarray(0, p));
}

function writeNumber(
  view: DataView,
  p: number,
  format: ChannelFormat,
  values: SampleValues,
  i: number,
): void {
  if (format === "int64") {
    view.setBigInt64(p, values.integers ? values.integers[i]! : BigInt(Math.round(values.data![i]!)), true);
    return;
  }
  const value = values.data![i]!;
  if (format === "float32") view.setFloat32(p, value, true);
  else if (format === "double64") view.setFloat64(p, value, true);
  else if (format === "int8") view.setInt8(p, value);
  else if (format === "int16") view.setInt16(p, value, true);
  else view.setInt32(p, value, true);
}
