import protobuf from "protobufjs/minimal.js";
import type { z } from "zod";
import { bodyNumber } from "../body-frame.ts";
import { WireError } from "../errors.ts";
import { floatBytes, readFloat32 } from "../floats.ts";
import type { Malformed } from "../ingest-message.ts";
import { type PageCommand, pageCommandSchema } from "./commands.ts";
import { type PageDocument, pageDocumentSchema } from "./documents.ts";
import type { Traces } from "./traces.ts";

const TRACES = 1;
const DOCUMENT = 2;
const COMMAND = 3;

/** Wire types of protobuf, beside a field's number. */
const tagOf = (field: number, wireType: 0 | 1 | 2): number => (field << 3) | wireType;

/**
 * A document or a run of samples as the bytes of one binary message (`PAGE_PROTO`).
 *
 * @throws WireError when a document does not fit its schema, or the counts of traces and their data disagree
 */
export function encodePageFrame(frame: PageDocument | Traces): Uint8Array {
  if (frame.kind === "traces") return encodeTraces(frame);
  return encodeJson(DOCUMENT, pageDocumentSchema, frame);
}

/** What a page asks for, as the bytes of one binary message. @throws WireError when it does not fit its schema */
export function encodeCommand(command: PageCommand): Uint8Array {
  return encodeJson(COMMAND, pageCommandSchema, command);
}

/** One binary message of a session. Never throws; the samples are a copy of their own. */
export function decodePageFrame(bytes: Uint8Array): PageDocument | Traces | Malformed {
  return decoded(bytes, (number, body) => {
    if (number === TRACES) return decodeTraces(body);
    if (number === DOCUMENT) return decodeJson(pageDocumentSchema, body, "kind");
    return malformed(`body ${number} is nothing that a session says`);
  });
}

/** One binary message of a page. Never throws. */
export function decodeCommand(bytes: Uint8Array): PageCommand | Malformed {
  return decoded(bytes, (number, body) =>
    number === COMMAND
      ? decodeJson(pageCommandSchema, body, "do")
      : malformed(`body ${number} is nothing that a page asks for`),
  );
}

function encodeTraces(traces: Traces): Uint8Array {
  const complaint = complaintAbout(traces);
  if (complaint !== undefined)
    throw new WireError(`Traces of "${traces.streamId}" cannot be sent: ${complaint}.`);
  const writer = protobuf.Writer.create();
  writer.uint32(tagOf(TRACES, 2)).fork();
  writer.uint32(tagOf(1, 2)).string(traces.streamId);
  writer.uint32(tagOf(2, 1)).double(traces.start);
  writer.uint32(tagOf(3, 1)).double(traces.step);
  writer.uint32(tagOf(4, 0)).uint32(traces.nChannels);
  writer.uint32(tagOf(5, 0)).uint32(traces.nSamples);
  // Packed floats are their bytes, least first, as they stand in memory: no value is looked at.
  writer.uint32(tagOf(6, 2)).bytes(floatBytes(traces.data));
  if (traces.isEnvelope) writer.uint32(tagOf(7, 0)).bool(true);
  if (traces.isPast) writer.uint32(tagOf(8, 0)).bool(true);
  return writer.ldelim().finish();
}

function decodeTraces(reader: protobuf.Reader): Traces | Malformed {
  let streamId = "";
  let start = 0;
  let step = 0;
  let nChannels = 0;
  let nSamples = 0;
  let data: Float32Array = new Float32Array(0);
  let isEnvelope = false;
  let isPast = false;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === tagOf(1, 2)) streamId = reader.string();
    else if (tag === tagOf(2, 1)) start = reader.double();
    else if (tag === tagOf(3, 1)) step = reader.double();
    else if (tag === tagOf(4, 0)) nChannels = reader.uint32();
    else if (tag === tagOf(5, 0)) nSamples = reader.uint32();
    else if (tag === tagOf(6, 2)) {
      const bytes = reader.bytes();
      if (bytes.length % 4 !== 0) return malformed(`${bytes.length} bytes are no whole floats`);
      data = readFloat32(bytes);
    } else if (tag === tagOf(7, 0)) isEnvelope = reader.bool();
    else if (tag === tagOf(8, 0)) isPast = reader.bool();
    else reader.skipType(tag & 7);
  }
  const traces: Traces = {
    kind: "traces",
    streamId,
    start,
    step,
    nChannels,
    nSamples,
    data,
    isEnvelope,
    isPast,
  };
  const complaint = complaintAbout(traces);
  return complaint === undefined ? traces : malformed(complaint);
}

function complaintAbout({ start, step, nChannels, nSamples, data, isEnvelope }: Traces): string | undefined {
  if (!Number.isFinite(start) || !(step > 0) || !Number.isFinite(step))
    return `start ${start} and step ${step} are no times`;
  const nValues = nChannels * nSamples * (isEnvelope ? 2 : 1);
  if (data.length === nValues) return undefined;
  return `${nChannels} channels of ${nSamples} ${isEnvelope ? "stretches" : "samples"} make ${nValues} values, not ${data.length}`;
}

function encodeJson(field: number, schema: z.ZodType, value: unknown): Uint8Array {
  const checked = schema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new WireError(
      `A message of the page cannot be sent: ${issue!.path.join(".") || "it"}: ${issue!.message}.`,
    );
  }
  const said = checked.data as { readonly kind?: string; readonly do?: string };
  const writer = protobuf.Writer.create();
  writer.uint32(tagOf(field, 2)).fork();
  writer.uint32(tagOf(1, 2)).string(said.kind ?? said.do ?? "");
  writer.uint32(tagOf(2, 2)).string(JSON.stringify(said));
  return writer.ldelim().finish();
}

function decodeJson<Value>(
  schema: z.ZodType<Value>,
  reader: protobuf.Reader,
  key: "kind" | "do",
): Value | Malformed {
  let kind = "";
  let json = "";
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === tagOf(1, 2)) kind = reader.string();
    else if (tag === tagOf(2, 2)) json = reader.string();
    else reader.skipType(tag & 7);
  }
  const plain: unknown = JSON.parse(json);
  const checked = schema.safeParse(plain);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return malformed(`"${kind}": ${issue!.path.join(".") || "it"}: ${issue!.message}`);
  }
  const said = (checked.data as Readonly<Record<string, unknown>>)[key];
  return said === kind ? checked.data : malformed(`it is called "${kind}" and says ${JSON.stringify(said)}`);
}

/** Opens the one body of a frame; whatever is wrong with it is told, not thrown. */
function decoded<Value>(
  bytes: Uint8Array,
  read: (number: number, body: protobuf.Reader) => Value | Malformed,
): Value | Malformed {
  const number = bodyNumber(bytes);
  if (typeof number === "string") return malformed(number);
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.uint32();
    // The length was checked with the number: the body is all that is left.
    reader.uint32();
    return read(number, reader);
  } catch (error) {
    return malformed(`not a frame: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const malformed = (reason: string): Malformed => ({ kind: "malformed", reason });
