/** A device cannot be used, answers wrongly or went away. The message says what, where and what to do. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
  readonly code = "ATTUNE_DEVICE";
  /** False where trying again cannot help: the wrong device, a missing licence, settings that it refuses. */
  readonly retryable: boolean;
  constructor(message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.retryable = options.retryable ?? true;
  }
}

/** A consumer that may lose nothing did not keep up with a device. */
export class QueueOverflowError extends Error {
  override readonly name = "QueueOverflowError";
  readonly code = "ATTUNE_QUEUE_OVERFLOW";
}
