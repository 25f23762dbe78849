/** The command line cannot be carried out as typed. The message says what to type instead. */
export class MisuseError extends Error {
  override readonly name = "MisuseError";
  readonly code = "ATTUNE_MISUSE";
}
