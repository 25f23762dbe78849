import { butterworth, sosfiltfilt } from "@attune/core";

/** A published way of finding R peaks over a whole recording, written from its paper. Returns seconds. */
export type OtherDetector = (samples: Float64Array, samplingRate: number) => number[];

function bandpass(samples: Float64Array, samplingRate: number, low: number, high: number, order: number) {
  const sections = butterworth({ kind: "bandpass", order, cutoff: [low, high], samplingRate });
  return sosfiltfilt(sections, samples);
}

/** Mean over the `width` samples around each one. */
function movingMean(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let n = 0; n < values.length; n++) sums[n + 1] = sums[n]! + values[n]!;
  return values.map((_, n) => {
    const from = Math.max(0, n - Math.floor(width / 2));
    const to = Math.min(values.length, from + width);
    return (sums[to]! - sums[from]!) / (to - from);
  });
}

function placeOfLargest(values: Float64Array, from: number, to: number): number {
  let best = Math.max(0, from);
  for (let n = best; n < Math.min(values.length, to); n++)
    if (Math.abs(values[n]!) > Math.abs(values[best]!)) best = n;
  return best;
}

/**
 * Two moving averages: blocks in which the short mean of the squared 8-20 Hz trace exceeds the long one.
 *
 * @see Elgendi, PLoS ONE 8:e73557 (2013): 97 and 611 ms, offset 8 %
 */
export const twoAverages: OtherDetector = (samples, samplingRate) => {
  const filtered = bandpass(samples, samplingRate, 8, 20, 2);
  const squared = filtered.map((y) => y * y);
  const short = Math.round(0.097 * samplingRate);
  const event = movingMean(squared, short);
  const cycle = movingMean(squared, Math.round(0.611 * samplingRate));
  const offset = (0.08 * squared.reduce((sum, y) => sum + y, 0)) / squared.length;
  const found: number[] = [];
  for (let n = 0; n < samples.length; n++) {
    const from = n;
    while (n < samples.length && event[n]! > cycle[n]! + offset) n++;
    if (n - from >= short) found.push(placeOfLargest(filtered, from, n) / samplingRate);
  }
  return found;
};

/**
 * Band-pass 5-15 Hz, derivative, square, mean over 150 ms, two thresholds with search-back, T-wave check at 360 ms. The R peak
 * is the largest deflection of the band-passed trace under the mean's peak, which is kinder than the peak of the mean itself.
 *
 * @see Pan & Tompkins, IEEE Trans Biomed Eng 32:230 (1985)
 */
export const panTompkins: OtherDetector = (samples, samplingRate) => {
  const filtered = bandpass(samples, samplingRate, 5, 15, 1);
  const slope = filtered.map((_, n) => {
    const at = (k: number): number => filtered[n + k] ?? 0;
    return (2 * at(2) + at(1) - at(-1) - 2 * at(-2)) / 8;
  });
  const width = Math.round(0.15 * samplingRate);
  const energy = movingMean(
    slope.map((s) => s * s),
    width,
  );
  const refractory = Math.round(0.2 * samplingRate);
  const peaks: number[] = [];
  for (let n = 1; n + 1 < energy.length; n++) {
    if (energy[n]! <= energy[n - 1]! || energy[n]! < energy[n + 1]!) continue;
    const last = peaks.at(-1);
    if (last !== undefined && n - last < refractory) {
      if (energy[n]! > energy[last]!) peaks[peaks.length - 1] = n;
    } else peaks.push(n);
  }
  const start = energy.subarray(0, 2 * samplingRate);
  let signal = start.reduce((most, e) => Math.max(most, e), 0) / 3;
  let noise = start.reduce((sum, e) => sum + e, 0) / start.length / 2;
  const steepness = (n: number): number =>
    Math.abs(slope[placeOfLargest(slope, n - width / 2, n + width / 2)]!);
  const beats: number[] = [];
  let skipped: number[] = [];
  for (const n of peaks) {
    const last = beats.at(-1) ?? Number.NEGATIVE_INFINITY;
    const recent = beats.slice(-9);
    const mean = recent.length > 1 ? (recent.at(-1)! - recent[0]!) / (recent.length - 1) : Number.NaN;
    if (n - last > 1.66 * mean && skipped.length > 0) {
      const best = skipped.reduce((a, b) => (energy[b]! > energy[a]! ? b : a));
      if (energy[best]! > 0.5 * (noise + 0.25 * (signal - noise))) {
        beats.push(best);
        signal = 0.25 * energy[best]! + 0.75 * signal;
      }
      skipped = [];
    }
    const isTWave = n - last < 0.36 * samplingRate && steepness(n) < 0.5 * steepness(last);
    if (!isTWave && energy[n]! > noise + 0.25 * (signal - noise)) {
      beats.push(n);
      skipped = [];
      signal = 0.125 * energy[n]! + 0.875 * signal;
    } else {
      if (!isTWave) skipped.push(n);
      noise = 0.125 * energy[n]! + 0.875 * noise;
    }
  }
  return beats.map(
    (n) => placeOfLargest(filtered, n - Math.ceil(width / 2), n + Math.ceil(width / 2)) / samplingRate,
  );
};
