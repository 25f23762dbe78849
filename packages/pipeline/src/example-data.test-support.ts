/** Small inputs for the tests of the stages, and the cutting and joining of chunks. */
import { counterRandom, normal } from "@attune/core";
import type { AlignedChunk, LabelledWindow, SampleChunk, StateChange, Window } from "@attune/signal";
import { from, type Observable, type OperatorFunction } from "rxjs";
import type { LiveSettings, PersonMontage, SessionSettings } from "./settings.ts";

/** What an operator makes of a list; all stages are synchronous. */
export function outputs<In, Out>(inputs: Iterable<In>, operator: OperatorFunction<In, Out>): Out[] {
  return valuesOf(from(inputs).pipe(operator));
}

/** The values of a synchronous stream; its error is thrown. */
export function valuesOf<Out>(source: Observable<Out>): Out[] {
  const out: Out[] = [];
  let failed = false;
  let failure: unknown;
  source.subscribe({
    next: (value) => {
      out.push(value);
    },
    error: (error: unknown) => {
      failed = true;
      failure = error;
    },
  });
  if (failed) throw failure;
  return out;
}

export const noise = (nSamples: number, ...key: (number | string)[]): Float64Array => {
  const draw = normal(counterRandom("example", ...key));
  return Float64Array.from({ length: nSamples }, draw);
};

/** Lengths that add up to `total`, from numbers that a generator drew. */
export function cutLengths(total: number, drawn: readonly number[]): number[] {
  const lengths: number[] = [];
  let left = total;
  for (let i = 0; left > 0; i++) {
    const length = Math.min(left, drawn.length > 0 ? drawn[i % drawn.length]! : left);
    lengths.push(length);
    left -= length;
  }
  return lengths;
}

const part = (rows: Float64Array, nSamples: number, start: number, length: number): Float64Array => {
  const nRows = rows.length / nSamples;
  const out = new Float64Array(nRows * length);
  for (let r = 0; r < nRows; r++)
    out.set(rows.subarray(r * nSamples + start, r * nSamples + start + length), r * length);
  return out;
};

export function cutSamples(chunk: SampleChunk, drawn: readonly number[]): SampleChunk[] {
  let start = 0;
  return cutLengths(chunk.nSamples, drawn).map((nSamples) => {
    const time = [start, start + nSamples] as const;
    const piece: SampleChunk = {
      ...chunk,
      firstSample: chunk.firstSample + start,
      nSamples,
      data: part(chunk.data, chunk.nSamples, start, nSamples),
      deviceTime: chunk.deviceTime.slice(...time),
      ...(chunk.sessionTime === undefined ? {} : { sessionTime: chunk.sessionTime.slice(...time) }),
    };
    start += nSamples;
    return piece;
  });
}

export function cutAligned(chunk: AlignedChunk, drawn: readonly number[]): AlignedChunk[] {
  let start = 0;
  return cutLengths(chunk.nSamples, drawn).map((nSamples) => {
    const piece: AlignedChunk = {
      ...chunk,
      firstIndex: chunk.firstIndex + start,
      nSamples,
      data: part(chunk.data, chunk.nSamples, start, nSamples),
      unfiltered: part(chunk.unfiltered, chunk.nSamples, start, nSamples),
      mask: chunk.mask.slice(start, start + nSamples),
    };
    start += nSamples;
    return piece;
  });
}

/** Chunks that follow each other as one. Throws when they do not. */
export function joinAligned(chunks: readonly AlignedChunk[]): AlignedChunk {
  const nSamples = chunks.reduce((sum, chunk) => sum + chunk.nSamples, 0);
  const nChannels = chunks[0]!.data.length / chunks[0]!.nSamples;
  const joined = {
    ...chunks[0]!,
    nSamples,
    data: new Float64Array(nChannels * nSamples),
    unfiltered: new Float64Array(nChannels * nSamples),
    mask: new Uint16Array(nSamples),
  };
  let at = 0;
  for (const chunk of chunks) {
    if (chunk.firstIndex !== joined.firstIndex + at)
      throw new Error("There is a hole between aligned chunks.");
    for (let c = 0; c < nChannels; c++) {
      const rows = [c * chunk.nSamples, (c + 1) * chunk.nSamples] as const;
      joined.data.set(chunk.data.subarray(...rows), c * nSamples + at);
      joined.unfiltered.set(chunk.unfiltered.subarray(...rows), c * nSamples + at);
    }
    joined.mask.set(chunk.mask, at);
    at += chunk.nSamples;
  }
  return joined;
}

