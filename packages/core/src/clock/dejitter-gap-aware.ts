import {
  breakSeconds,
  type DejitteredStamps,
  effectiveRate,
  fitStampLine,
  missingBetween,
  type StampCut,
  type StampExcursion,
  type StampSegment,
} from "./dejitter.ts";
import { medianOf, sortedQuantile } from "./order-statistics.ts";

/** Segments shorter than this take the slope that all segments share: their own would be jitter. Seconds. */
const OWN_SLOPE_SECONDS = 30;

/**
 * Remove jitter without smearing short losses: straight lines between breaks **and** losses.
 *
 * Breaks are those of `dejitterPyxdf`. Within a run, with residual r = stamp - k / f (f from the median slope of
 * 10 s blocks), a candidate is a sample where |r_k - r_(k-1)| > max(1.5 / f, 20 ms). It becomes a cut when the 10th
 * percentile of r over the second after it lies more than max(0.9 / f, 20 ms, 6 MAD) from that over the second
 * before: after a loss the residual stays shifted; after a stall (nothing lost, samples late) it comes back. Delay
 * is one-sided, hence the low percentile. For jumps above 1 s the window after grows with the jump, so that
 * a long stall has time to catch up. Runs shorter than 30 s share one slope.
 *
 * Stamps that leave the line by a break and return within two seconds (a damaged stamp, or a long stall) are
 * excursions: reported and replaced by the line.
 *
 * Measured on simulated 10 min at 250 Hz: losses of 40 to 900 ms recovered within 0.1 ms where one line per run
 * is up to half of the loss wrong; stalls of 50 to 900 ms give no cut. A loss shorter than 20 ms, or in the last
 * quarter second of a run, is not seen. A device's own sample counter is better than this; use it where there is one.
 *
 * @param stamps `[nSamples]`, seconds, not changed
 * @param samplingRate nominal, > 0
 */
export function dejitterGapAware(stamps: Float64Array, samplingRate: number): DejitteredStamps {
  // Copied only when a stamp has to be replaced: recordings are long.
  let believed = stamps;
  const excursions: StampExcursion[] = [];
  const bounds: { first: number; kind: StampCut["kind"] }[] = [];
  let runFirst = 0;
  let ranges: StampSegment[] = [];
  const segments: StampSegment[] = [];

  const threshold = breakSeconds(samplingRate);
  const finishRun = (runLast: number): void => {
    const losses = findLosses(believed, runFirst, runLast, samplingRate);
    let first = runFirst;
    ranges = [];
    for (const { index, kind } of losses) {
      ranges.push(fitStampLine(believed, first, index - 1));
      bounds.push({ first: index, kind });
      first = index;
    }
    ranges.push(fitStampLine(believed, first, runLast));
    segments.push(...ranges);
  };

  for (let k = 1; k < believed.length; k++) {
    const jump = believed[k] - believed[k - 1];
    if (!(Math.abs(jump) > threshold)) continue;
    const back = findReturn(believed, k, samplingRate, threshold);
    if (back > k) {
      if (believed === stamps) believed = stamps.slice();
      for (let j = k; j < back; j++) believed[j] = believed[k - 1] + (j - k + 1) / samplingRate;
      excursions.push({ first: k, last: back - 1 });
      k = back - 1;
    } else {
      finishRun(k - 1);
      bounds.push({ first: k, kind: jump > 0 ? "break" : "step" });
      runFirst = k;
    }
  }
  if (believed.length > 0) finishRun(believed.length - 1);

  const lines = shareSlopes(believed, segments, samplingRate);
  const cuts = bounds
    .sort((a, b) => a.first - b.first)
    .map(({ first, kind }, i) => ({
      index: first,
      kind,
      missingSeconds: missingBetween(lines[i], lines[i + 1]),
    }));
  const measured = lines.filter((s) => s.last > s.first);
  return { segments: lines, cuts, excursions, effectiveSamplingRate: effectiveRate(measured) };
}

/** First sample after `k` that is back on the line of `k - 1`, if there is one within 2 s of samples. */
function findReturn(stamps: Float64Array, k: number, rate: number, threshold: number): number {
  const end = Math.min(stamps.length, k + Math.max(16, Math.ceil(2 * rate)));
  const tolerance = 0.25 * threshold;
  for (let j = k + 1; j < end; j++) {
    const expected = stamps[k - 1] + (j - k + 1) / rate;
    if (Math.abs(stamps[j] - expected) < tolerance) return j;
  }
  return -1;
}

