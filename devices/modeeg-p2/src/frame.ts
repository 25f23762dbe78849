/**
 * The ModularEEG P2 frame, 17 bytes, as the OpenEEG firmware and the Olimex shield sketches send it:
 *
 *     A5 5A 02 | count (u8) | ch1..ch6 (u16 big-endian, 10 bits used) | switches (u8)
 *
 * There is no checksum. What can be checked is the header, the version 2 and that the six high bytes are at most 3.
 *
 * @see OpenEEG "modeegP2" firmware, packet version 2; Olimex SHIELD-EKG-EMG and EEG-SMT documentation
 */
export const P2_FRAME_BYTES = 17;
export const P2_CHANNELS = 6;
export const P2_VERSION = 2;
/** The count byte wraps at 256. */
export const P2_COUNT_MODULUS = 256;
/** Counts per full scale of the 10-bit converter. */
export const P2_COUNTS = 1024;
/** Amplifiers of this family centre their output on half the reference: count 512. */
export const P2_MIDSCALE = 512;

/** Write one frame into `out` from `offset`. Counts are clamped to 0..1023, as the converter does. */
export function encodeP2Frame(
  out: Uint8Array,
  offset: number,
  count: number,
  counts: ArrayLike<number>,
  switches: number,
): void {
  out[offset] = 0xa5;
  out[offset + 1] = 0x5a;
  out[offset + 2] = P2_VERSION;
  out[offset + 3] = count & 0xff;
  for (let c = 0; c < P2_CHANNELS; c++) {
    const value = Math.min(P2_COUNTS - 1, Math.max(0, Math.round(counts[c] ?? P2_MIDSCALE)));
    out[offset + 4 + 2 * c] = value >> 8;
    out[offset + 5 + 2 * c] = value & 0xff;
  }
  out[offset + 16] = switches & 0xff;
}

/** Do the three bytes at `offset` open a P2 frame? */
export const isP2Header = (bytes: Uint8Array, offset: number): boolean =>
  bytes[offset] === 0xa5 && bytes[offset + 1] === 0x5a && bytes[offset + 2] === P2_VERSION;

/** Is the whole frame at `offset` plausible: header, version and the six high bytes? */
export function isP2Frame(bytes: Uint8Array, offset: number): boolean {
  if (!isP2Header(bytes, offset)) return false;
  for (let c = 0; c < P2_CHANNELS; c++) if (bytes[offset + 4 + 2 * c]! > 3) return false;
  return true;
}
