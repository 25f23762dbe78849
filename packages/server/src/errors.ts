/** The page cannot be served as asked: the message says what to change. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code = "ATTUNE_SERVER";
  /** Whether the person who asked has to ask differently, as against something that went wrong. */
  readonly misuse: boolean;

  constructor(message: string, options: ErrorOptions & { readonly misuse?: boolean } = {}) {
    super(message, options);
    this.misuse = options.misuse ?? false;
  }
}
