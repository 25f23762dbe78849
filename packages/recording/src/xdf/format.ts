/** Facts of the XDF 1.0 container. */
export const TAG = {
  fileHeader: 1,
  streamHeader: 2,
  samples: 3,
  clockOffset: 4,
  boundary: 5,
  streamFooter: 6,
};

/** Sixteen bytes that a recorder writes every few seconds, to find a way back after damage. */
export const BOUNDARY_UUID = Uint8Array.of(
  0x43,
  0xa5,
  0x46,
  0xdc,
  0xcb,
  0xf5,
  0x41,
  0x0f,
  0xb3,
  0x0e,
  0xd5,
  0x46,
  0x73,
  0x83,
  0xcb,
  0xe4,
);

export const VALUE_BYTES = {
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float32: 4,
  double64: 8,
  string: 0,
} as const;

export type ChannelFormat = keyof typeof VALUE_BYTES;

export const isChannelFormat = (text: string): text is ChannelFormat => Object.hasOwn(VALUE_BYTES, text);

/** Stamps beyond this are damage: 1e11 s are 3000 years. */
export const LARGEST_STAMP = 1e11;
