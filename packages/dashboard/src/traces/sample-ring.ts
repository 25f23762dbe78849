/** A jump in time by more than this share of a step is a gap: one lost sample is one step, jitter of the clock is less. */
const GAP_IN_STEPS = 0.75;
/** Data that begin this much before the end of what is known are no jitter. */
const REWIND_SECONDS = 0.5;
/** A connection that comes back sends again what is known already, at most this long. What lies further back is another session. */
const RESENT_SECONDS = 60;
const MAX_RUNS = 8192;

export interface SampleFrame {
  readonly start: number;
  readonly step: number;
  readonly nChannels: number;
  readonly nSamples: number;
  /** `[nChannels, nSamples]` */
  readonly data: Float32Array;
}

/** `rewound`: what was known lies after these data and has been forgotten. */
export type Appended = "continued" | "gap" | "rewound";

/**
 * Sees samples that follow each other evenly: `data[channel * capacity + offset + i]` was taken at `start + i * step`.
 * `isBroken` where they do not continue what came before.
 */
export type SampleVisitor = (
  offset: number,
  nSamples: number,
  start: number,
  step: number,
  isBroken: boolean,
) => void;

/**
 * The newest samples of one stream at full rate: `[nChannels, capacity]`, allocated once. Times are kept per run of samples without a
 * gap, so that neither jitter of the clock nor the way the stream was cut into frames opens gaps where none are.
 */
export class SampleRing {
  readonly nChannels: number;
  readonly capacity: number;
  readonly data: Float32Array;
  #nWritten = 0;
  readonly #firstOfRun = new Float64Array(MAX_RUNS);
  readonly #startOfRun = new Float64Array(MAX_RUNS);
  readonly #stepOfRun = new Float64Array(MAX_RUNS);
  readonly #isRunBroken = new Uint8Array(MAX_RUNS);
  #nRuns = 0;

  constructor(nChannels: number, capacity: number) {
    this.nChannels = nChannels;
    this.capacity = capacity;
    this.data = new Float32Array(nChannels * capacity);
  }

  get isEmpty(): boolean {
    return this.#nWritten === 0;
  }

  /** Samples that ever came since the last `clear`. */
  get nWritten(): number {
    return this.#nWritten;
  }

