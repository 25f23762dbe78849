import type { ContinuousRecording } from "@attune/recording";
import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import type { StreamTimes } from "./stream-times.ts";

const BLOCK_SECONDS = 4;
const LEAST_SAMPLES = 256;
/** A block is one piece of a message at most. */
const BLOCK_BYTES = 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;

interface Block {
  runs: readonly Traces[] | undefined;
  loading: Promise<readonly Traces[]>;
  bytes: number;
}

/** Samples of a recording for the screen, read block by block and kept while there is room: those used least recently go first. */
export class SampleBlocks {
  readonly times: readonly StreamTimes[];
  readonly #recording: ContinuousRecording;
  readonly #onProblem: (error: unknown) => void;
  /** In the order in which they were used. */
  readonly #blocks = new Map<string, Block>();
  #bytes = 0;

  /** @param onProblem told when a stretch cannot be read; it counts as empty then */
  constructor(
    recording: ContinuousRecording,
    times: readonly StreamTimes[],
    onProblem: (error: unknown) => void,
  ) {
    this.#recording = recording;
    this.times = times;
    this.#onProblem = onProblem;
  }

  /** Bytes of samples that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Reads what is not there yet of all streams. */
  async load(from: Seconds, to: Seconds): Promise<void> {
    await Promise.all(
      this.times.flatMap((times) => blocksOf(times, from, to).map((k) => this.#load(times, k))),
    );
  }

  isLoaded(from: Seconds, to: Seconds): boolean {
    return this.times.every((times) =>
      blocksOf(times, from, to).every((k) => this.#peek(times, k) !== undefined),
    );
  }

  /** Samples of one stream with times in `[from, to)` as far as they are loaded, oldest first. */
  between(times: StreamTimes, from: Seconds, to: Seconds): Traces[] {
    const runs = blocksOf(times, from, to).flatMap((k) => this.#peek(times, k) ?? []);
    return joined(runs.flatMap((run) => cut(run, from, to) ?? []));
  }

  #peek(times: StreamTimes, k: number): readonly Traces[] | undefined {
    return this.#use(keyOf(times, k))?.runs;
  }

  #use(key: string): Block | undefined {
    const block = this.#blocks.get(key);
    if (block === undefined) return undefined;
    this.#blocks.delete(key);
    this.#blocks.set(key, block);
    return block;
  }

  #load(times: StreamTimes, k: number): Promise<readonly Traces[]> {
    const key = keyOf(times, k);
    const known = this.#use(key);
    if (known !== undefined) return known.loading;
    const block: Block = { runs: undefined, loading: Promise.resolve([]), bytes: 0 };
    block.loading = this.#read(times, k).then((runs) => {
      block.runs = runs;
      block.bytes = runs.reduce((sum, { data }) => sum + data.byteLength, 0);
      this.#bytes += block.bytes;
      this.#forgetOldest();
      return runs;
    });
    this.#blocks.set(key, block);
    return block.loading;
  }

  #forgetOldest(): void {
    for (const [key, { runs, bytes }] of this.#blocks) {
      if (this.#bytes <= MOST_BYTES) return;
      if (runs === undefined) continue;
      this.#blocks.delete(key);
      this.#bytes -= bytes;
    }
  }

  async #read(times: StreamTimes, k: number): Promise<readonly Traces[]> {
    const size = samplesPerBlock(times);
    const { id, channels } = times.stream;
    try {
      const { data, deviceTime } = await this.#recording.read(id, { fromSample: k * size, nSamples: size });
      return runsOf(times, k * size, deviceTime.length, channels.length, data);
    } catch (error) {
      this.#onProblem(error);
      return [];
    }
  }
}

const keyOf = ({ stream }: StreamTimes, k: number): string => `${k} ${stream.id}`;

export function samplesPerBlock({ stream }: StreamTimes): number {
  const wanted = Math.round(BLOCK_SECONDS * stream.nominalSamplingRate);
  const most = Math.floor(BLOCK_BYTES / (4 * Math.max(1, stream.channels.length)));
  return Math.max(1, Math.min(most, Math.max(LEAST_SAMPLES, wanted)));
}

/** Blocks that hold samples of `[from, to)`. */
function blocksOf(times: StreamTimes, from: Seconds, to: Seconds): number[] {
  const size = samplesPerBlock(times);
  const first = times.sampleAt(from);
  // Where a clock was set back, spans overlap: one sample more does no harm.
  const end = Math.min(times.stream.nSamples, times.sampleAt(to) + 1);
  if (end <= first) return [];
  const begin = Math.floor(first / size);
  return Array.from({ length: Math.floor((end - 1) / size) - begin + 1 }, (_, i) => begin + i);
}

/** Samples `[firstSample, firstSample + nSamples)` as runs without gaps. @param data `[nChannels, nSamples]` */
export function runsOf(
  times: StreamTimes,
  firstSample: number,
  nSamples: number,
  nChannels: number,
  data: Float64Array,
): Traces[] {
  const end = firstSample + nSamples;
  return times.spans.flatMap((span): Traces[] => {
    const from = Math.max(firstSample, span.firstSample);
    const to = Math.min(end, span.firstSample + span.nSamples);
    if (to <= from) return [];
    const values = new Float32Array(nChannels * (to - from));
    for (let c = 0; c < nChannels; c++)
      values.set(
        data.subarray(c * nSamples + from - firstSample, c * nSamples + to - firstSample),
        c * (to - from),
      );
    return [
      {
        kind: "traces",
        streamId: times.stream.id,
        start: span.start + (from - span.firstSample) * span.step,
        step: span.step,
        nChannels,
        nSamples: to - from,
        data: values,
        isEnvelope: false,
        isPast: true,
      },
    ];
  });
}

/** Part of a run with times in `[from, to)`; a time that is an end here and a beginning there has each sample once. */
export function cut(run: Traces, from: Seconds, to: Seconds): Traces | undefined {
  const { start, step, nSamples, nChannels, data, isEnvelope } = run;
  const index = (time: Seconds): number =>
    Math.min(nSamples, Math.max(0, Math.ceil((time - start) / step - 1e-6)));
  const first = index(from);
  const count = index(to) - first;
  if (count <= 0) return undefined;
  if (count === nSamples) return run;
  const nRows = nChannels * (isEnvelope ? 2 : 1);
  const values = new Float32Array(nRows * count);
  for (let row = 0; row < nRows; row++)
    values.set(data.subarray(row * nSamples + first, row * nSamples + first + count), row * count);
  return { ...run, start: start + first * step, nSamples: count, data: values };
}

/** Neighbours that follow each other evenly in one piece, as long as it is no more than a block. */
function joined(runs: readonly Traces[]): Traces[] {
  const pieces: Traces[] = [];
  for (const run of runs) {
    const before = pieces.at(-1);
    const follows =
      before !== undefined &&
      Math.abs(run.start - before.start - before.nSamples * before.step) < before.step / 2 &&
      before.data.byteLength + run.data.byteLength <= BLOCK_BYTES;
    if (follows) pieces[pieces.length - 1] = append(before, run);
    else pieces.push(run);
  }
  return pieces;
}

function append(a: Traces, b: Traces): Traces {
  const nSamples = a.nSamples + b.nSamples;
  const data = new Float32Array(a.nChannels * nSamples);
  for (let c = 0; c < a.nChannels; c++) {
    data.set(a.data.subarray(c * a.nSamples, (c + 1) * a.nSamples), c * nSamples);
    data.set(b.data.subarray(c * b.nSamples, (c + 1) * b.nSamples), c * nSamples + a.nSamples);
  }
  return { ...a, nSamples, data };
}
