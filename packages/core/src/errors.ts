/** A buffer does not have the shape that a kernel was planned for. Always a programming mistake. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly code = "ATTUNE_SHAPE";
  constructor(kernel: string, expected: string, got: string) {
    super(`${kernel} expected ${expected}, got ${got}`);
  }
}

/** An option of a kernel lies outside what the method allows. The message says the allowed range. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  readonly code = "ATTUNE_OPTION";
}
