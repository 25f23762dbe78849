/** A recording cannot be read or written as asked. The message is one sentence for the person at the keyboard. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly code = "ATTUNE_RECORDING";
}
