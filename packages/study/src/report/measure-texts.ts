/** What the report says of a measure. */
export interface MeasureText {
  /** How its id begins, in small letters; the first entry that fits is taken. */
  readonly beginning: string;
  readonly name: string;
  readonly isDirected: boolean;
  /** Its scale and how it differs from its neighbours in the list. */
  readonly meaning: string;
}

const directed = (beginning: string, name: string, meaning: string): MeasureText => ({
  beginning,
  name,
  isDirected: true,
  meaning,
});
const undirected = (beginning: string, name: string, meaning: string): MeasureText => ({
  beginning,
  name,
  isDirected: false,
  meaning,
});

const measures: readonly MeasureText[] = [
  directed(
    "gpdc",
    "generalised partial directed coherence",
    "0 to 1; direct influence, each channel in units of its noise",
  ),
  directed("pdcf", "partial directed coherence factor", "direct influence that allows for correlated noise"),
  directed(
    "pdc",
    "partial directed coherence",
    "0 to 1; direct influence, but it changes when a channel is amplified",
  ),
  directed(
    "ipdc",
    "information partial directed coherence",
    "0 to 1; the main measure, allowing for correlated noise",
  ),
  directed(
    "dtf",
    "directed transfer function",
    "0 to 1; influence over all paths, but it changes when a channel is amplified",
  ),
  directed(
    "gdtf",
    "generalised directed transfer function",
    "0 to 1; influence over all paths, each channel in units of its noise",
  ),
  directed(
    "idtf",
    "information directed transfer function",
    "0 to 1; the generalised one, allowing for correlated noise",
  ),
  directed(
    "ddtf",
    "direct directed transfer function",
    "direct influence; spread over all frequencies, so it is small, and only conditions compare",
  ),
  directed("conditionalgranger", "Granger causality given all other channels", "from 0"),
  directed("granger", "Granger causality", "from 0; from one head as a whole to the other"),
  directed("informationflow", "information flow", "from 0; mean over channel pairs"),
  undirected(
    "plv",
    "phase-locking value",
    "0 to 1; how constant the phase difference is; never 0 with few data",
  ),
  undirected(
    "ppc",
    "pairwise phase consistency",
    "phase-locking squared, without what few data add; 0 or slightly below without locking",
  ),
  undirected("ciplv", "phase-locking without its zero-lag part", "0 to 1"),
  undirected(
    "wplidebiased",
    "weighted phase-lag index without its bias",
    "the index squared, without what few data add; may be slightly negative",
  ),
  undirected("wpli", "weighted phase-lag index", "0 to 1; how consistently one is ahead, by amplitude"),
  undirected("pli", "phase-lag index", "0 to 1; how consistently one is ahead"),
  undirected(
    "imaginarycoherence",
    "imaginary part of coherence",
    "0 to 1; coherence without its zero-lag part",
  ),
  undirected(
    "circularcorrelation",
    "circular correlation of phases",
    "−1 to 1; unreliable where phases run evenly round the circle: see the adjusted one",
  ),
  undirected(
    "adjustedcircularcorrelation",
    "adjusted circular correlation of phases",
    "−1 to 1; above 0 where phases move together, below 0 where they mirror each other",
  ),
  undirected("envelopecorrelation", "correlation of amplitudes", "−1 to 1"),
  undirected(
    "blockcoherence",
    "coherence of the two heads as wholes",
    "0 to 1; grows by chance with the number of channels",
  ),
  undirected("partialcoherence", "partial coherence", "0 to 1; given all other channels"),
  undirected("coherence", "coherence", "0 to 1"),
];

/** The text for a measure, or undefined for one that the report does not know. */
export function measureText(measure: string): MeasureText | undefined {
  const id = measure.toLowerCase();
  return measures.find(({ beginning }) => id.startsWith(beginning));
}
