import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import { EnvelopeLevel } from "./envelope-level.ts";

const FULL_RATE_SECONDS = 300;
const FULL_RATE_BYTES = 64 * 1024 * 1024;
const LEVEL_BYTES = 24 * 1024 * 1024;
/** Seconds of one stretch, each level eight times the one before. */
const LEVEL_STEPS = [1 / 16, 1 / 2, 4] as const;
/** Stretches that hold more than this at full rate are answered as envelopes: no screen has so many points. */
const MOST_FULL_RATE_BYTES = 2 * 1024 * 1024;
const MOST_STRETCHES = 4000;
/** Largest run that is handed out in one piece, bytes. */
const PIECE_BYTES = 1024 * 1024;

/** The past of one stream, bounded: some minutes at full rate, and everything before as envelopes that grow coarser. */
export class TraceStore {
  readonly #runs: Traces[] = [];
  readonly #levels: readonly EnvelopeLevel[];
  #bytes = 0;

  constructor(streamId: string, nChannels: number) {
    this.#levels = LEVEL_STEPS.map((step) => new EnvelopeLevel(streamId, nChannels, step, LEVEL_BYTES));
  }

  push(run: Traces): void {
    this.#runs.push(run);
    this.#bytes += run.data.byteLength;
    const end = endOf(run);
    while (
      this.#runs.length > 1 &&
      (this.#bytes > FULL_RATE_BYTES || endOf(this.#runs[0]!) < end - FULL_RATE_SECONDS)
    )
      this.#bytes -= this.#runs.shift()!.data.byteLength;
    for (const level of this.#levels) level.push(run);
  }

  /** What there is between two times, as finely as makes sense for so long a stretch. */
  between(from: Seconds, to: Seconds): Traces[] {
    const newest = this.#runs.at(-1);
    if (newest === undefined || !(to > from)) return [];
    const nSamples = (Math.min(to, endOf(newest)) - from) / newest.step;
    const fits = 4 * newest.nChannels * nSamples <= MOST_FULL_RATE_BYTES;
    const fullFrom = fits ? Math.max(from, this.#runs[0]!.start) : Number.POSITIVE_INFINITY;
    const envelopes = fullFrom > from ? this.#envelopes(from, Math.min(to, fullFrom)) : [];
    const full = fits ? this.#runs.filter((run) => run.start < to && endOf(run) > fullFrom) : [];
    return [...envelopes, ...packed(full)];
  }

  /** Runs at full rate since `from`, as they were made. */
  since(from: Seconds): readonly Traces[] {
    return this.#runs.filter((run) => endOf(run) > from);
  }

  #envelopes(from: Seconds, to: Seconds): Traces[] {
    const [finest] = this.#levels;
    const wanted =
      this.#levels.find((level) => (to - from) / level.step <= MOST_STRETCHES && level.from <= from) ??
      this.#levels.findLast((level) => (to - from) / level.step > MOST_STRETCHES) ??
      finest!;
    const next = this.#levels[this.#levels.indexOf(wanted) + 1];
    const before =
      next !== undefined && wanted.from > from ? next.between(from, Math.min(to, wanted.from)) : [];
    return [...before, ...wanted.between(Math.max(from, Math.min(wanted.from, to)), to)];
  }
}

const endOf = ({ start, step, nSamples }: Traces): Seconds => start + step * nSamples;

/** Neighbouring runs in pieces of a size that is worth a message. */
function packed(runs: readonly Traces[]): Traces[] {
  const pieces: Traces[][] = [];
  let bytes = 0;
  for (const run of runs) {
    const before = pieces.at(-1)?.at(-1);
    const joins =
      before !== undefined &&
      Math.abs(run.start - endOf(before)) < before.step / 2 &&
      bytes + run.data.byteLength <= PIECE_BYTES;
    if (joins) pieces.at(-1)!.push(run);
    else {
      pieces.push([run]);
      bytes = 0;
    }
    bytes += run.data.byteLength;
  }
  return pieces.map(joinedRuns);
}

function joinedRuns(runs: readonly Traces[]): Traces {
  const [first] = runs as readonly [Traces, ...Traces[]];
  const last = runs.at(-1)!;
  const nSamples = runs.reduce((sum, run) => sum + run.nSamples, 0);
  const data = new Float32Array(first.nChannels * nSamples);
  let at = 0;
  for (const run of runs) {
    for (let c = 0; c < first.nChannels; c++)
      data.set(run.data.subarray(c * run.nSamples, (c + 1) * run.nSamples), c * nSamples + at);
    at += run.nSamples;
  }
  const step = nSamples > 1 ? (endOf(last) - last.step - first.start) / (nSamples - 1) : first.step;
  return { ...first, step, nSamples, data, isPast: true };
}
