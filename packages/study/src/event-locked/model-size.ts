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

/** What the model of this class of events rests on, in plain sentences. */
export function methodNote(
  used: ModelSize & {
    readonly order: number;
    readonly nSurrogates: number;
    readonly hasPseudoEvents: boolean;
  },
): string {
  const ratio = coefficientsPerSample(used, used.order).toFixed(3);
  const size = `Order ${used.order}, K²p per sample ${ratio}, ${used.nSurrogates} permutations of events.`;
  return used.hasPseudoEvents
    ? size
    : `${size} The rise above the baseline (-700 to -500 ms) was not tested: the recording has too few clean random times without such an event.`;
}
