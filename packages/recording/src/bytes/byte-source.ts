/** Random access to the bytes of a recording: a file in Node, a `Blob` in a browser. */
export interface ByteSource {
  /** Bytes. Fixed when the source is opened: what a recorder appends later is not seen. */
  readonly size: number;
  /** Fill `target` from `position` on. Returns the bytes that were there: fewer than asked only at the end. */
  read(target: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** The bytes `[position, position + length)`, clipped at the end of the source. */
export async function readBytes(source: ByteSource, position: number, length: number): Promise<Uint8Array> {
  const target = new Uint8Array(Math.max(0, Math.min(length, source.size - position)));
  const got = await source.read(target, position);
  return got === target.length ? target : target.subarray(0, got);
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (target, position) => {
      const part = bytes.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    },
    close: async () => {},
  };
}
