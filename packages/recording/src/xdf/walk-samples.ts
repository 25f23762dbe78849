import type { BlockReader } from "../bytes/block-reader.ts";
import { LARGEST_STAMP } from "./format.ts";
import { GrowingNumbers } from "./growing.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { ZeroRun } from "./zero-run.ts";

const RUN_BYTES = 1 << 18;

/** Outcome of walking through the samples of a chunk: nothing is believed yet. */
export interface SampleWalk {
  readonly nSamples: number;
  /** Position after the last whole sample. */
  readonly end: number;
  /** Why it stopped: `count` and `limit` are regular ends, `short` is the end of the file inside a sample. */
  readonly stopped: "count" | "limit" | "short" | "invalid";
  /** Start of the last sample. */
  readonly lastSample: number;
}

/** What a walk found, reused from chunk to chunk. */
export class WalkDraft {
  readonly stamps = new GrowingNumbers();
  readonly runPosition = new GrowingNumbers();
  /** Samples of this chunk before the run. */
  readonly runFirst = new GrowingNumbers();
  readonly runPrevious = new GrowingNumbers();
  /** Samples `[from, to]` that a block of zeros overwrote. A run begins at the first sample after each. */
  readonly holes: { from: number; to: number }[] = [];
  /** Stamps that are announced by another number than 8 (only in a lenient walk). */
  oddMarks = 0;
  /** Index of the first sample whose stamp stands in the file; -1 when all are deduced. */
  firstExplicit = -1;

  clear(): void {
    this.stamps.truncate(0);
    this.runPosition.truncate(0);
    this.runFirst.truncate(0);
    this.runPrevious.truncate(0);
    this.holes.length = 0;
    this.oddMarks = 0;
    this.firstExplicit = -1;
  }
}

/**
 * Step from sample to sample between `position` and `limit`, at most `count` of them. Checks what can be checked:
 * the byte that announces a stamp is 0 or 8 (any non-zero when `lenient`), stamps are finite and of this world,
 * lengths of strings stay inside. Memory grows with the samples that are there, never with `count`.
 */
export async function walkSamples(
  reader: BlockReader,
  stream: XdfStreamIndex,
  position: number,
  limit: number,
  count: number,
  draft: WalkDraft,
  lenient = false,
): Promise<SampleWalk> {
  draft.clear();
  const { bytes, view } = reader;
  const text = stream.header.format === "string";
  const nChannels = stream.header.channels.length;
  const valueBytes = stream.sampleBytes;
  const rate = stream.header.nominalSamplingRate;
  const interval = rate > 0 ? 1 / rate : 0;
  const headroom = 9 + (text ? 0 : valueBytes);
  let previous = stream.lastStamp;
  let p = position;
  let n = 0;
  let lastSample = position;
  let runStart = Number.NEGATIVE_INFINITY;
  const zeros = new ZeroRun(reader, valueBytes);

  while (n < count && p < limit) {
    if (!reader.has(p, headroom)) await reader.load(p);
    const start = reader.start;
    const available = reader.end;
    // Walk without awaiting as far as the window reaches.
    do {
      const at = p - start;
      const announced = bytes[at]!;
      if (announced !== 0 && announced !== 8 && !lenient) return stop("invalid");
      let stamp = previous + interval;
      let next = p + 1;
      if (announced !== 0) {
        if (next + 8 > available) return stop("short");
        stamp = view.getFloat64(at + 1, true);
        if (!(stamp > -LARGEST_STAMP && stamp < LARGEST_STAMP)) return stop("invalid");
        if (draft.firstExplicit < 0) draft.firstExplicit = n;
        if (announced !== 8) draft.oddMarks++;
        next += 8;
      }
      if (text) {
        for (let c = 0; c < nChannels; c++) {
          if (!reader.has(next, 9)) await reader.load(next);
          if (next >= reader.size) return stop("short");
          const width = bytes[next - reader.start]!;
          if (width !== 1 && width !== 4 && width !== 8) return stop("invalid");
          if (next + 1 + width > reader.end) return stop("short");
          const length = readLength(view, next + 1 - reader.start, width);
          next += 1 + width + length;
          if (next > reader.size) return stop("short");
        }
      } else {
        next += valueBytes;
        if (next > reader.size) return stop("short");
        const values = next - valueBytes - start;
        if (bytes[values] === 0 || zeros.open) {
          let leading = 0;
          while (leading < valueBytes && bytes[values + leading] === 0) leading++;
          if (leading === valueBytes && announced === 0) zeros.extend(n, p);
          else if (zeros.open) {
            const hole = zeros.close(n, announced === 0 ? leading : 0);
            if (hole) draft.holes.push(hole);
          }
        }
        if (draft.holes.length > 0 && draft.holes[draft.holes.length - 1]!.to === n - 1)
          runStart = Number.NEGATIVE_INFINITY;
      }
      if (p - runStart >= RUN_BYTES) {
        draft.runPosition.push(p);
        draft.runFirst.push(n);
        draft.runPrevious.push(previous);
        runStart = p;
      }
      draft.stamps.push(stamp);
      previous = stamp;
      lastSample = p;
      p = next;
      n++;
    } while (!text && n < count && p < limit && p + headroom <= available);
  }
  if (zeros.open) {
    const hole = zeros.close(n, 0);
    if (hole) draft.holes.push({ from: hole.from, to: n - 1 });
  }
  return { nSamples: n, end: p, stopped: n >= count ? "count" : "limit", lastSample };

  function stop(stopped: "short" | "invalid"): SampleWalk {
    return { nSamples: n, end: p, stopped, lastSample };
  }
}

/** Length of 1, 4 or 8 bytes. 8-byte lengths above 2^53 come out inexact and are too large anyway. */
export function readLength(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 4) return view.getUint32(at, true);
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 4294967296;
}
