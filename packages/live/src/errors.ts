/**
 * A session cannot be prepared or run as its file says. One sentence: what, where, what to do. `misuse` separates what the
 * file or the person asked for (exit code 2) from what went wrong in the room (exit code 1).
 */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code = "ATTUNE_SESSION";
  readonly misuse: boolean;
  constructor(
    message: string,
    { misuse = false, cause }: { readonly misuse?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.misuse = misuse;
  }
}
