/** Bytes of a frame with so many analog channels, 0 to 6 (BITalino (r)evolution API). */
export const FRAME_BYTES = [2, 3, 4, 6, 7, 8, 8] as const;

/** Next remainder of x^4 + x + 1 for each remainder. */
const CRC4 = Uint8Array.of(0, 3, 6, 5, 12, 15, 10, 9, 11, 8, 13, 14, 7, 4, 1, 2);

/** Bits of the channel at this place among the enabled ones: the fifth and the sixth carry 6, the others 10. */
export function bitsAt(place: number): 6 | 10 {
  return place < 4 ? 10 : 6;
}

/** CRC-4 of a frame, polynomial x^4 + x + 1, over all but the last four bits, where it stands. */
export function crc4(bytes: Uint8Array, at: number, length: number): number {
  let crc = 0;
  for (let k = at; k < at + length - 1; k++) {
    crc = CRC4[crc]! ^ (bytes[k]! >> 4);
    crc = CRC4[crc]! ^ (bytes[k]! & 15);
  }
  crc = CRC4[crc]! ^ (bytes[at + length - 1]! >> 4);
  return CRC4[crc]!;
}

/**
 * Counts of the analog channels. Fields are packed from the end of the frame, L = last byte:
 *
 *     L-1: .... a1[9:6]   L-2: a1[5:0] a2[9:8]   L-3: a2[7:0]   L-4: a3[9:2]   L-5: a3[1:0] a4[9:4]
 *     L-6: a4[3:0] a5[5:2]   L-7: a5[1:0] a6[5:0]
 *
 * @param out  `[nChannels]` from `offset` on
 * @param last index of the last byte
 */
export function readAnalog(
  out: Float64Array,
  offset: number,
  bytes: Uint8Array,
  last: number,
  nChannels: number,
): void {
  if (nChannels > 0) out[offset] = ((bytes[last - 1]! & 15) << 6) | (bytes[last - 2]! >> 2);
  if (nChannels > 1) out[offset + 1] = ((bytes[last - 2]! & 3) << 8) | bytes[last - 3]!;
  if (nChannels > 2) out[offset + 2] = (bytes[last - 4]! << 2) | (bytes[last - 5]! >> 6);
  if (nChannels > 3) out[offset + 3] = ((bytes[last - 5]! & 63) << 4) | (bytes[last - 6]! >> 4);
  if (nChannels > 4) out[offset + 4] = ((bytes[last - 6]! & 15) << 2) | (bytes[last - 7]! >> 6);
  if (nChannels > 5) out[offset + 5] = bytes[last - 7]! & 63;
}

/** The frame that the board sends: the inverse of `readAnalog`, with sequence number and checksum. */
export function encodeFrame(
  sequence: number,
  /** I1, I2, O1 and O2 from the highest of four bits. */
  digital: number,
  analog: readonly number[] | Float64Array,
): Uint8Array {
  const length = FRAME_BYTES[analog.length as 0 | 1 | 2 | 3 | 4 | 5 | 6];
  const frame = new Uint8Array(length);
  const last = length - 1;
  const a = (k: number) => Math.max(0, Math.min(2 ** bitsAt(k) - 1, Math.round(analog[k] ?? 0)));
  const put = (back: number, bits: number) => {
    if (last >= back) frame[last - back] = frame[last - back]! | bits;
  };
  frame[last] = (sequence & 15) << 4;
  put(1, (digital & 15) << 4);
  put(1, a(0) >> 6);
  put(2, (a(0) & 63) << 2);
  put(2, a(1) >> 8);
  put(3, a(1) & 255);
  put(4, a(2) >> 2);
  put(5, (a(2) & 3) << 6);
  put(5, a(3) >> 4);
  put(6, (a(3) & 15) << 4);
  put(6, a(4) >> 2);
  put(7, (a(4) & 3) << 6);
  put(7, a(5));
  frame[last] = frame[last]! | crc4(frame, 0, length);
  return frame;
}
