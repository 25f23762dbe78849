import type { ClockOffset, DeviceOutput, SampleChunk, Stream, TextChunk } from "@attune/signal";
import { RecordingError } from "../errors.ts";
import { type SessionFacts, sessionDescription, streamDescription } from "../session/session-header.ts";
import { encodeFrom, encodeInput, SESSION_STREAM } from "../session/session-record.ts";
import { encodeState, STATES_STREAM } from "../states/marker-input.ts";
import { encodeBoundary, type SampleValues } from "../xdf/encode-chunk.ts";
import { LARGEST_STAMP } from "../xdf/format.ts";
import { XdfEncoder } from "../xdf/xdf-encoder.ts";
import { type BookedStream, fitsFormat, StreamBook, sameLayout } from "./stream-book.ts";

/** XDF number of the session stream; the streams of the devices follow. */
const SESSION_NUMBER = 1;

const markers = (id: string, name: string, label: string): Stream => ({
  id,
  name,
  type: "Markers",
  channels: [{ label, unit: "" }],
  nominalSamplingRate: 0,
  sampleFormat: "string",
});

/** States that devices deliver. */
const STATES = markers("attune-states", STATES_STREAM, "state");
/** Point events that devices deliver: one stream per source, named like it. */
const eventsOf = (source: string): Stream => markers(`attune-events:${source}`, source, "event");

/** Turns what devices deliver and what the analysis takes into XDF chunks. Touches no file, never throws for data. */
export class SessionEncoder {
  readonly #xdf = new XdfEncoder({ explicitStamps: true });
  readonly #book = new StreamBook(SESSION_NUMBER + 1);
  readonly #facts: SessionFacts;
  readonly #push: (chunk: Uint8Array) => void;
  readonly #refuse: (key: string, message: string) => void;
  #records: string[] = [];
  #stamps: number[] = [];
  #recordBytes = 0;
  #nInputs = 0;
  #hole = true;

  /**
   * @param push   takes finished chunks, in the order of the file
   * @param refuse told what cannot be recorded as it came; `key` is the same for the same stream and reason
   */
  constructor(
    facts: SessionFacts,
    push: (chunk: Uint8Array) => void,
    refuse: (key: string, message: string) => void,
  ) {
    this.#facts = facts;
    this.#push = push;
    this.#refuse = refuse;
  }

  /** Inputs that wait for `flushRecords`. */
  get recordBytes(): number {
    return this.#recordBytes;
  }

