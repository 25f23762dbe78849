/**
 * The request does not fit the recording or the method: an unknown channel, an order that the windows cannot carry, a
 * folder with results in it. The message says what, where, and the way out. `misuse` separates what the person asked
 * for (exit code 2) from what went wrong while doing it (exit code 1).
 */
export class StudyError extends Error {
  override readonly name = "StudyError";
  readonly code = "ATTUNE_STUDY";
  readonly misuse: boolean;
  constructor(message: string, { misuse = true }: { misuse?: boolean } = {}) {
    super(message);
    this.misuse = misuse;
  }
}
