/** A run of samples that lie on one line: sample `first + k` at `start + k * interval`. */
export interface StampSegment {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
  /** Seconds, on the clock of the stamps that were given. */
  readonly start: number;
  /** Seconds per sample. */
  readonly interval: number;
}

/** Where one line ends and the next begins, and why. */
export interface StampCut {
  /** Index of the first sample after the cut. */
  readonly index: number;
  /**
   * `break`: stamps jump by more than max(1 s, 500 samples). `loss`: samples are missing, found by the shift that
   * stays. `step`: stamps step back for good.
   */
  readonly kind: "break" | "loss" | "step";
  /** Seconds that are missing between the two samples beyond one sample interval. */
  readonly missingSeconds: number;
}

/** Samples `[first, last]` whose stamps stand apart from all others and were not believed. */
export interface StampExcursion {
  readonly first: number;
  readonly last: number;
}

export interface DejitteredStamps {
  readonly segments: readonly StampSegment[];
  readonly cuts: readonly StampCut[];
  readonly excursions: readonly StampExcursion[];
  /** sum(n - 1) / sum(duration) over the segments; 0 when there is no segment of two samples. */
  readonly effectiveSamplingRate: number;
}

/**
 * Least-squares line through stamps `[first, last]` against sample number. Centred, so that stamps of 1e6 s keep
 * their digits.
 */
export function fitStampLine(
  stamps: Float64Array,
  first: number,
  last: number,
  interval?: number,
): StampSegment {
  const n = last - first + 1;
  const base = stamps[first];
  const middle = (n - 1) / 2;
  let sum = 0;
  let cross = 0;
  for (let k = 0; k < n; k++) {
    const y = stamps[first + k] - base;
    sum += y;
    cross += (k - middle) * y;
  }
  const slope = interval ?? (n > 1 ? cross / ((n * (n * n - 1)) / 12) : 0);
  return { first, last, start: base + sum / n - slope * middle, interval: slope };
}

/** sum(n - 1) / sum(duration) of the segments. */
export function effectiveRate(segments: readonly StampSegment[]): number {
  let count = 0;
  let duration = 0;
  for (const { first, last, interval } of segments) {
    count += last - first;
    duration += (last - first) * interval;
  }
  return count > 0 && duration !== 0 ? count / duration : 0;
}

/** A jump that always ends a segment: more than 1 s and more than 500 samples. */
export const breakSeconds = (samplingRate: number): number => Math.max(1, 500 / samplingRate);

/** What lies between the last sample of one segment and the first of the next, beyond one interval. */
export function missingBetween(before: StampSegment, after: StampSegment): number {
  const next = before.start + (before.last - before.first + 1) * before.interval;
  return after.start - next;
}

/**
 * Remove jitter as pyxdf does: one straight line per run without a break (|dt| > max(1 s, 500 samples)).
 *
 * A loss that is shorter than a break bends the line of the whole run, by up to half of the loss; compare
 * `dejitterGapAware`. Use this to reproduce pyxdf.
 *
 * @param stamps `[nSamples]`, seconds, not changed
 * @param samplingRate nominal, > 0
 */
export function dejitterPyxdf(stamps: Float64Array, samplingRate: number): DejitteredStamps {
  const threshold = breakSeconds(samplingRate);
  const segments: StampSegment[] = [];
  const cuts: StampCut[] = [];
  let first = 0;
  for (let k = 1; k <= stamps.length; k++) {
    if (k < stamps.length && !(Math.abs(stamps[k] - stamps[k - 1]) > threshold)) continue;
    const segment = fitStampLine(stamps, first, k - 1);
    segments.push(segment.interval === 0 ? { ...segment, interval: 1 / samplingRate } : segment);
    const before = segments[segments.length - 2];
    if (before)
      cuts.push({ index: first, kind: "break", missingSeconds: missingBetween(before, segments.at(-1)!) });
    first = k;
  }
  const measured = segments.filter((s) => s.last > s.first);
  return { segments, cuts, excursions: [], effectiveSamplingRate: effectiveRate(measured) };
}
