/** A recording cannot be read or written as asked. The message is one sentence for the person at the keyboard. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly code = "ATTUNE_RECORDING";
  /** The request was wrong (a missing sampling rate, a stream that is not there), not the file. */
  readonly misuse: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly misuse?: boolean } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.misuse = options.misuse ?? false;
  }
}
