import { butterworth, notch, SosCascade, settlingSamples, sosfiltfilt } from "@attune/core";
import type { AlignedChunk } from "@attune/signal";
import { concat, defer, EMPTY, from, type MonoTypeOperatorFunction, map, mergeMap, of } from "rxjs";
import { reasonBit } from "./reasons.ts";
import type { FilterSettings } from "./settings.ts";

export interface ConditionOptions {
  readonly filter: FilterSettings;
  readonly gridRate: number;
  readonly analysisRate: number;
  readonly nChannels: number;
}

/**
 * Share of a step that may be left of a filter's start. It starts in the steady state of the first sample, so what is left is
 * 1 % of that sample's distance from the signal's course.
 */
const SETTLED = 0.01;

/**
 * Filters each person's samples and keeps every n-th grid point, by absolute grid index.
 *
 * Causal: the cascade starts anew after every gap from the first sample's steady state; until it has
 * settled, samples carry the reason `filter-settling`. Every channel of every person gets the same filter, because
 * unequal delays would look like direction. Zero-phase: each stretch without gaps is filtered forwards and backwards as a
 * whole, so it is held back until the stretch ends: for files only.
 */
export function condition(options: ConditionOptions): MonoTypeOperatorFunction<AlignedChunk> {
  const sections = designSections(options);
  const factor = options.gridRate / options.analysisRate;
  return (chunks) => {
    if (sections === undefined)
      return chunks.pipe(map((chunk) => decimate(chunk, factor, options.analysisRate)));
    const filtered =
      options.filter.phase === "causal"
        ? filterCausally(sections, options)
        : filterBothWays(sections, options);
    return chunks.pipe(
      filtered,
      map((chunk) => decimate(chunk, factor, options.analysisRate)),
    );
  };
}

