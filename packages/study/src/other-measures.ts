import {
  type AnalyticSignal,
  adjustedCircularCorrelation,
  blockGranger,
  butterworth,
  type CouplingSpectrum,
  ciplv,
  circularCorrelation,
  coherence,
  type Direction,
  dDtf,
  dtf,
  envelopeCorrelation,
  frequencyGrid,
  gdtf,
  grangerSpectral,
  hilbert,
  idtf,
  imaginaryCoherence,
  informationFlow,
  ipdc,
  type MvarModel,
  modelBlockCoherence,
  pdc,
  pli,
  plv,
  ppc,
  sosfiltfilt,
  wpli,
  wpliDebiased,
} from "@attune/core";
import type { ConditionedRecord } from "./collect.ts";
import type { ConditionData } from "./condition-data.ts";
import type { ConditionFit, Estimator } from "./estimator.ts";
import type { ConditionResult } from "./result.ts";
import type { StudySettings } from "./settings.ts";

type PairOptions = Parameters<typeof modelBlockCoherence>[1];
type OtherMeasure = ConditionResult["otherMeasures"][number];

/** Measures of the same model: means over links, squared where the measure is a magnitude; block coherence once a pair. */
export function directedMeasures(estimator: Estimator, fit: ConditionFit): OtherMeasure[] {
  const { settings, directions } = estimator;
  const frequencies = frequencyGrid({ samplingRate: settings.analysisRate, nfft: settings.frequencyBins });
  const options = { samplingRate: settings.analysisRate, frequencies };
  const squared: readonly [string, CouplingSpectrum][] = [
    ["pdcSquared", pdc(fit.model, options)],
    ["ipdcSquared", ipdc(fit.model, options)],
    ["dtfSquared", dtf(fit.model, options)],
    ["gdtfSquared", gdtf(fit.model, options)],
    ["idtfSquared", idtf(fit.model, options)],
    ["dDtfSquared", dDtf(fit.model, options)],
  ];
  const out: OtherMeasure[] = [];
  for (const direction of directions) {
    const { from, to } = direction;
    // It has no direction: the first of the two is enough.
    const isFirstOfPair = direction.fromChannels[0]! < direction.toChannels[0]!;
    for (const { name: band, low, high } of settings.bands) {
      const inside = Array.from(frequencies.keys()).filter(
        (f) => frequencies[f]! >= low - 1e-9 && frequencies[f]! <= high + 1e-9,
      );
      const inBand = { ...options, frequencies: Float64Array.from(inside, (f) => frequencies[f]!) };
      for (const [measure, spectrum] of squared) {
        out.push({
          measure,
          from,
          to,
          band,
          value: linkMean(spectrum, direction, inside, estimator.nChannels),
          unit: "",
        });
      }
      out.push({
        measure: "grangerBlock",
        from,
        to,
        band,
        value: blockInBand(grangerSpectral, fit, direction, inBand, false),
        unit: "nats",
      });
      out.push({
        measure: "informationFlow",
        from,
        to,
        band,
        value: flow(fit, direction, settings, low, high),
        unit: "bits/s",
      });
      if (isFirstOfPair) {
        out.push({
          measure: "blockCoherenceSquared",
          from,
          to,
          band,
          value: blockInBand(modelBlockCoherence, fit, direction, inBand, true),
          unit: "",
        });
      }
    }
    const whole = blockGranger(fit.model, { from: direction.fromChannels, to: direction.toChannels });
    out.push({ measure: "grangerBlock", from, to, band: "all", value: whole, unit: "nats" });
  }
  return out;
}

function linkMean(
  spectrum: CouplingSpectrum,
  direction: Direction,
  inside: readonly number[],
  n: number,
): number {
  let sum = 0;
  let count = 0;
  for (const f of inside) {
    for (const i of direction.toChannels) {
      for (const j of direction.fromChannels) {
        sum += spectrum.values[(f * n + i) * n + j]! ** 2;
        count++;
      }
    }
  }
  return sum / count;
}

/** The mean over the band of a measure between the two blocks of a direction. */
function blockInBand(
  measure: (model: MvarModel, options: PairOptions) => CouplingSpectrum,
  { model }: ConditionFit,
  { fromChannels, toChannels }: Direction,
  options: Omit<PairOptions, "blocks">,
  squared: boolean,
): number {
  const blocks = [fromChannels, toChannels];
  const { values } = measure(model, { ...options, blocks });
  let sum = 0;
  for (let at = 2; at < values.length; at += 4) sum += squared ? values[at]! ** 2 : values[at]!;
  return (4 * sum) / values.length;
}

function flow(
  { model }: ConditionFit,
  direction: Direction,
  { analysisRate }: StudySettings,
  low: number,
  high: number,
): number {
  const bits = informationFlow(model, { samplingRate: analysisRate, low, high, steps: 256 });
  let sum = 0;
  for (const i of direction.toChannels)
    for (const j of direction.fromChannels) sum += bits[i * model.nChannels + j]!;
  return sum / (direction.toChannels.length * direction.fromChannels.length);
}

const undirected: readonly [string, (a: AnalyticSignal, b: AnalyticSignal) => number][] = [
  ["plv", plv],
  ["ppc", ppc],
  ["ciplv", ciplv],
  ["pli", pli],
  ["wpli", wpli],
  ["wpliDebiased", wpliDebiased],
  ["coherence", coherence],
  ["imaginaryCoherence", imaginaryCoherence],
  ["circularCorrelation", circularCorrelation],
  ["adjustedCircularCorrelation", adjustedCircularCorrelation],
  ["envelopeCorrelation", envelopeCorrelation],
];

