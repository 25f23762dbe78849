import { WIRE_LIMITS } from "./limits.ts";

/**
 * Checks, before anything is decoded, that `bytes` are one length-delimited field and nothing else, which is
 * what a message with a `oneof` of bodies looks like. It keeps two bodies in one message, or a million of
 * empty ones, away from the decoder.
 *
 * @returns the field's number, or a sentence why not
 */
export function bodyNumber(bytes: Uint8Array): number | string {
  if (bytes.length > WIRE_LIMITS.messageBytes)
    return `message of ${bytes.length} bytes; at most ${WIRE_LIMITS.messageBytes} are taken`;
  if (bytes.length < 2) return "message is empty";
  const tag = bytes[0]!;
  if ((tag & 0x87) !== 2) return "message does not begin with a body";
  let length = 0;
  let position = 1;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++];
    if (byte === undefined || shift > 28) return "message ends within its length";
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length !== bytes.length - position)
    return `body says ${length} bytes and ${bytes.length - position} came`;
  return tag >> 3;
}
