/** A message that we were about to send does not fit the protocol: always a mistake of the sender's code. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code = "ATTUNE_WIRE";
}
