/** Orders beyond this are not used in short windows (5 in the tutorial code of Marriott Haresign et al. 2022). */
const HIGHEST_ORDER = 5;
/** K^2 p over the samples of all trials must stay below this (SIFT's advice). */
const MOST_COEFFICIENTS_PER_SAMPLE = 0.1;
/** Below this neither an evoked mean nor a permutation of trials says much. */
const FEWEST_EVENTS = 10;

export interface ModelSize {
  readonly nChannels: number;
  readonly nWindowSamples: number;
  readonly nEvents: number;
}

const coefficientsPerSample = ({ nChannels, nWindowSamples, nEvents }: ModelSize, order: number): number =>
  (nChannels * nChannels * order) / (nWindowSamples * nEvents);

/**
 * The highest order that the trials carry, `K^2 p / (window samples x trials) < 0.1`, up to 5 and to what the study
 * uses; undefined when they do not carry order 1.
 *
 * A multi-trial model needs trials, not time. A third of the window is the most that an order may take as its past.
 */
export function highestOrder(size: ModelSize, wanted: number): number | undefined {
  if (size.nEvents < FEWEST_EVENTS) return undefined;
  const most = Math.min(wanted, HIGHEST_ORDER, Math.floor(size.nWindowSamples / 3));
  for (let order = most; order >= 1; order--) {
    if (coefficientsPerSample(size, order) < MOST_COEFFICIENTS_PER_SAMPLE) return order;
  }
  return undefined;
}

/** Says how many events are missing. */
export function lackOfEvents(size: ModelSize): string {
  const { nChannels, nWindowSamples, nEvents } = size;
  const forOrderOne =
    Math.floor((nChannels * nChannels) / (MOST_COEFFICIENTS_PER_SAMPLE * nWindowSamples)) + 1;
  const needed = Math.max(FEWEST_EVENTS, forOrderOne);
  return `Too few events for a model of ${nChannels} channels in 300 ms windows: ${nEvents} could be used, at least ${needed} are needed, so ${needed - nEvents} more.`;
}

/** What was done and what the numbers do not say, in plain sentences. */
export function methodNote(
  used: ModelSize & {
    readonly order: number;
    readonly nSurrogates: number;
    readonly hasPseudoEvents: boolean;
  },
): string {
  const ratio = coefficientsPerSample(used, used.order).toFixed(3);
  return [
    `Windows of 300 ms every 50 ms, ${used.nEvents} events pooled, order ${used.order}, K²p per sample ${ratio}; the mean response to the event was taken out of every channel.`,
    `A small p says that coupling at that time exceeds what events that do not belong together show (${used.nSurrogates} permutations of events, corrected for all times, not for directions, bands and kinds of event); it does not say that the event caused it.`,
    "Strong coupling in one direction makes the other direction's rise above baseline significant a little too often.",
    used.hasPseudoEvents
      ? "The rise above the baseline (-700 to -500 ms) was tested against as many random times without such an event."
      : "The rise above the baseline (-700 to -500 ms) was not tested: the recording has too few clean random times without such an event.",
    "Saccade artefacts (-50 to +150 ms) were not excluded.",
    "The published result is a null: in 55 dyads synchrony between the brains did not rise at gaze onset (Marriott Haresign et al. 2023).",
  ].join(" ");
}