/** All sections of high-pass, low-pass and notch in one cascade, or undefined when there is nothing to do. */
export function designSections({ filter, gridRate }: ConditionOptions): Float64Array | undefined {
  const parts: Float64Array[] = [];
  const { order } = filter;
  if (filter.highPassHz > 0) {
    parts.push(butterworth({ kind: "highpass", order, cutoff: filter.highPassHz, samplingRate: gridRate }));
  }
  if (filter.lowPassHz > 0 && filter.lowPassHz < gridRate / 2) {
    parts.push(butterworth({ kind: "lowpass", order, cutoff: filter.lowPassHz, samplingRate: gridRate }));
  }
  if (filter.notchHz > 0)
    parts.push(notch({ frequency: filter.notchHz, quality: 30, samplingRate: gridRate }));
  if (parts.length === 0) return undefined;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function filterCausally(
  sections: Float64Array,
  options: ConditionOptions,
): MonoTypeOperatorFunction<AlignedChunk> {
  const { nChannels } = options;
  const settling = settlingSamples(sections, SETTLED);
  const settlingBit = reasonBit("filter-settling");
  return (chunks) =>
    defer(() => {
      const cascade = new SosCascade(sections, nChannels);
      const first = new Float64Array(nChannels);
      let sinceStart = -1;
      return chunks.pipe(
        map((chunk) => {
          const { nSamples } = chunk;
          const data = new Float64Array(chunk.data.length).fill(Number.NaN);
          const mask = chunk.mask.slice();
          let n = 0;
          while (n < nSamples) {
            if (mask[n] !== 0) {
              sinceStart = -1;
              n++;
              continue;
            }
            let end = n;
            while (end < nSamples && mask[end] === 0) end++;
            const run = channelsOf(chunk.data, nChannels, nSamples, n, end);
            if (sinceStart < 0) {
              for (let c = 0; c < nChannels; c++) first[c] = run[c * (end - n)]!;
              cascade.initialise(first);
              sinceStart = 0;
            }
            cascade.execute(run, run, end - n);
            for (let c = 0; c < nChannels; c++) {
              data.set(run.subarray(c * (end - n), (c + 1) * (end - n)), c * nSamples + n);
            }
            for (let k = n; k < end; k++) {
              if (sinceStart < settling) mask[k]! |= settlingBit;
              sinceStart++;
            }
            n = end;
          }
          return { ...chunk, data, mask };
        }),
      );
    });
}

function filterBothWays(
  sections: Float64Array,
  options: ConditionOptions,
): MonoTypeOperatorFunction<AlignedChunk> {
  const { nChannels } = options;
  return (chunks) =>
    defer(() => {
      let stretch: AlignedChunk[] = [];
      const finish = (): AlignedChunk[] => {
        if (stretch.length === 0) return [];
        const joined = join(stretch, nChannels);
        stretch = [];
        const { nSamples } = joined;
        for (let c = 0; c < nChannels; c++) {
          const row = joined.data.subarray(c * nSamples, (c + 1) * nSamples);
          row.set(sosfiltfilt(sections, row));
        }
        return [joined];
      };
      const filtered = chunks.pipe(
        mergeMap((chunk) => {
          const out: AlignedChunk[] = [];
          for (const piece of splitByMask(chunk, nChannels)) {
            if (piece.mask[0] === 0) stretch.push(piece);
            else out.push(...finish(), piece);
          }
          return out.length > 0 ? from(out) : EMPTY;
        }),
      );
      return concat(
        filtered,
        defer(() => of(...finish())),
      );
    });
}

/** Runs of samples that are all usable or all not, in order. */
function splitByMask(chunk: AlignedChunk, nChannels: number): AlignedChunk[] {
  const pieces: AlignedChunk[] = [];
  let start = 0;
  for (let n = 1; n <= chunk.nSamples; n++) {
    if (n < chunk.nSamples && (chunk.mask[n] === 0) === (chunk.mask[start] === 0)) continue;
    pieces.push({
      ...chunk,
      firstIndex: chunk.firstIndex + start,
      nSamples: n - start,
      data: channelsOf(chunk.data, nChannels, chunk.nSamples, start, n),
      unfiltered: channelsOf(chunk.unfiltered, nChannels, chunk.nSamples, start, n),
      mask: chunk.mask.slice(start, n),
    });
    start = n;
  }
  return pieces;
}

function join(pieces: readonly AlignedChunk[], nChannels: number): AlignedChunk {
  const nSamples = pieces.reduce((sum, piece) => sum + piece.nSamples, 0);
  const data = new Float64Array(nChannels * nSamples);
  const unfiltered = new Float64Array(nChannels * nSamples);
  const mask = new Uint16Array(nSamples);
  let at = 0;
  for (const piece of pieces) {
    for (let c = 0; c < nChannels; c++) {
      const part = [c * piece.nSamples, (c + 1) * piece.nSamples] as const;
      data.set(piece.data.subarray(...part), c * nSamples + at);
      unfiltered.set(piece.unfiltered.subarray(...part), c * nSamples + at);
    }
    mask.set(piece.mask, at);
    at += piece.nSamples;
  }
  return { ...pieces[0]!, nSamples, data, unfiltered, mask };
}

function channelsOf(
  data: Float64Array,
  nChannels: number,
  nSamples: number,
  from: number,
  to: number,
): Float64Array {
  const length = to - from;
  const part = new Float64Array(nChannels * length);
  for (let c = 0; c < nChannels; c++)
    part.set(data.subarray(c * nSamples + from, c * nSamples + to), c * length);
  return part;
}

function decimate(chunk: AlignedChunk, factor: number, samplingRate: number): AlignedChunk {
  if (factor === 1) return chunk;
  const offset = (((-chunk.firstIndex % factor) + factor) % factor) as number;
  const nSamples = Math.max(0, Math.ceil((chunk.nSamples - offset) / factor));
  const nChannels = chunk.data.length / Math.max(1, chunk.nSamples);
  const data = new Float64Array(nChannels * nSamples);
  const unfiltered = new Float64Array(nChannels * nSamples);
  const mask = new Uint16Array(nSamples);
  for (let k = 0; k < nSamples; k++) {
    const source = offset + k * factor;
    mask[k] = chunk.mask[source]!;
    for (let c = 0; c < nChannels; c++) {
      data[c * nSamples + k] = chunk.data[c * chunk.nSamples + source]!;
      unfiltered[c * nSamples + k] = chunk.unfiltered[c * chunk.nSamples + source]!;
    }
  }
  const firstIndex = (chunk.firstIndex + offset) / factor;
  return { ...chunk, samplingRate, firstIndex, nSamples, data, unfiltered, mask };
}