/** The bits of numbers as text: equal for equal bits, every NaN alike. */
export function bitsOf(values: Float64Array | Uint16Array): string {
  const copy = Float64Array.from(values, (value) => (Number.isNaN(value) ? Number.NaN : value));
  let text = "";
  for (const word of new Uint32Array(copy.buffer)) text += String.fromCharCode(word & 0xffff, word >>> 16);
  return text;
}

export const alignedBits = ({ person, samplingRate, firstIndex, data, unfiltered, mask }: AlignedChunk) => ({
  person,
  samplingRate,
  firstIndex,
  data: bitsOf(data),
  unfiltered: bitsOf(unfiltered),
  mask: bitsOf(mask),
});

export const windowBits = ({ data, unfiltered, ...rest }: Window) => ({
  ...rest,
  data: bitsOf(data),
  unfiltered: bitsOf(unfiltered),
});

/** `[nChannels, nSamples]` of rows; usable throughout unless a mask is given. */
export function alignedChunk(
  person: string,
  rows: readonly Float64Array[],
  {
    firstIndex = 0,
    samplingRate = 200,
    mask,
  }: { firstIndex?: number; samplingRate?: number; mask?: Uint16Array } = {},
): AlignedChunk {
  const nSamples = rows[0]!.length;
  const data = new Float64Array(rows.length * nSamples);
  rows.forEach((row, c) => {
    data.set(row, c * nSamples);
  });
  return {
    kind: "aligned",
    person,
    samplingRate,
    firstIndex,
    nSamples,
    data,
    unfiltered: data.slice(),
    mask: mask ?? new Uint16Array(nSamples),
  };
}

/** A window of rows, person after person. */
export function windowOf(
  rows: readonly Float64Array[],
  { index = 0, hop, samplingRate = 200 }: { index?: number; hop?: number; samplingRate?: number } = {},
): Window {
  const nSamples = rows[0]!.length;
  const { data, unfiltered } = alignedChunk("", rows);
  const firstIndex = index * (hop ?? nSamples);
  return {
    kind: "window",
    index,
    firstIndex,
    nSamples,
    samplingRate,
    start: firstIndex / samplingRate,
    data,
    unfiltered,
    problems: [],
  };
}

export const accepted = (window: Window, condition = "all"): LabelledWindow => ({
  kind: "accepted",
  window,
  condition,
  episode: 0,
});

export const stateChange = (at: number, state: string, person = "adult", layer = "gaze"): StateChange => ({
  kind: "state",
  person,
  layer,
  state,
  at,
});

export function montageOf(id: string, role: "adult" | "infant", nominalSamplingRate: number): PersonMontage {
  return {
    person: { id, role },
    streamId: `${id}-eeg`,
    nominalSamplingRate,
    channels: ["C3", "C4"].map((label, row) => ({ label, row })),
    toMicrovolts: 1,
    averageRows: [],
  };
}

export const exampleLive: LiveSettings = {
  forgettingSeconds: 10,
  solveEverySeconds: 1,
  nullEverySeconds: 5,
  nSurrogates: 20,
  bankWindows: 60,
};

/** One adult and one infant with two channels each at 200 Hz, one condition. */
export const exampleSettings: SessionSettings = {
  people: [montageOf("adult", "adult", 500), montageOf("infant", "infant", 250)],
  gridRate: 200,
  analysisRate: 200,
  filter: { phase: "causal", highPassHz: 0.5, lowPassHz: 0, order: 2, notchHz: 0 },
  artefacts: {
    amplitudeMicrovolts: { adult: 100, infant: 150, child: 150 },
    guardSeconds: 1,
    flatSeconds: 0.2,
    railedSeconds: 0.05,
    lineNoiseShare: 0.5,
    lineNoiseHz: 50,
  },
  window: { seconds: 1, overlap: 0 },
  states: undefined,
  model: { estimator: "ols", order: 3 },
  bands: [
    { name: "theta", low: 3, high: 6 },
    { name: "alpha", low: 6, high: 9 },
  ],
  frequencyBins: 64,
  live: exampleLive,
  seed: 1,
};
