import protobuf from "protobufjs";
import { bodyNumber } from "./body-frame.ts";
import { complaintAboutChunk } from "./check-chunk.ts";
import { WireError } from "./errors.ts";
import { floatBytes, readFloat32, readFloat64 } from "./floats.ts";
import type { Chunk, IngestMessage, Malformed } from "./ingest-message.ts";
import { INGEST_PROTO } from "./ingest-proto.ts";
import { controlMessageSchema, firstComplaint } from "./ingest-schema.ts";
import { WIRE_LIMITS } from "./limits.ts";

/** Control messages are small; a large one is somebody's attempt to fill the memory. */
const LARGEST_CONTROL_BYTES = 256 * 1024;
const CHUNK_BODY = 3;
const FLOAT32 = 0;
const DOUBLE64 = 1;

const root = protobuf.parse(INGEST_PROTO).root;
const messageType = root.lookupType("attune.v1.Message");

/** What protobufjs hands out for a chunk, before anything about it is believed. */
interface RawChunk {
  readonly stream: string;
  readonly sequence: number;
  readonly nSamples: number;
  readonly nChannels: number;
  readonly format: number;
  readonly data: Uint8Array;
  readonly deviceTime: Uint8Array;
}

/**
 * A message as the bytes of one binary frame.
 *
 * @throws WireError when a chunk's counts and arrays disagree or a field is out of its range
 */
export function encodeMessage(message: IngestMessage): Uint8Array {
  const body = message.kind === "chunk" ? chunkBody(message) : controlBody(message);
  return messageType.encode(messageType.fromObject({ [message.kind]: body })).finish();
}

/**
 * One binary frame as a message. Never throws, and believes no length: what is not exactly a message comes
 * back as `malformed`. The arrays of a chunk are copies of their own.
 */
export function decodeMessage(bytes: Uint8Array): IngestMessage | Malformed {
  const number = bodyNumber(bytes);
  if (typeof number === "string") return malformed(number);
  if (number !== CHUNK_BODY && bytes.length > LARGEST_CONTROL_BYTES)
    return malformed(`message of ${bytes.length} bytes that is no chunk`);
  const kind = messageType.fieldsById[number]?.name;
  if (kind === undefined) return malformed(`body ${number} is no kind of message`);
  try {
    const decoded = messageType.decode(bytes);
    if (number === CHUNK_BODY) return readChunk((decoded as unknown as { chunk: RawChunk }).chunk);
    const plain = messageType.toObject(decoded, { defaults: true, arrays: true, enums: String });
    return readControl(kind, plain[kind] as Record<string, unknown>);
  } catch (error) {
    return malformed(`not protobuf: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function chunkBody(chunk: Chunk): Record<string, unknown> {
  const complaint = complaintAboutChunk(chunk);
  if (complaint) throw new WireError(`A chunk of "${chunk.stream}" cannot be sent: ${complaint}.`);
  const { stream, sequence, nSamples, nChannels, data, deviceTime } = chunk;
  const body = { stream, sequence, nSamples, nChannels, data: floatBytes(data) };
  return {
    ...body,
    format: data instanceof Float32Array ? FLOAT32 : DOUBLE64,
    ...(deviceTime ? { deviceTime: floatBytes(deviceTime) } : {}),
  };
}

function controlBody(message: Exclude<IngestMessage, Chunk>): Record<string, unknown> {
  const checked = controlMessageSchema.safeParse(message);
  if (!checked.success)
    throw new WireError(`A message "${message.kind}" cannot be sent: ${firstComplaint(checked.error)}.`);
  const { kind, ...body } = checked.data;
  if (kind === "hello")
    return {
      ...body,
      streams: checked.data.streams.map((stream) => ({
        ...stream,
        sampleFormat: stream.sampleFormat === "float32" ? FLOAT32 : DOUBLE64,
      })),
    };
  if (kind === "quality")
    return { ...body, channels: checked.data.channels.map((quality) => quality.toUpperCase()) };
  return body;
}

function readChunk(raw: RawChunk): Chunk | Malformed {
  if (raw.nSamples > WIRE_LIMITS.samplesPerChunk || raw.nChannels > WIRE_LIMITS.channels)
    return malformed(`chunk of ${raw.nSamples} samples x ${raw.nChannels} channels`);
  if (raw.format !== FLOAT32 && raw.format !== DOUBLE64)
    return malformed(`format ${raw.format} is not known`);
  const width = raw.format === FLOAT32 ? 4 : 8;
  if (raw.data.length !== raw.nSamples * raw.nChannels * width)
    return malformed(
      `chunk says ${raw.nSamples} x ${raw.nChannels} values of ${width} bytes and holds ${raw.data.length} bytes`,
    );
  if (raw.deviceTime.length !== 0 && raw.deviceTime.length !== raw.nSamples * 8)
    return malformed(`chunk has ${raw.deviceTime.length} bytes of times for ${raw.nSamples} samples`);
  const chunk: Chunk = {
    kind: "chunk",
    stream: raw.stream,
    sequence: raw.sequence,
    nSamples: raw.nSamples,
    nChannels: raw.nChannels,
    data: raw.format === FLOAT32 ? readFloat32(raw.data) : readFloat64(raw.data),
    ...(raw.deviceTime.length > 0 ? { deviceTime: readFloat64(raw.deviceTime) } : {}),
  };
  const complaint = complaintAboutChunk(chunk);
  return complaint ? malformed(complaint) : chunk;
}

function readControl(kind: string, body: Record<string, unknown>): IngestMessage | Malformed {
  const plain: Record<string, unknown> = { kind, ...body };
  if (kind === "hello")
    plain.streams = (body.streams as Record<string, unknown>[]).map((stream) => ({
      ...stream,
      sampleFormat: stream.sampleFormat === "DOUBLE64" ? "double64" : "float32",
    }));
  if (kind === "quality")
    plain.channels = (body.channels as unknown[]).map((quality) => String(quality).toLowerCase());
  const checked = controlMessageSchema.safeParse(plain);
  return checked.success ? (checked.data as IngestMessage) : malformed(firstComplaint(checked.error));
}

function malformed(reason: string): Malformed {
  return { kind: "malformed", reason };
}
