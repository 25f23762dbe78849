export interface BeatScore {
  readonly nTruth: number;
  readonly nFound: number;
  readonly truePositives: number;
  /** Share of the true beats that were found. */
  readonly sensitivity: number;
  /** Share of the found beats that are true. */
  readonly precision: number;
  readonly f1: number;
  /** Median of found minus true, seconds. */
  readonly bias: number;
  /** Interquartile range of found minus true over 1.349, seconds: the standard deviation if it were normal. */
  readonly jitter: number;
}

/**
 * Compares beats with annotated ones, each matched at most once and to the nearest, as in ANSI/AAMI EC57.
 *
 * @param found seconds, ascending
 * @param truth seconds, ascending
 * @param tolerance seconds
 * @param [from, to] stretch that counts, seconds; beats outside of it may match but are not counted
 */
export function matchBeats(
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
  tolerance: number,
  [from, to]: readonly [number, number],
): BeatScore {
  const matchOfTruth = new Int32Array(truth.length).fill(-1);
  const matchOfFound = new Int32Array(found.length).fill(-1);
  const pairs: [number, number, number][] = [];
  let start = 0;
  for (let t = 0; t < truth.length; t++) {
    while (start < found.length && found[start]! < truth[t]! - tolerance) start++;
    for (let f = start; f < found.length && found[f]! <= truth[t]! + tolerance; f++)
      pairs.push([Math.abs(found[f]! - truth[t]!), t, f]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  for (const [, t, f] of pairs) {
    if (matchOfTruth[t]! >= 0 || matchOfFound[f]! >= 0) continue;
    matchOfTruth[t] = f;
    matchOfFound[f] = t;
  }
  const counts = (time: number): boolean => time >= from && time <= to;
  const deviations: number[] = [];
  let nTruth = 0;
  let hits = 0;
  for (let t = 0; t < truth.length; t++) {
    if (!counts(truth[t]!)) continue;
    nTruth++;
    if (matchOfTruth[t]! < 0) continue;
    hits++;
    deviations.push(found[matchOfTruth[t]!]! - truth[t]!);
  }
  let nFound = 0;
  let right = 0;
  for (let f = 0; f < found.length; f++) {
    if (!counts(found[f]!)) continue;
    nFound++;
    if (matchOfFound[f]! >= 0) right++;
  }
  const sensitivity = hits / nTruth;
  const precision = right / nFound;
  deviations.sort((a, b) => a - b);
  const at = (q: number): number => {
    const position = q * (deviations.length - 1);
    const below = Math.floor(position);
    const next = deviations[Math.min(deviations.length - 1, below + 1)]!;
    return deviations[below]! + (position - below) * (next - deviations[below]!);
  };
  return {
    nTruth,
    nFound,
    truePositives: hits,
    sensitivity,
    precision,
    f1: (2 * sensitivity * precision) / (sensitivity + precision),
    bias: at(0.5),
    jitter: (at(0.75) - at(0.25)) / 1.349,
  };
}
