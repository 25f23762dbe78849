import {
  type Breath,
  type CorrectedIntervals,
  correctInterbeatIntervals,
  type EpochQuality,
  epochQuality,
  findBreaths,
  heartRateVariabilityEpochs,
  interbeatSeries,
  type Population,
  type RespirationEpoch,
  type RsaBand,
  respirationEpochs,
  rsaBand,
  rsaFrequencyResponse,
  rsaPeakToTrough,
  rsaPorgesBohrer,
  slidingRsa,
  type VariabilityEpoch,
} from "@attune/core";
import type { DyadSettings } from "../request.ts";
import { meanOf } from "./mean-of.ts";
import { importedPreEjection } from "./pre-ejection.ts";
import type { ReadHeart } from "./read-hearts.ts";
import type { SharedTime } from "./shared-span.ts";
import { spectralEpochs } from "./spectral-epochs.ts";

/** Hz, of the series from which RSA is made, and of the one that covaries. */
export const SERIES_RATE = 5;
export const COVARIATION_RATE = 1;

/** Everything about one heart on the time that both share. NaN is missing throughout. */
export interface Heart {
  readonly read: ReadHeart;
  readonly id: string;
  readonly population: Population;
  readonly corrected: CorrectedIntervals;
  /** `[5 (end - start) + 1]`, ms, at 5 Hz from `start` on. */
  readonly interbeat: Float64Array;
  /** `[end - start]`, ms: means of the interval over each second. */
  readonly interbeatPerSecond: Float64Array;
  /** `[end - start]`, ln(ms^2): sliding RSA at the middle of its 15 s, read at every whole second. */
  readonly rsaPerSecond: Float64Array;
  readonly band: RsaBand;
  /** What a constant breathing rate is multiplied by on its way into RSA: at the band's ends and its middle. */
  readonly rsaGain: readonly { readonly frequency: number; readonly gain: number }[];
  /** Seconds that a value of spectral RSA covers. */
  readonly spectralSeconds: number;
  readonly breaths: readonly Breath[];
  /** Imported rows that are no believable period. */
  readonly nPreEjectionLeftOut: number;
  readonly epochs: readonly HeartEpoch[];
}

/** One epoch of one person. */
export interface HeartEpoch extends EpochQuality {
  readonly epoch: number;
  /** ln(ms^2); NaN where the epoch is left out. */
  readonly lnRsa: number;
  /** ln(ms^2), of the spectrum; see `spectralEpochs` for the epochs that have none. */
  readonly lnRsaSpectral: number;
  readonly variability: VariabilityEpoch;
  /** Peak-to-trough RSA, ms, where there is a belt. */
  readonly peakToTrough: number;
  readonly respiration: RespirationEpoch | undefined;
  /** ms, as imported. */
  readonly preEjectionPeriod: number;
  /** Mean quality of the epoch's beats, 0 to 1. */
  readonly signalQuality: number;
}

/** Turns beats into intervals, series and epochs. */
export async function makeHeart(read: ReadHeart, time: SharedTime, settings: DyadSettings): Promise<Heart> {
  const { population, beats, member } = read;
  const corrected = correctInterbeatIntervals(beats.times, { population, method: settings.correction });
  const { start, end, epochSeconds, nEpochs } = time;
  const series = interbeatSeries(corrected, { samplingRate: SERIES_RATE, startTime: start, endTime: end });
  const seconds = interbeatSeries(corrected, {
    samplingRate: COVARIATION_RATE,
    method: "bin-mean",
    startTime: start,
    endTime: end,
  });
  const epochsAt = { epochSeconds, startTime: start, nEpochs };
  const quality = epochQuality(corrected, epochsAt);
  const rsa = rsaPorgesBohrer(series.values, {
    samplingRate: SERIES_RATE,
    population,
    epochSeconds,
    startTime: start,
    correctGain: settings.correctGain,
  });
  const variability = heartRateVariabilityEpochs(corrected, { population, ...epochsAt });
  const breaths =
    read.belt === undefined
      ? []
      : findBreaths(read.belt.values, { samplingRate: read.belt.samplingRate, population });
  const breathing =
    read.belt === undefined ? [] : respirationEpochs(breaths, { ...epochsAt, band: rsaBand(population) });
  const troughs = rsaPeakToTrough(
    corrected,
    { onsets: breaths.map(({ onset }) => onset), peaks: breaths.map(({ peak }) => peak) },
    { population },
  );
  const preEjection =
    member.pepPath === undefined ? undefined : await importedPreEjection(member.pepPath, member.id, time);
  const spectral = spectralEpochs(
    corrected,
    population,
    time,
    (epoch) => quality[epoch]?.excluded !== undefined,
  );
  const epochs = quality.map((each, epoch): HeartEpoch => {
    const from = each.startTime;
    const to = from + epochSeconds;
    return {
      ...each,
      epoch,
      lnRsa: each.excluded === undefined ? (rsa.values[epoch] ?? Number.NaN) : Number.NaN,
      lnRsaSpectral: spectral.values[epoch] ?? Number.NaN,
      variability: variability[epoch]!,
      peakToTrough: meanOver(breaths, troughs.perBreath, from, to),
      respiration: breathing[epoch],
      preEjectionPeriod: preEjection?.values[epoch] ?? Number.NaN,
      signalQuality: qualityBetween(read, from, to),
    };
  });
  return {
    read,
    id: member.id,
    population,
    corrected,
    interbeat: series.values,
    interbeatPerSecond: padded(seconds.values, end - start),
    rsaPerSecond: rsaAtSeconds(series, population, time),
    band: rsa.band,
    rsaGain: gainsOf(population, rsa.band),
    spectralSeconds: spectral.seconds,
    breaths,
    nPreEjectionLeftOut: preEjection?.nLeftOut ?? 0,
    epochs,
  };
}

function gainsOf(population: Population, { low, high }: RsaBand): Heart["rsaGain"] {
  const { frequencies, gains } = rsaFrequencyResponse({
    samplingRate: SERIES_RATE,
    population,
    frequencies: [low, (low + high) / 2, high],
  });
  return Array.from(frequencies, (frequency, k) => ({ frequency, gain: gains[k]! }));
}

/** Sliding RSA at every whole second; a value stands at the middle of its window. */
function rsaAtSeconds(
  series: Parameters<typeof slidingRsa>[0],
  population: Population,
  { start, end }: SharedTime,
): Float64Array {
  const sliding = slidingRsa(series, { population });
  return Float64Array.from({ length: end - start }, (_, second) => {
    const at = Math.round((start + second - sliding.startTime) * sliding.samplingRate);
    return sliding.values[at] ?? Number.NaN;
  });
}

function padded(values: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length).fill(Number.NaN);
  out.set(values.subarray(0, length));
  return out;
}

function meanOver(breaths: readonly Breath[], values: Float64Array, from: number, to: number): number {
  const inside: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const { onset } = breaths[k]!;
    if (onset >= from && onset < to) inside.push(values[k]!);
  }
  return meanOf(inside);
}

function qualityBetween({ beats }: ReadHeart, from: number, to: number): number {
  const { times, quality } = beats;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < from) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  let n = 0;
  for (; low < times.length && times[low]! < to; low++, n++) sum += quality[low]!;
  return sum / n;
}