/** Stamps of a run against an even grid: `r_k = stamp_k - stamp_0 - k * interval`, computed where it is needed. */
interface Residual {
  readonly stamps: Float64Array;
  readonly first: number;
  readonly n: number;
  readonly interval: number;
}

function residualBetween(
  { stamps, first, interval }: Residual,
  from: number,
  to: number,
  part = new Float64Array(to - from),
): Float64Array {
  for (let k = from; k < to; k++) part[k - from] = stamps[first + k] - stamps[first] - k * interval;
  return part;
}

const jumpAt = ({ stamps, first, interval }: Residual, k: number): number =>
  Math.abs(stamps[first + k] - stamps[first + k - 1] - interval);

/** Losses (and steps back) inside a run without breaks, as indices of the first sample after each. */
function findLosses(
  stamps: Float64Array,
  first: number,
  last: number,
  nominalRate: number,
): { index: number; kind: "loss" | "step" }[] {
  const n = last - first + 1;
  const second = Math.max(4, Math.round(nominalRate));
  if (n < 2 * second) return [];
  const interval = medianInterval(stamps, first, n, nominalRate);
  const residual: Residual = { stamps, first, n, interval };

  const jumpThreshold = Math.max(1.5 * interval, 0.02);
  const shiftThreshold = Math.max(0.9 * interval, 0.02, 6 * typicalSpread(residual, second));
  const found: { index: number; kind: "loss" | "step" }[] = [];
  let segmentStart = 0;
  for (let k = 1; k < n; k++) {
    const jump = stamps[first + k] - stamps[first + k - 1] - interval;
    if (!(Math.abs(jump) > jumpThreshold)) continue;
    const shift = shiftAt(residual, segmentStart, k, second, Math.abs(jump));
    if (!(Math.abs(shift) > shiftThreshold)) continue;
    // A spike of jitter just before a loss sees the loss in its window too: the larger jump is the loss.
    let cut = k;
    const reach = Math.min(n, k + Math.ceil(0.1 * second) + 1);
    for (let j = k + 1; j < reach; j++) if (jumpAt(residual, j) > jumpAt(residual, cut)) cut = j;
    found.push({ index: first + cut, kind: shift > 0 ? "loss" : "step" });
    segmentStart = cut;
    k = cut;
  }
  return found;
}

/** 10th percentile of the residual after `k` minus that before it; 0 where either side is too short to tell. */
function shiftAt(residual: Residual, start: number, k: number, second: number, jump: number): number {
  const before = residualBetween(residual, Math.max(start, k - second), k);
  const span = Math.min(Math.ceil(second * Math.max(1, 1.3 * jump)), 8 * second);
  const after = residualBetween(residual, k, Math.min(residual.n, k + span));
  if (before.length < second / 4 || after.length < second / 4) return 0;
  return sortedQuantile(after, 0.1) - sortedQuantile(before, 0.1);
}

function medianInterval(stamps: Float64Array, first: number, n: number, rate: number): number {
  const block = Math.max(1, Math.min(Math.round(10 * rate), Math.floor(n / 4)));
  const slopes: number[] = [];
  for (let k = 0; k + block < n; k += block)
    slopes.push((stamps[first + k + block] - stamps[first + k]) / block);
  return medianOf(slopes);
}

/** Median over one-second blocks of the median absolute deviation inside the block: jitter, without shifts. */
function typicalSpread(residual: Residual, second: number): number {
  const spreads: number[] = [];
  const block = new Float64Array(second);
  for (let k = 0; k + second <= residual.n; k += second) {
    residualBetween(residual, k, k + second, block);
    const center = sortedQuantile(block, 0.5);
    for (let i = 0; i < second; i++) block[i] = Math.abs(block[i] - center);
    spreads.push(sortedQuantile(block, 0.5));
  }
  return medianOf(spreads);
}

/** Give short segments the slope that fits all segments together; keep the own line of long or lone ones. */
function shareSlopes(stamps: Float64Array, segments: readonly StampSegment[], rate: number): StampSegment[] {
  let cross = 0;
  let spread = 0;
  for (const { first, last, interval } of segments) {
    const n = last - first + 1;
    const weight = (n * (n * n - 1)) / 12;
    cross += interval * weight;
    spread += weight;
  }
  const common = spread > 0 && cross > 0 ? cross / spread : 1 / rate;
  if (segments.length === 1 && spread > 0) return [...segments];
  return segments.map((segment) =>
    (segment.last - segment.first) / rate < OWN_SLOPE_SECONDS
      ? fitStampLine(stamps, segment.first, segment.last, common)
      : segment,
  );
}
