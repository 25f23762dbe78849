/** A pre-flight found something red. What it is has been printed. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
  readonly code = "ATTUNE_NOT_READY";
}
