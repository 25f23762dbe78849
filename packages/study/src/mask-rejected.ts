import { reasonBit } from "@attune/pipeline";
import type { LabelledWindow, RejectionReason } from "@attune/signal";
import type { ConditionedRecord } from "./collect.ts";

/** Reasons that speak of the signal and not of states. */
const OF_THE_SIGNAL: readonly RejectionReason[] = [
  "amplitude",
  "flat",
  "railed",
  "line-noise",
  "near-artefact",
  "outlier",
];

/** The records with every stretch masked that windows were rejected for, so that later cuts avoid it too. */
export function maskRejected(
  records: readonly ConditionedRecord[],
  windows: readonly LabelledWindow[],
): ConditionedRecord[] {
  return records.map((record) => {
    const mask = record.mask.slice();
    for (const labelled of windows) {
      if (labelled.kind === "accepted") continue;
      const spoilt = labelled.reasons.find(({ reason }) => OF_THE_SIGNAL.includes(reason));
      if (spoilt === undefined) continue;
      const from = Math.max(0, labelled.window.firstIndex - record.firstIndex);
      const to = Math.min(
        record.nSamples,
        labelled.window.firstIndex + labelled.window.nSamples - record.firstIndex,
      );
      for (let n = from; n < to; n++) mask[n]! |= reasonBit(spoilt.reason);
    }
    return { ...record, mask };
  });
}
