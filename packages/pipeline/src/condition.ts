import { butterworth, notch, OptionError, SosCascade, settlingSamples, sosfiltfilt } from "@attune/core";
import type { AlignedChunk } from "@attune/signal";
import { concat, defer, filter, from, identity, type MonoTypeOperatorFunction, map, mergeMap } from "rxjs";
import { isMissing, reasonBit } from "./reasons.ts";
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
 * whole, so it is held back until the stretch ends: for files only. A stretch too short to be filtered so is
 * `filter-settling` throughout.
 *
 * @throws OptionError when the analysis rate does not divide the grid rate
 */
export function condition(options: ConditionOptions): MonoTypeOperatorFunction<AlignedChunk> {
  const sections = designSections(options);
  const factor = Math.round(options.gridRate / options.analysisRate);
  if (!(factor >= 1 && Math.abs(factor * options.analysisRate - options.gridRate) < 1e-6))
    throw new OptionError(
      `condition needs an analysis rate that divides the grid rate, got ${options.analysisRate} and ${options.gridRate} Hz.`,
    );
  return (chunks) =>
    chunks.pipe(
      sections === undefined ? identity : filterBy(options.filter.phase, sections, options),
      map((chunk) => decimate(chunk, factor, options.analysisRate)),
      filter(({ nSamples }) => nSamples > 0),
    );
}

const filterBy = (phase: FilterSettings["phase"], sections: Float64Array, options: ConditionOptions) =>
  phase === "causal" ? filterCausally(sections, options) : filterBothWays(sections, options);

/** All sections of high-pass, low-pass and notch in one cascade, or undefined when there is nothing to do. */
export function designSections(options: ConditionOptions): Float64Array | undefined {
  const { gridRate: samplingRate } = options;
  const { order, highPassHz, lowPassHz, notchHz } = options.filter;
  const parts: Float64Array[] = [];
  if (highPassHz > 0) parts.push(butterworth({ kind: "highpass", order, cutoff: highPassHz, samplingRate }));
  if (lowPassHz > 0 && lowPassHz < samplingRate / 2)
    parts.push(butterworth({ kind: "lowpass", order, cutoff: lowPassHz, samplingRate }));
  if (notchHz > 0) parts.push(notch({ frequency: notchHz, quality: 30, samplingRate }));
  return parts.length > 0 ? Float64Array.from(parts.flatMap((part) => [...part])) : undefined;
}

function filterCausally(
  sections: Float64Array,
  options: ConditionOptions,
): MonoTypeOperatorFunction<AlignedChunk> {
  return (chunks) =>
    defer(() => {
      const stage = new CausalFilter(sections, options.nChannels);
      return chunks.pipe(map((chunk) => stage.filter(chunk)));
    });
}

class CausalFilter {
  readonly #cascade: SosCascade;
  readonly #first: Float64Array;
  readonly #settling: number;
  /** Samples since the filter started; negative while it stands still. */
  #age = -1;

  constructor(sections: Float64Array, nChannels: number) {
    this.#cascade = new SosCascade(sections, nChannels);
    this.#first = new Float64Array(nChannels);
    this.#settling = settlingSamples(sections, SETTLED);
  }

  filter(chunk: AlignedChunk): AlignedChunk {
    const nChannels = this.#first.length;
    const pieces = splitByMask(chunk, nChannels).map((piece) => this.#filterPiece(piece));
    return pieces.length === 1 ? pieces[0]! : join(pieces, nChannels);
  }

  #filterPiece(piece: AlignedChunk): AlignedChunk {
    if (isMissing(piece.mask[0]!)) {
      this.#age = -1;
      return withoutData(piece);
    }
    const { data, nSamples } = piece;
    const first = this.#first;
    if (this.#age < 0) {
      for (let c = 0; c < first.length; c++) first[c] = data[c * nSamples]!;
      this.#cascade.initialise(first);
      this.#age = 0;
    }
    this.#cascade.execute(data, data, nSamples);
    const nSettling = Math.max(0, Math.min(nSamples, this.#settling - this.#age));
    this.#age += nSamples;
    const { mask } = piece;
    for (let n = 0; n < nSettling; n++) mask[n]! |= reasonBit("filter-settling");
    return piece;
  }
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
        const whole = join(stretch, nChannels);
        stretch = [];
        return [filterWhole(whole, sections, nChannels)];
      };
      const filtered = chunks.pipe(
        mergeMap((chunk) =>
          splitByMask(chunk, nChannels).flatMap((piece) => {
            if (isMissing(piece.mask[0]!)) return [...finish(), withoutData(piece)];
            stretch.push(piece);
            return [];
          }),
        ),
      );
      return concat(
        filtered,
        defer(() => from(finish())),
      );
    });
}

/** A stretch without gaps, filtered forwards and backwards; unusable where it is no longer than the filter's reflection. */
function filterWhole(stretch: AlignedChunk, sections: Float64Array, nChannels: number): AlignedChunk {
  const { nSamples } = stretch;
  const longestReflection = 3 * (sections.length / 3 + 1);
  if (nSamples <= longestReflection) {
    return { ...withoutData(stretch), mask: new Uint16Array(nSamples).fill(reasonBit("filter-settling")) };
  }
  return { ...stretch, data: sosfiltfilt(sections, stretch.data, { nChannels }) };
}

const withoutData = (chunk: AlignedChunk): AlignedChunk => ({
  ...chunk,
  data: new Float64Array(chunk.data.length).fill(Number.NaN),
});

/** Copies of the runs of samples that are all usable or all not, in order. */
function splitByMask(chunk: AlignedChunk, nChannels: number): AlignedChunk[] {
  const pieces: AlignedChunk[] = [];
  let start = 0;
  for (let n = 1; n <= chunk.nSamples; n++) {
    if (n < chunk.nSamples && isMissing(chunk.mask[n]!) === isMissing(chunk.mask[start]!)) continue;
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
