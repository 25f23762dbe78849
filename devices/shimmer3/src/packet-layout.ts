import type { ChecksumBytes } from "./commands.ts";

/** The four 24-bit channels of the two ExG chips. */
export const EXG_SOURCES = ["exg1-ch1", "exg1-ch2", "exg2-ch1", "exg2-ch2"] as const;

export type ExgSource = (typeof EXG_SOURCES)[number];

/** Channel ids of an inquiry reply that carry ExG (Shimmer Bluetooth protocol). */
const EXG_IDS: Readonly<Record<number, ExgSource>> = {
  30: "exg1-ch1",
  31: "exg1-ch2",
  33: "exg2-ch1",
  34: "exg2-ch2",
};

/** Bytes that each channel id takes in a packet: 1 for ExG status, 3 for 24-bit ExG and pressure, 2 for all others. */
function widthOf(id: number): number | undefined {
  if (id === 0x1d || id === 0x20) return 1;
  if (EXG_IDS[id] !== undefined || id === 0x1b) return 3;
  return id <= 0x28 ? 2 : undefined;
}

/** What an inquiry reply says. */
export interface Inquiry {
  /** 32768 Hz over the sampling rate. */
  readonly divider: number;
  readonly samplesPerPacket: number;
  readonly channelIds: readonly number[];
}

/** Where in a data packet each ExG channel stands: `00 | time stamp, 3 bytes | fields in the inquiry's order`. */
export interface PacketLayout {
  /** Bytes of a packet with header and time stamp, without checksum. */
  readonly bytes: number;
  /** Byte at which each ExG channel begins, for those that are sent. */
  readonly offsets: ReadonlyMap<ExgSource, number>;
  readonly divider: number;
  readonly checksumBytes: ChecksumBytes;
}

/** @returns undefined with an id whose width is not known: what follows it could not be found */
export function packetLayout(inquiry: Inquiry, checksumBytes: ChecksumBytes): PacketLayout | undefined {
  const offsets = new Map<ExgSource, number>();
  let bytes = 4;
  for (const id of inquiry.channelIds) {
    const width = widthOf(id);
    if (width === undefined) return undefined;
    const source = EXG_IDS[id];
    if (source !== undefined) offsets.set(source, bytes);
    bytes += width;
  }
  return { bytes, offsets, divider: inquiry.divider, checksumBytes };
}
