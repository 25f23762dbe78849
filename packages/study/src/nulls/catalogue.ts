import { type SurrogateDescription, type SurrogateKind, surrogateCatalogue } from "@attune/core";
import type { NullId } from "../settings.ts";

const kinds: Readonly<Record<Exclude<NullId, "residualShuffle">, SurrogateKind>> = {
  blockShuffle: "blockShuffle",
  circularShift: "circularShift",
  repetitionSwap: "repetitionSwap",
  phaseRand: "phaseRandomise",
  allChannelShuffle: "allChannelShuffle",
  jointShuffle: "jointShuffle",
  timeReverse: "timeReverse",
};

const residualShuffle: SurrogateDescription = {
  operation: "the receiver's residuals without the sender are exchanged between windows and added back",
  destroys: "the influence in this direction",
  keeps: "everything else, the influence in the other direction included",
  tests: "direct influence in this direction, a shared stimulus included",
};

/** What a null destroys, keeps and tests, in words. */
export const describeNull = (id: NullId): SurrogateDescription =>
  id === "residualShuffle" ? residualShuffle : surrogateCatalogue[kinds[id]];
