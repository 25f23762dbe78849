import type { SampleFormat, Stream } from "@attune/signal";
import type { ChunkPlace } from "../session/session-record.ts";
import { misfitOf } from "../xdf/xdf-encoder.ts";

/** A stream of the session as it stands in the file. */
export interface BookedStream {
  /** Number of the XDF stream. */
  readonly number: number;
  readonly stream: Stream;
  readonly format: SampleFormat;
  /** Samples handed over so far, without those that were left out. */
  nRows: number;
}

/** Samples that follow each other both in the file and by the device's counter. */
interface Stretch {
  readonly booked: BookedStream;
  readonly firstSample: number;
  readonly row: number;
  nSamples: number;
}

/** How far back the analysis may be behind the recorder, in gaps of one stream. */
const MAX_STRETCHES = 4096;

/**
 * Which XDF stream holds which samples. A stream of the session has one XDF stream, or several one after the other: when its
 * layout changes, or when values come that its format cannot hold.
 */
export class StreamBook {
  readonly #current = new Map<string, BookedStream>();
  readonly #stretches = new Map<string, Stretch[]>();
  #nextNumber: number;

  constructor(firstNumber: number) {
    this.#nextNumber = firstNumber;
  }

  current(streamId: string): BookedStream | undefined {
    return this.#current.get(streamId);
  }

  /** A new XDF stream for the stream, from now on. */
  open(stream: Stream, format: SampleFormat): BookedStream {
    const booked: BookedStream = { number: this.#nextNumber++, stream, format, nRows: 0 };
    this.#current.set(stream.id, booked);
    return booked;
  }

  /** Samples were written at the end of a stream. */
  advance(booked: BookedStream, firstSample: number, nSamples: number): void {
    const { id } = booked.stream;
    const stretches = this.#stretches.get(id) ?? [];
    this.#stretches.set(id, stretches);
    const last = stretches.at(-1);
    const follows =
      last?.booked === booked &&
      last.row + last.nSamples === booked.nRows &&
      last.firstSample + last.nSamples === firstSample;
    if (follows) last.nSamples += nSamples;
    else stretches.push({ booked, firstSample, row: booked.nRows, nSamples });
    if (stretches.length > MAX_STRETCHES) stretches.splice(0, stretches.length - MAX_STRETCHES / 2);
    booked.nRows += nSamples;
  }

  /** Where samples `[firstSample, firstSample + nSamples)` were written last; undefined when they were not. */
  place(streamId: string, firstSample: number, nSamples: number): ChunkPlace | undefined {
    const stretches = this.#stretches.get(streamId) ?? [];
    for (let i = stretches.length - 1; i >= 0; i--) {
      const { booked, firstSample: first, row, nSamples: n } = stretches[i]!;
      if (firstSample >= first && firstSample + nSamples <= first + n)
        return { stream: booked.number, row: row + firstSample - first };
    }
    const booked = this.#current.get(streamId);
    return nSamples === 0 && booked ? { stream: booked.number, row: booked.nRows } : undefined;
  }
}

/** Whether every value comes back from a format as the same number. An integer format has no NaN. */
export function fitsFormat(data: Float64Array, format: SampleFormat): boolean {
  if (format !== "float32") return misfitOf(data, format) === undefined;
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    if (Math.fround(x) !== x && !Number.isNaN(x)) return false;
  }
  return true;
}

export const sameLayout = (a: Stream, b: Stream): boolean =>
  a.nominalSamplingRate === b.nominalSamplingRate &&
  a.sampleFormat === b.sampleFormat &&
  a.channels.length === b.channels.length &&
  a.channels.every((channel, c) => {
    const other = b.channels[c]!;
    return (
      channel.label === other.label &&
      channel.unit === other.unit &&
      channel.unitsPerCount === other.unitsPerCount
    );
  });
