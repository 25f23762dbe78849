/** Command, response and message codes of the Shimmer3's Bluetooth protocol (LogAndStream and BtStream firmware). */
export const CODES = {
  dataPacket: 0x00,
  inquiry: 0x01,
  inquiryResponse: 0x02,
  setSamplingRate: 0x05,
  startStreaming: 0x07,
  setSensors: 0x08,
  stopStreaming: 0x20,
  hardwareVersionResponse: 0x25,
  getFirmwareVersion: 0x2e,
  firmwareVersionResponse: 0x2f,
  getHardwareVersion: 0x3f,
  setExgRegisters: 0x61,
  exgRegistersResponse: 0x62,
  getExgRegisters: 0x63,
  statusResponse: 0x71,
  inStreamResponse: 0x8a,
  setChecksum: 0x8b,
  setInStreamAcknowledgement: 0xa3,
  refused: 0xfe,
  acknowledged: 0xff,
} as const;

/** Ticks per second of the crystal that stamps the samples; the sampling rate is this over a whole divider. */
export const TICKS_PER_SECOND = 32_768;

/** Bytes of checksum at the end of every message. */
export type ChecksumBytes = 0 | 1 | 2;

/**
 * CRC-16 of the Shimmer firmware: polynomial 0x1021, start 0xB0CA, one zero byte more when the length is odd. The low byte is
 * sent first.
 */
export function checksum(bytes: Uint8Array, at: number, length: number): number {
  let crc = 0xb0ca;
  const padded = length + (length % 2);
  for (let k = 0; k < padded; k++) {
    crc = ((crc >> 8) | (crc << 8)) & 0xffff;
    crc ^= k < length ? bytes[at + k]! : 0;
    crc ^= (crc & 0xff) >> 4;
    crc ^= (crc << 12) & 0xffff;
    crc ^= ((crc & 0xff) << 5) & 0xffff;
  }
  return crc;
}

/** A message with its checksum. */
export function withChecksum(message: Uint8Array, nBytes: ChecksumBytes): Uint8Array {
  if (nBytes === 0) return message;
  const crc = checksum(message, 0, message.length);
  return Uint8Array.from([...message, crc & 0xff, ...(nBytes === 2 ? [crc >> 8] : [])]);
}
