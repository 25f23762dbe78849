import { complaintAboutChunk } from "./check-chunk.ts";
import { WireError } from "./errors.ts";
import type { Chunk, IngestMessage, Malformed } from "./ingest-message.ts";
import { controlMessageSchema, firstComplaint, jsonChunkSchema } from "./ingest-schema.ts";
import { WIRE_LIMITS } from "./limits.ts";

/**
 * A message as the text of one text frame: the fields of its type, samples as a flat array `[sample,
 * channel]` with null for what is missing or infinite. About five times the bytes of the binary form; for
 * senders that have no protobuf.
 *
 * @throws WireError when a chunk's counts and arrays disagree or a field is out of its range
 */
export function formatMessage(message: IngestMessage): string {
  if (message.kind === "chunk") {
    const complaint = complaintAboutChunk(message);
    if (complaint) throw new WireError(`A chunk of "${message.stream}" cannot be sent: ${complaint}.`);
    const times = message.deviceTime ? { deviceTime: [...message.deviceTime] } : {};
    return JSON.stringify({ ...message, data: [...message.data], ...times });
  }
  const checked = controlMessageSchema.safeParse(message);
  if (!checked.success)
    throw new WireError(`A message "${message.kind}" cannot be sent: ${firstComplaint(checked.error)}.`);
  return JSON.stringify(checked.data);
}

/**
 * One text frame as a message. Never throws; what is not exactly a message comes back as `malformed`. JSON
 * samples are doubles.
 */
export function parseMessage(text: string): IngestMessage | Malformed {
  if (text.length > WIRE_LIMITS.messageBytes)
    return malformed(`message of ${text.length} characters; at most ${WIRE_LIMITS.messageBytes} are taken`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return malformed("not JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return malformed("not a JSON object");
  if ((json as { kind?: unknown }).kind === "chunk") return readChunk(json);
  const checked = controlMessageSchema.safeParse(json);
  return checked.success ? (checked.data as IngestMessage) : malformed(firstComplaint(checked.error));
}

function readChunk(json: unknown): Chunk | Malformed {
  const checked = jsonChunkSchema.safeParse(json);
  if (!checked.success) return malformed(firstComplaint(checked.error));
  const { data, deviceTime, ...head } = checked.data;
  const chunk: Chunk = {
    ...head,
    data: Float64Array.from(data),
    ...(deviceTime ? { deviceTime: Float64Array.from(deviceTime) } : {}),
  };
  const complaint = complaintAboutChunk(chunk);
  return complaint ? malformed(complaint) : chunk;
}

function malformed(reason: string): Malformed {
  return { kind: "malformed", reason };
}
