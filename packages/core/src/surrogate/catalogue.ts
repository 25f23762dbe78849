/** Names of the surrogates. Each answers a different question; a result always says which one it was held against. */
export type SurrogateKind =
  | "blockShuffle"
  | "allChannelShuffle"
  | "jointShuffle"
  | "circularShift"
  | "pseudoDyad"
  | "repetitionSwap"
  | "phaseRandomise"
  | "timeReverse";

/** What a surrogate does to the data and what a test against it can therefore say. */
export interface SurrogateDescription {
  readonly operation: string;
  readonly destroys: string;
  readonly keeps: string;
  readonly tests: string;
}

/**
 * The surrogates in words, for reports and pages.
 *
 * Two traps: `jointShuffle` leaves coupling in place and `allChannelShuffle` also destroys the coupling inside each
 * head, which moves the null of the coupling between heads; neither is a test of coupling between persons.
 */
export const surrogateCatalogue: Readonly<Record<SurrogateKind, SurrogateDescription>> = {
  blockShuffle: {
    operation: "windows of one person are paired with other windows of the partner, whole heads at a time",
    destroys: "alignment between the heads",
    keeps: "spectra and coupling inside each head",
    tests: "any time-locked coupling, a shared stimulus included",
  },
  allChannelShuffle: {
    operation: "every channel is permuted on its own across windows",
    destroys: "every relation between channels",
    keeps: "the spectrum of each channel",
    tests: "replication of earlier analyses only",
  },
  jointShuffle: {
    operation: "windows of the whole dyad are reassigned to conditions",
    destroys: "the condition label",
    keeps: "coupling",
    tests: "differences between conditions, never coupling itself",
  },
  circularShift: {
    operation: "the continuous signal of one head is rotated by several seconds",
    destroys: "alignment between the heads",
    keeps: "autocorrelation and coupling inside each head",
    tests: "any time-locked coupling, a shared stimulus included",
  },
  pseudoDyad: {
    operation: "an adult is paired with the infant of another dyad at the same stimulus time",
    destroys: "what belongs to this dyad",
    keeps: "common drive by the stimulus",
    tests: "coupling beyond shared input",
  },
  repetitionSwap: {
    operation:
      "windows of one person are paired with the partner's at the same place of any presentation of the same song",
    destroys: "what belongs to this moment",
    keeps: "dyad, song and montage",
    tests: "coupling beyond shared input, within a dyad",
  },
  phaseRandomise: {
    operation: "Fourier phases are randomised, with the same phases for all channels of a head",
    destroys: "alignment between the heads and all that is not linear and stationary",
    keeps: "spectra, and cross-spectra inside each head",
    tests: "coupling against a linear, stationary null",
  },
  timeReverse: {
    operation: "time runs backwards in both heads",
    destroys: "direction",
    keeps: "spectra and zero-lag mixing",
    tests: "whether net direction survives as a difference, net forward minus net reversed > 0",
  },
};