/**
 * Samples that are transformed at once, minutes of them: a transform of the whole recording would take many times its memory,
 * and the seams touch a few cycles in each.
 */
const HILBERT_BLOCK = 32_768;

/** Order of the band-pass before the analytic signal; doubled by running it both ways. */
const BAND_FILTER_ORDER = 3;

/** Analytic signals of one band over stretches without gaps, NaN elsewhere: `[person][channel]`, each as long as its record. */
function bandSignals(
  band: StudySettings["bands"][number],
  records: readonly ConditionedRecord[],
  { analysisRate }: StudySettings,
): AnalyticSignal[][] {
  const sections = butterworth({
    kind: "bandpass",
    order: BAND_FILTER_ORDER,
    cutoff: [band.low, band.high],
    samplingRate: analysisRate,
  });
  // Filter and transform need a few cycles; shorter stretches are all edge.
  const shortest = Math.ceil((3 * analysisRate) / band.low);
  return records.map((record) =>
    Array.from({ length: record.nChannels }, (_, c) => analyticOf(record, c, sections, shortest)),
  );
}

function analyticOf(
  record: ConditionedRecord,
  channel: number,
  sections: Float64Array,
  shortest: number,
): AnalyticSignal {
  const { nSamples, mask } = record;
  const real = new Float64Array(nSamples).fill(Number.NaN);
  const imaginary = new Float64Array(nSamples).fill(Number.NaN);
  let start = 0;
  while (start < nSamples) {
    if (mask[start] !== 0) {
      start++;
      continue;
    }
    let end = start;
    while (end < nSamples && mask[end] === 0) end++;
    if (end - start >= shortest) {
      const part = record.data.slice(channel * nSamples + start, channel * nSamples + end);
      const filtered = sosfiltfilt(sections, part);
      const nBlocks = Math.max(1, Math.floor(filtered.length / HILBERT_BLOCK));
      for (let block = 0; block < nBlocks; block++) {
        const from = block * HILBERT_BLOCK;
        const to = block === nBlocks - 1 ? filtered.length : from + HILBERT_BLOCK;
        const analytic = hilbert(filtered.slice(from, to));
        real.set(analytic.real, start + from);
        imaginary.set(analytic.imaginary, start + from);
      }
    }
    start = end;
  }
  return { real, imaginary };
}

/**
 * Phase and amplitude measures between the heads on the samples of each condition's windows: means over channel pairs, by
 * condition. Band by band, because the analytic signals of a long recording are many times the recording.
 */
export function undirectedMeasures(
  conditions: readonly ConditionData[],
  records: readonly ConditionedRecord[],
  settings: StudySettings,
): ReadonlyMap<string, OtherMeasure[]> {
  const out = new Map(conditions.map(({ condition }) => [condition, [] as OtherMeasure[]]));
  for (const band of settings.bands) {
    const signals = bandSignals(band, records, settings);
    for (const { condition, set, firstIndices } of conditions) {
      if (set.nWindows === 0) continue;
      const picked = signals.map((channels, person) =>
        channels.map((signal) => gather(signal, records[person]!.firstIndex, firstIndices, set.nSamples)),
      );
      out.get(condition)!.push(...betweenHeads(picked, records, band.name));
    }
  }
  return out;
}

function betweenHeads(
  picked: readonly (readonly AnalyticSignal[])[],
  records: readonly ConditionedRecord[],
  band: string,
): OtherMeasure[] {
  const out: OtherMeasure[] = [];
  for (let a = 0; a < picked.length; a++) {
    for (let b = a + 1; b < picked.length; b++) {
      const from = records[a]!.person;
      const to = records[b]!.person;
      const pairs = picked[a]!.flatMap((x) => picked[b]!.map((y) => bothPresent(x, y)));
      for (const [measure, compute] of undirected) {
        const values = pairs.map((pair) => compute(...pair));
        const value = values.reduce((sum, each) => sum + each, 0) / values.length;
        out.push({ measure, from, to, band, value, unit: "" });
      }
    }
  }
  return out;
}

/** The samples of the windows, one after another; samples in overlapping windows once. */
function gather(
  signal: AnalyticSignal,
  first: number,
  windows: readonly number[],
  nSamples: number,
): AnalyticSignal {
  const real: number[] = [];
  const imaginary: number[] = [];
  let done = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    for (let n = Math.max(window, done); n < window + nSamples; n++) {
      real.push(signal.real[n - first]!);
      imaginary.push(signal.imaginary[n - first]!);
    }
    done = window + nSamples;
  }
  return { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
}

function bothPresent(a: AnalyticSignal, b: AnalyticSignal): [AnalyticSignal, AnalyticSignal] {
  const nSamples = a.real.length;
  const kept = new Int32Array(nSamples);
  let count = 0;
  for (let n = 0; n < nSamples; n++) {
    if (!Number.isNaN(a.real[n]!) && !Number.isNaN(b.real[n]!)) kept[count++] = n;
  }
  if (count === nSamples) return [a, b];
  const present = kept.subarray(0, count);
  const keep = (x: AnalyticSignal): AnalyticSignal => ({
    real: Float64Array.from(present, (n) => x.real[n]!),
    imaginary: Float64Array.from(present, (n) => x.imaginary[n]!),
  });
  return [keep(a), keep(b)];
}
