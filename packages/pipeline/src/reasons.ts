import type { RejectionReason } from "@attune/signal";

/** Order of the bits in `AlignedChunk.mask`: bit `i` stands for `rejectionReasons[i]`. */
export const rejectionReasons: readonly RejectionReason[] = [
  "gap",
  "not-a-number",
  "amplitude",
  "flat",
  "railed",
  "line-noise",
  "clock",
  "filter-settling",
  "state-switch",
  "state-unknown",
  "requirement",
  "near-artefact",
  "outlier",
  "late",
];

export const reasonBit = (reason: RejectionReason): number => 1 << rejectionReasons.indexOf(reason);

/** Reasons under which a sample still has a value, doubtful as it is: filters run on through them. */
const WITH_VALUE = reasonBit("flat") | reasonBit("railed");

/** Whether a sample has no value at all. */
export const isMissing = (mask: number): boolean => (mask & ~WITH_VALUE) !== 0;

export function reasonsOf(mask: number): RejectionReason[] {
  return rejectionReasons.filter((_, bit) => (mask >> bit) & 1);
}
