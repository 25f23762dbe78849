/** A table of layers, a call or a gaze stream that cannot be used. The message says which, and what to do. */
export class CoderError extends Error {
  override readonly name = "CoderError";
  readonly code = "ATTUNE_CODER";
}
