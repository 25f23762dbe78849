/** A configuration file or object that cannot be used. */
export class LslConfigurationError extends Error {
  override readonly name = "LslConfigurationError";
  readonly code = "ATTUNE_LSL_CONFIGURATION";
}

/** A misuse: an impossible declaration, predicate, sample or call. */
export class LslStreamError extends Error {
  override readonly name = "LslStreamError";
  readonly code = "ATTUNE_LSL_STREAM";
}

/** Something did not happen in the time given. */
export class LslTimeoutError extends Error {
  override readonly name = "LslTimeoutError";
  readonly code = "ATTUNE_LSL_TIMEOUT";
}

/** A connection could not be made or was lost for good, or a socket could not be bound. */
export class LslConnectionError extends Error {
  override readonly name = "LslConnectionError";
  readonly code = "ATTUNE_LSL_CONNECTION";
}

/** The peer speaks something that is not protocol 1.10. */
export class LslProtocolError extends Error {
  override readonly name = "LslProtocolError";
  readonly code = "ATTUNE_LSL_PROTOCOL";
}