  /** Time of the oldest sample that is still kept; NaN when empty. */
  get start(): number {
    if (this.#nRuns === 0) return Number.NaN;
    const run = this.#oldestRun();
    const first = Math.max(this.#firstOfRun[run % MAX_RUNS]!, this.#nWritten - this.capacity);
    return this.#timeIn(run, first);
  }

  /** When the next sample is due; NaN when empty. */
  get end(): number {
    return this.#nRuns === 0 ? Number.NaN : this.#timeIn(this.#nRuns - 1, this.#nWritten);
  }

  clear(): void {
    this.#nWritten = 0;
    this.#nRuns = 0;
  }

  /** @param mayRewind true in a replay, where earlier data mean that somebody has wound back; else they are known already */
  append(frame: SampleFrame, mayRewind: boolean): Appended {
    const { start, step, nSamples } = frame;
    let outcome: Appended = "continued";
    const overlap = this.#nRuns === 0 ? 0 : this.end - start;
    if (overlap > Math.max(REWIND_SECONDS, 2 * step)) {
      if (!mayRewind && overlap < RESENT_SECONDS) return this.#appendUnknown(frame, overlap);
      this.clear();
      outcome = "rewound";
    }
    if (this.#nRuns === 0) this.#beginRun(start, step, true);
    else {
      const late = (start - this.end) / step;
      if (late > GAP_IN_STEPS) {
        this.#beginRun(start, step, true);
        outcome = "gap";
      } else if (Math.abs(late) > 0.5 || step !== this.#stepOfRun[(this.#nRuns - 1) % MAX_RUNS])
        // The clock was estimated anew: other times, the same line. Time never runs backwards inside it.
        this.#beginRun(Math.max(start, this.end - 0.5 * step), step, false);
    }
    this.#copy(frame, nSamples);
    return outcome;
  }

  /** Shows all samples from sample number `first` on, oldest first, in pieces of at most `pieceSamples`. */
  visitFrom(first: number, pieceSamples: number, visit: SampleVisitor): void {
    if (this.#nRuns === 0) return;
    const oldest = this.#oldestRun();
    for (let run = oldest; run < this.#nRuns; run++) {
      const slot = run % MAX_RUNS;
      const begin = this.#firstOfRun[slot]!;
      const end = run + 1 < this.#nRuns ? this.#firstOfRun[(run + 1) % MAX_RUNS]! : this.#nWritten;
      let n = Math.max(begin, first, this.#nWritten - this.capacity);
      while (n < end) {
        const offset = n % this.capacity;
        const length = Math.min(end - n, pieceSamples, this.capacity - offset);
        visit(
          offset,
          length,
          this.#timeIn(run, n),
          this.#stepOfRun[slot]!,
          n === begin && this.#isRunBroken[slot] === 1,
        );
        n += length;
      }
    }
  }

  /** Number of the first sample at or after `time`; that of the next one when all are older. */
  numberAt(time: number): number {
    let end = this.#nWritten;
    for (let run = this.#nRuns - 1; run >= 0 && run >= this.#nRuns - MAX_RUNS; run--) {
      const slot = run % MAX_RUNS;
      const into = (time - this.#startOfRun[slot]!) / this.#stepOfRun[slot]!;
      if (into >= 0) return Math.min(end, this.#firstOfRun[slot]! + Math.ceil(into - 1e-6));
      end = this.#firstOfRun[slot]!;
    }
    return end;
  }

  /** Seconds of the longest gap that touches a stretch of time. */
  longestGap(from: number, to: number): number {
    let longest = 0;
    for (let run = this.#oldestRun() + 1; run < this.#nRuns; run++) {
      const begin = this.#startOfRun[run % MAX_RUNS]!;
      const end = this.#timeIn(run - 1, this.#firstOfRun[run % MAX_RUNS]!);
      if (begin > from && end < to) longest = Math.max(longest, begin - end);
    }
    return longest;
  }

  /** Takes what a frame has beyond what is known. */
  #appendUnknown({ start, step, nChannels, nSamples, data }: SampleFrame, overlap: number): Appended {
    const nKnown = Math.round(overlap / step);
    const n = nSamples - nKnown;
    if (n <= 0) return "continued";
    const rest = new Float32Array(nChannels * n);
    for (let c = 0; c < nChannels; c++)
      rest.set(data.subarray(c * nSamples + nKnown, (c + 1) * nSamples), c * n);
    return this.append({ start: start + nKnown * step, step, nChannels, nSamples: n, data: rest }, false);
  }

  #timeIn(run: number, n: number): number {
    const slot = run % MAX_RUNS;
    return this.#startOfRun[slot]! + (n - this.#firstOfRun[slot]!) * this.#stepOfRun[slot]!;
  }

  #beginRun(start: number, step: number, isBroken: boolean): void {
    const slot = this.#nRuns % MAX_RUNS;
    this.#firstOfRun[slot] = this.#nWritten;
    this.#startOfRun[slot] = start;
    this.#stepOfRun[slot] = step;
    this.#isRunBroken[slot] = isBroken ? 1 : 0;
    this.#nRuns++;
  }

  /** The oldest run of which samples are left. */
  #oldestRun(): number {
    const kept = this.#nWritten - this.capacity;
    let run = Math.max(0, this.#nRuns - MAX_RUNS);
    while (run + 1 < this.#nRuns && this.#firstOfRun[(run + 1) % MAX_RUNS]! <= kept) run++;
    return run;
  }

  #copy({ data }: SampleFrame, nSamples: number): void {
    const skip = Math.max(0, nSamples - this.capacity);
    this.#nWritten += skip;
    const offset = this.#nWritten % this.capacity;
    const length = nSamples - skip;
    const head = Math.min(length, this.capacity - offset);
    for (let c = 0; c < this.nChannels; c++) {
      const row = c * nSamples + skip;
      const base = c * this.capacity;
      this.data.set(data.subarray(row, row + head), base + offset);
      if (head < length) this.data.set(data.subarray(row + head, row + length), base);
    }
    this.#nWritten += length;
  }
}
