/** A header line of the `#ATTUNE` protocol cannot be understood. The message says which part and what was expected. */
export class HeaderError extends Error {
  override readonly name = "HeaderError";
  readonly code = "ATTUNE_LINE_HEADER";
}
