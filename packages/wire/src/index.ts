export * from "./errors.ts";
export { decodeMessage, encodeMessage } from "./ingest-binary.ts";
export { formatMessage, parseMessage } from "./ingest-json.ts";
export * from "./ingest-message.ts";
export { INGEST_PROTO } from "./ingest-proto.ts";
export { WIRE_LIMITS } from "./limits.ts";
