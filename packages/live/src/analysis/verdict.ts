import type { LabelledWindow } from "@attune/signal";
import type { WindowVerdict } from "./messages.ts";

/** What is left of a window when its samples have been used. */
export function verdictOf(labelled: LabelledWindow): WindowVerdict {
  const { window, condition } = labelled;
  return {
    index: window.index,
    start: window.start,
    seconds: window.nSamples / window.samplingRate,
    condition,
    reasons: labelled.kind === "rejected" ? labelled.reasons : [],
  };
}
