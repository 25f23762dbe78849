import {
  type ClockFit,
  type ClockLine,
  clockOffsetAt,
  type DejitteredStamps,
  dejitterGapAware,
  dejitterPyxdf,
  fitClockModel,
  isLastOffsetOdd,
  type StampSegment,
  splitSamplesAtResets,
} from "@attune/core";
import type { RecordingClock, RecordingGap, Timing } from "../recording.ts";
import type { XdfStreamIndex } from "./stream-index.ts";

/** Recorder time of every sample of a stream, without holding one number per sample. */
export interface StreamTiming {
  readonly nSamples: number;
  readonly clock: RecordingClock;
  readonly effectiveSamplingRate: number;
  /** Times are recorder time until the recording's epoch is subtracted. */
  readonly gaps: readonly RecordingGap[];
  /** Samples whose stamps were not believed. */
  readonly excursions: readonly { readonly first: number; readonly last: number }[];
  readonly firstTime: number;
  readonly lastTime: number;
  /** Earliest stamp plus offset: where the stream's clock begins. */
  readonly offsets: { readonly times: Float64Array; readonly values: Float64Array };
  /** Write the recorder time of samples `[first, first + n)` into `out`, given their stamps. */
  fill(out: Float64Array, first: number, deviceTime: Float64Array): void;
}

interface ClockPiece {
  readonly first: number;
  readonly line: ClockLine;
}

/**
 * Fit clock and jitter of one stream from all its stamps and offsets.
 *
 * @param stamps every stamp of the stream; overwritten, to hold a long recording's stamps only once
 */
export function fitTiming(stream: XdfStreamIndex, stamps: Float64Array, timing: Timing): StreamTiming {
  const { header } = stream;
  let times = Float64Array.from(stream.clockTimes);
  let values = Float64Array.from(stream.clockOffsets);
  let nSamples = stamps.length;
  const footerCount = stream.footer?.sampleCount ?? Number.NaN;
  // Some recorders append a few samples and one offset of another clock when a stream closes.
  if (nSamples > footerCount && footerCount >= 0 && times.length >= 3 && isLastOffsetOdd(times, values)) {
    times = times.slice(0, -1);
    values = values.slice(0, -1);
    nSamples = Math.floor(footerCount);
  }
  const used = stamps.subarray(0, nSamples);
  const fits =
    timing === "recorded" ? [] : fitClockModel(times, values, timing === "gap-aware" ? "cautious" : "pyxdf");
  const pieces = clockPieces(used, times, fits);
  const ends = Float64Array.of(used[0] ?? Number.NaN, used[nSamples - 1] ?? Number.NaN);
  const synchronised = used;
  applyClock(synchronised, 0, used, pieces);

  const rate = header.nominalSamplingRate;
  const regular = rate > 0 && !header.canDropSamples && nSamples > 0;
  const lines =
    regular && timing === "gap-aware"
      ? dejitterGapAware(synchronised, rate)
      : regular && timing === "pyxdf"
        ? dejitterPyxdf(synchronised, rate)
        : undefined;
  const fill = (out: Float64Array, first: number, deviceTime: Float64Array): void => {
    if (lines) applySegments(out, first, deviceTime.length, lines.segments);
    else applyClock(out, first, deviceTime, pieces);
  };
  if (nSamples > 0) {
    fill(ends.subarray(0, 1), 0, ends.slice(0, 1));
    fill(ends.subarray(1), nSamples - 1, ends.slice(1));
  }
  const span = ends[1]! - ends[0]!;
  return {
    nSamples,
    clock: describeClock(fits, times.length),
    effectiveSamplingRate: lines?.effectiveSamplingRate ?? (rate > 0 && span > 0 ? (nSamples - 1) / span : 0),
    gaps: lines ? describeGaps(lines) : [],
    excursions: lines?.excursions ?? [],
    firstTime: nSamples > 0 ? ends[0]! : Number.NaN,
    lastTime: nSamples > 0 ? ends[1]! : Number.NaN,
    offsets: { times, values },
    fill,
  };
}

function clockPieces(stamps: Float64Array, times: Float64Array, fits: readonly ClockFit[]): ClockPiece[] {
  const none: ClockLine = { referenceTime: 0, offset: 0, slope: 0 };
  if (fits.length === 0) return [{ first: 0, line: none }];
  const ranges = fits.map((fit) => fit.range);
  const starts = splitSamplesAtResets(stamps, times, ranges);
  return fits.map((fit, i) => ({ first: starts[i]!, line: fit.line }));
}

function applyClock(
  out: Float64Array,
  first: number,
  stamps: Float64Array,
  pieces: readonly ClockPiece[],
): void {
  let piece = 0;
  for (let k = 0; k < stamps.length; k++) {
    while (piece + 1 < pieces.length && pieces[piece + 1]!.first <= first + k) piece++;
    out[k] = stamps[k]! + clockOffsetAt(pieces[piece]!.line, stamps[k]!);
  }
}

function applySegments(out: Float64Array, first: number, n: number, segments: readonly StampSegment[]): void {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.first <= first) low = middle;
    else high = middle - 1;
  }
  for (let k = 0; k < n; k++) {
    while (low + 1 < segments.length && segments[low + 1]!.first <= first + k) low++;
    const segment = segments[low]!;
    out[k] = segment.start + (first + k - segment.first) * segment.interval;
  }
}

function describeClock(fits: readonly ClockFit[], nOffsets: number): RecordingClock {
  const [fit] = fits;
  if (fit === undefined) return { model: "none", offset: 0, driftPpm: 0, nOffsets, residual: 0, nResets: 0 };
  return {
    model: fit.model,
    offset: fit.line.offset,
    driftPpm: fit.line.slope * 1e6,
    nOffsets,
    residual: fit.residual,
    nResets: fits.length - 1,
  };
}

function describeGaps({ cuts, segments }: DejitteredStamps): RecordingGap[] {
  return cuts.map(({ index, kind, missingSeconds }, i) => {
    const after = segments[i + 1]!;
    return { start: after.start - missingSeconds, duration: missingSeconds, kind, sample: index };
  });
}