  /** @throws RecordingError when the settings cannot be written as JSON */
  start(startedAt: string): void {
    this.#push(this.#xdf.fileHeader({ datetime: startedAt }));
    this.#push(
      this.#xdf.addStream(SESSION_NUMBER, {
        ...SESSION_STREAM,
        channels: [{ label: "record", unit: "" }],
        nominalSamplingRate: 0,
        format: "string",
        sourceId: "attune-session",
        desc: sessionDescription(this.#facts),
        info: { session_id: this.#facts.id, created_at: startedAt },
      }),
    );
  }

  /** A stream that is known already is left alone; one whose layout has changed goes on as another XDF stream. */
  addStream(stream: Stream): void {
    const known = this.#book.current(stream.id);
    if (known !== undefined && sameLayout(known.stream, stream)) return;
    this.#open(stream, stream.sampleFormat ?? "double64");
  }

  /** Whether it went into the file. */
  take(item: DeviceOutput): boolean {
    switch (item.kind) {
      case "samples":
        return this.#takeSamples(item);
      case "text":
        return this.#takeText(item);
      case "clock-offset":
        return this.#takeOffset(item);
      case "state":
        return this.#takeMarker(STATES, encodeState(item), item.at);
      case "event":
        return this.#takeMarker(eventsOf(item.source), item.label, item.at);
    }
  }

  /** Something entered the analysis. */
  note(input: Parameters<typeof encodeInput>[0], at: number): boolean {
    const chunk = input.kind === "samples" ? input : undefined;
    const place = chunk && this.#book.place(chunk.streamId, chunk.firstSample, chunk.nSamples);
    const missing = chunk !== undefined && place === undefined;
    if (missing)
      this.#refuse(
        `unseen ${chunk.streamId}`,
        `The analysis took samples of stream "${chunk.streamId}" that are not in the recording; a replay will miss them.`,
      );
    if (this.#hole) this.#addRecord(encodeFrom(this.#nInputs), at);
    this.#hole = false;
    this.#addRecord(encodeInput(input, place), at);
    this.#nInputs++;
    return !missing;
  }

  /** Something entered the analysis and there was no room to say so: a replay will know that it is missing. */
  skip(): void {
    this.#nInputs++;
    this.#hole = true;
  }

  /** Put the inputs so far behind the data they speak of. */
  flushRecords(): void {
    if (this.#records.length === 0) return;
    const stamps = Float64Array.from(this.#stamps);
    const chunk = this.#xdf.samples(SESSION_NUMBER, stamps, { text: this.#records });
    this.#records = [];
    this.#stamps = [];
    this.#recordBytes = 0;
    this.#hole = true;
    if (chunk !== undefined) this.#push(chunk);
  }

  boundary(): void {
    this.#push(encodeBoundary());
  }

  footers(): void {
    for (const footer of this.#xdf.footers()) this.#push(footer);
  }

  #open(stream: Stream, format: BookedStream["format"]): BookedStream | undefined {
    try {
      const booked = this.#book.open(stream, format);
      const { name, type, channels, nominalSamplingRate, sourceId = stream.id } = stream;
      const desc = streamDescription(stream);
      const info = { name, type, channels, nominalSamplingRate, format, sourceId, desc };
      this.#push(this.#xdf.addStream(booked.number, info));
      return booked;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.#refuse(
        `header ${stream.id}`,
        `Stream "${stream.id}" cannot be recorded: it needs channels and a rate of 0 or more.`,
      );
      return undefined;
    }
  }

  #takeSamples(chunk: SampleChunk): boolean {
    const { streamId, nSamples, data, deviceTime } = chunk;
    let booked = this.#find(streamId);
    if (booked === undefined || !this.#isSound(chunk, booked, booked.format !== "string", data.length))
      return false;
    if (nSamples === 0) return true;
    if (!fitsFormat(data, booked.format)) {
      this.#refuse(
        `format ${streamId}`,
        `Stream "${streamId}" brings values that ${booked.format} cannot hold; it goes on as double64 in a stream of its own.`,
      );
      booked = this.#open(booked.stream, "double64");
    }
    return booked !== undefined && this.#append(booked, deviceTime, { data }, chunk.firstSample);
  }

  #takeText(chunk: TextChunk): boolean {
    const booked = this.#find(chunk.streamId);
    if (booked === undefined || !this.#isSound(chunk, booked, booked.format === "string", chunk.text.length))
      return false;
    return (
      chunk.nSamples === 0 || this.#append(booked, chunk.deviceTime, { text: chunk.text }, chunk.firstSample)
    );
  }

  #takeOffset({ streamId, collectedAt, offset }: ClockOffset): boolean {
    const booked = this.#find(streamId);
    if (booked === undefined) return false;
    // Beyond this a reader takes the measurement for damage.
    if (!(Math.abs(collectedAt) < LARGEST_STAMP && Math.abs(offset) < LARGEST_STAMP)) {
      this.#refuse(
        `offset ${streamId}`,
        `A clock offset of stream "${streamId}" is not a usable number; it is not recorded.`,
      );
      return false;
    }
    this.#push(this.#xdf.clockOffset(booked.number, collectedAt, offset));
    return true;
  }

  #takeMarker(stream: Stream, text: string, at: number): boolean {
    const chunk: TextChunk = {
      kind: "text",
      streamId: stream.id,
      firstSample: this.#book.current(stream.id)?.nRows ?? 0,
      nSamples: 1,
      text: [text],
      deviceTime: Float64Array.of(at),
    };
    this.addStream(stream);
    return this.#takeText(chunk);
  }

  #find(streamId: string): BookedStream | undefined {
    const booked = this.#book.current(streamId);
    if (booked === undefined)
      this.#refuse(
        `unknown ${streamId}`,
        `Stream "${streamId}" delivers but was not added to the recording.`,
      );
    return booked;
  }

  #isSound(
    { streamId, nSamples, deviceTime }: SampleChunk | TextChunk,
    { stream }: BookedStream,
    rightKind: boolean,
    nValues: number,
  ): boolean {
    const expected = stream.channels.length * nSamples;
    if (rightKind && nValues === expected && deviceTime.length === nSamples) {
      if (deviceTime.every((stamp) => Math.abs(stamp) < LARGEST_STAMP)) return true;
      this.#refuse(
        `stamp ${streamId}`,
        `Stream "${streamId}" has stamps that are no usable numbers; those chunks are not recorded.`,
      );
    } else
      this.#refuse(
        `shape ${streamId}`,
        `Stream "${streamId}" delivers chunks that do not fit its description (${nValues} values where ${stream.channels.length} channels need ${expected}); they are not recorded.`,
      );
    return false;
  }

  #append(
    booked: BookedStream,
    deviceTime: Float64Array,
    values: SampleValues,
    firstSample: number,
  ): boolean {
    const chunk = this.#xdf.samples(booked.number, deviceTime, values);
    if (chunk === undefined) return false;
    this.#push(chunk);
    this.#book.advance(booked, firstSample, deviceTime.length);
    return true;
  }

  #addRecord(text: string, at: number): void {
    this.#records.push(text);
    this.#stamps.push(at);
    this.#recordBytes += text.length + 16;
  }
}
