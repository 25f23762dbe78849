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

export function reasonsOf(mask: number): RejectionReason[] {
  return rejectionReasons.filter((_, bit) => (mask >> bit) & 1);
}
