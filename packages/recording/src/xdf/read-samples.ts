import type { CachedSource } from "../bytes/cached-source.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { readLength } from "./walk-samples.ts";

export interface XdfWindow {
  /** `[nChannels, nSamples]`, channel-major; empty for string streams. int64 beyond 2^53 is rounded. */
  readonly data: Float64Array;
  /** `[nSamples]`, as in the file (omitted stamps deduced), seconds on the stream's clock. */
  readonly deviceTime: Float64Array;
  /** `[nSamples * nChannels]`, sample by sample; only for string streams. */
  readonly text: string[];
  /** `[nChannels, nSamples]`; only for int64 streams, exact. */
  readonly integers: BigInt64Array;
}

/** Decode samples `[first, first + count)` of one stream. Reads only the runs that hold them. */
export async function readXdfSamples(
  source: CachedSource,
  stream: XdfStreamIndex,
  first: number,
  count: number,
): Promise<XdfWindow> {
  const nSamples = Math.max(0, Math.min(count, stream.nSamples - first));
  const nChannels = stream.header.channels.length;
  const { format } = stream.header;
  const data = new Float64Array(format === "string" ? 0 : nChannels * nSamples);
  const deviceTime = new Float64Array(nSamples);
  const integers = new BigInt64Array(format === "int64" ? nChannels * nSamples : 0);
  const text: string[] = [];
  if (nSamples === 0) return { data, deviceTime, text, integers };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const rate = stream.header.nominalSamplingRate;
  const interval = rate > 0 ? 1 / rate : 0;
  const last = first + nSamples - 1;

  for (let r = stream.runOf(first); r < stream.nRuns; r++) {
    const runFirst = stream.runFirst.at(r);
    if (runFirst > last) break;
    const runEnd = r + 1 < stream.nRuns ? stream.runFirst.at(r + 1) : stream.nSamples;
    const position = stream.runPosition.at(r);
    await source.use(position, stream.runBytes.at(r), (bytes) => decodeRun(bytes, r, runFirst, runEnd));
  }
  return { data, deviceTime, text, integers };

  function decodeRun(bytes: Uint8Array, run: number, runFirst: number, runEnd: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let previous = stream.runPrevious.at(run);
    let p = 0;
    const stop = Math.min(runEnd, last + 1);
    for (let k = runFirst; k < stop; k++) {
      const wanted = k >= first;
      let stamp = previous + interval;
      if (bytes[p++] !== 0) {
        stamp = view.getFloat64(p, true);
        p += 8;
      }
      previous = stamp;
      const column = k - first;
      if (wanted) deviceTime[column] = stamp;
      if (format === "string") {
        for (let c = 0; c < nChannels; c++) {
          const width = bytes[p]!;
          const length = readLength(view, p + 1, width);
          p += 1 + width;
          if (wanted) text.push(decoder.decode(bytes.subarray(p, p + length)));
          p += length;
        }
        continue;
      }
      if (wanted) readValues(view, p, stream, data, integers, column, nSamples);
      p += stream.sampleBytes;
    }
  }
}

function readValues(
  view: DataView,
  position: number,
  stream: XdfStreamIndex,
  data: Float64Array,
  integers: BigInt64Array,
  column: number,
  nSamples: number,
): void {
  const nChannels = stream.header.channels.length;
  let p = position;
  let i = column;
  switch (stream.header.format) {
    case "float32":
      for (let c = 0; c < nChannels; c++, p += 4, i += nSamples) data[i] = view.getFloat32(p, true);
      break;
    case "double64":
      for (let c = 0; c < nChannels; c++, p += 8, i += nSamples) data[i] = view.getFloat64(p, true);
      break;
    case "int8":
      for (let c = 0; c < nChannels; c++, p += 1, i += nSamples) data[i] = view.getInt8(p);
      break;
    case "int16":
      for (let c = 0; c < nChannels; c++, p += 2, i += nSamples) data[i] = view.getInt16(p, true);
      break;
    case "int32":
      for (let c = 0; c < nChannels; c++, p += 4, i += nSamples) data[i] = view.getInt32(p, true);
      break;
    case "int64":
      for (let c = 0; c < nChannels; c++, p += 8, i += nSamples) {
        const value = view.getBigInt64(p, true);
        integers[i] = value;
        data[i] = Number(value);
      }
      break;
  }
}
