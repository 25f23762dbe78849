/**
 * Raw floats as they travel: little-endian, which is the order of every machine that this runs on (x86, ARM).
 * Reading copies, because a decoder hands out views at odd offsets, which a typed array cannot look through,
 * of buffers that it will use again.
 */
export function readFloat32(bytes: Uint8Array): Float32Array {
  const floats = new Float32Array(bytes.length >> 2);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}

/** As `readFloat32`, eight bytes each. */
export function readFloat64(bytes: Uint8Array): Float64Array {
  const floats = new Float64Array(bytes.length >> 3);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}

/** A view, no copy: write it out before the floats change. */
export function floatBytes(floats: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
