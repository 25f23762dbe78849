import type { Codec, FrameBatch } from "../codec.ts";

/** One frame of a batch, for tests to compare. */
export interface CodecFrame {
  readonly counter: number;
  readonly values: number[];
  readonly deviceTime: number;
  readonly flags: number;
}

/** The frames of a batch, copied: they outlast the next `push`. */
export function framesOf(batch: FrameBatch, nChannels: number): CodecFrame[] {
  return Array.from({ length: batch.nFrames }, (_, k) => ({
    counter: batch.counter[k]!,
    values: [...batch.values.subarray(k * nChannels, (k + 1) * nChannels)],
    deviceTime: batch.deviceTime[k]!,
    flags: batch.flags[k]!,
  }));
}

export function joinBytes(parts: Iterable<Uint8Array>): Uint8Array {
  return Uint8Array.from(Buffer.concat([...parts]));
}

/** The bytes in pieces, one more than there are places; a place beyond the end counts on from the beginning. */
export function cutBytes(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...ends].map((from, k) => bytes.subarray(from, ends[k] ?? bytes.length));
}

/**
 * For each frame that the pieces give: whether the codec said that it had come whole with an earlier piece, and whether it
 * had.
 * @param pieces undamaged frames of `frameBytes` from the first byte on
 */
export function heldBack(
  codec: Codec,
  pieces: readonly Uint8Array[],
  frameBytes: number,
): { said: boolean[]; was: boolean[] } {
  const said: boolean[] = [];
  const was: boolean[] = [];
  let nBefore = 0;
  for (const piece of pieces) {
    const { nFrames, nHeldBack = 0 } = codec.push(piece);
    for (let k = 0; k < nFrames; k++) {
      said.push(k < nHeldBack);
      was.push(said.length * frameBytes <= nBefore);
    }
    nBefore += piece.length;
  }
  return { said, was };
}
