/**
 * Bounds on what one message may hold. They are checked on the way in and on the way out; the defaults leave
 * room for 512 channels at 1 kHz in chunks of a second, far above the advised 16-50 ms.
 */
export const WIRE_LIMITS = {
  /** Bytes of a whole message, binary or text. */
  messageBytes: 4 * 1024 * 1024,
  channels: 1024,
  samplesPerChunk: 65_536,
  streams: 64,
  /** UTF-16 units of a name, a label, a state. */
  textLength: 1024,
} as const;
