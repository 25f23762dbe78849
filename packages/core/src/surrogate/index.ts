export { blockShuffle, feasibleMinimumShift, type ShuffleOptions } from "./block-shuffle.ts";
export { type SurrogateDescription, type SurrogateKind, surrogateCatalogue } from "./catalogue.ts";
export { circularShift, circularShifts } from "./circular-shift.ts";
export { PhaseRandomiser } from "./phase-randomiser.ts";
export { allChannelShuffle, permuteEpisodeLabels } from "./relabel.ts";
export { runPreservingShuffle } from "./run-preserving-shuffle.ts";
export { timeReverse } from "./time-reverse.ts";
