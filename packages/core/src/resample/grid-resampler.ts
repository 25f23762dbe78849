import { OptionError, ShapeError } from "../errors.ts";
import { FractionalKernel } from "./fractional-kernel.ts";
import { checkedOptions, type GridResamplerOptions } from "./grid-resampler-options.ts";
import { type GridChunk, GridRows } from "./grid-rows.ts";
import { truncatedSum, weightedSums } from "./weighted-sums.ts";

/** How far a sample may lie from a grid time and still be the sample of that time, seconds. */
const gridTolerance = 1e-9;
/** Neighbours further apart than this many nominal periods have lost samples between them. */
const gapPeriods = 1.5;

/**
 * Brings one device's samples, stamped by its own drifting clock, onto the uniform grid k / gridRate of the session,
 * chunk by chunk. Every device of a session goes through one of these, and only then may two be compared.
 *
 *     y[k] = sum_n h(u_k - n) x[n],   u_k = i + (T_k - t[i]) / (t[i+1] - t[i]),   t[i] <= T_k = k / gridRate < t[i+1]
 *
 * with the symmetric low-pass h of `FractionalKernel`: no phase shift at any frequency, the same magnitude at every
 * fractional position (within 1.6e-5), no aliases above `stopBandHz`, offsets passed exactly. A value leaves when
 * half a kernel of later samples has arrived (`latencySeconds`).
 *
 * Lost is lost. A step in time of more than 1.5 periods, a step back, or a call of `gap()` ends a segment. Grid
 * samples whose kernel would touch a gap, an edge of the recording or a NaN are NaN with mask 1, so the index runs
 * on without holes. A NaN in one channel takes only that channel. A sample without a finite time is a lost one.
 *
 * Where the rates are equal and all samples under the kernel lie on the grid within 1e-9 s, the samples pass
 * unchanged to the bit, edges included.
 *
 * Chunk-invariant to the bit: any cut of the input gives the same concatenated output. Allocates the chunk it
 * returns; everything else is fixed. Cost: 2 half multiplications per channel and grid sample.
 *
 * @see Crochiere & Rabiner, Multirate Digital Signal Processing, 1983, chapter 2; Smith & Gossett, "A flexible
 *   sampling-rate conversion method", ICASSP 1984 (the tabulated kernel).
 */
export class GridResampler {
  readonly nChannels: number;
  readonly gridRate: number;
  /** From the time of a grid sample to the arrival of the last input sample that it needs. */
  readonly latencySeconds: number;
  /** Flat up to here, Hz. */
  readonly passBandHz: number;
  /** Nothing passes from here on, Hz. */
  readonly stopBandHz: number;

  readonly #kernel: FractionalKernel;
  readonly #half: number;
  readonly #margin: number;
  readonly #longestStep: number;
  readonly #maxGapSeconds: number;
  readonly #mayPass: boolean;

  // The open segment, or what is still needed of it: rows of `capacity` samples, the first `count` in use.
  readonly #capacity: number;
  readonly #rows: Float64Array;
  readonly #time: Float64Array;
  /** Samples on the grid in a row, up to and including this one. */
  readonly #onGrid: Float64Array;
  #count = 0;
  /** Position of the segment's first sample in the rows; negative once that has been dropped. */
  #segmentStart = 0;
  /** The last sample at or before the next grid time. */
  #at = 0;
  #gapAhead = false;

  #nextIndex = Number.NaN;
  readonly #weights: Float64Array;
  readonly #values: Float64Array;
  readonly #ready: GridRows;

  /** @throws OptionError when an option lies outside its range. */
  constructor(options: GridResamplerOptions) {
    const { nChannels, inputRate, gridRate, halfWidth, maskMargin, maxGapSeconds } = checkedOptions(options);
    this.nChannels = nChannels;
    this.gridRate = gridRate;
    this.#kernel = new FractionalKernel(inputRate, gridRate, halfWidth);
    this.#half = this.#kernel.half;
    this.#margin = Math.ceil((this.#half * maskMargin) / halfWidth);
    this.latencySeconds = this.#half / inputRate;
    this.passBandHz = this.#kernel.passBandHz;
    this.stopBandHz = this.#kernel.stopBandHz;
    this.#longestStep = gapPeriods / inputRate;
    this.#maxGapSeconds = maxGapSeconds;
    this.#mayPass = inputRate === gridRate;

    this.#capacity = 4 * this.#half + 512;
    this.#rows = new Float64Array(nChannels * this.#capacity);
    this.#time = new Float64Array(this.#capacity);
    this.#onGrid = new Float64Array(this.#capacity);
    this.#weights = new Float64Array(2 * this.#half);
    this.#values = new Float64Array(nChannels);
    this.#ready = new GridRows(nChannels);
  }

  /**
   * Takes the next samples and returns the grid samples that they made certain, maybe none. The grid begins with the
   * first grid time at or after the first sample; the firstIndex of a chunk is where the one before ended.
   *
   * @param data `[nChannels, nSamples]`, channel-major; copied
   * @param sessionTime `[nSamples]`, seconds on the session clock
   * @throws ShapeError when the lengths do not fit; OptionError when time jumps by more than `maxGapSeconds`.
   */
  push(data: Float64Array, sessionTime: Float64Array, nSamples: number): GridChunk {
    if (data.length !== this.nChannels * nSamples || sessionTime.length !== nSamples)
      throw new ShapeError(
        "GridResampler.push",
        `data [${this.nChannels}, ${nSamples}] and sessionTime [${nSamples}]`,
        `lengths ${data.length} and ${sessionTime.length}`,
      );
    let n = 0;
    while (n < nSamples) {
      const time = sessionTime[n];
      if (this.#count > 0 && this.#breaksAt(time)) this.#closeSegment();
      if (!Number.isFinite(time)) {
        n++;
        continue;
      }
      if (this.#count === 0) this.#openSegment(time);
      const from = this.#count;
      const first = n;
      do this.#appendTime(sessionTime[n++]);
      while (n < nSamples && this.#count < this.#capacity && !this.#breaksAt(sessionTime[n]));
      for (let c = 0; c < this.nChannels; c++) {
        const to = c * this.#capacity + from - first;
        for (let m = first; m < n; m++) this.#rows[to + m] = data[c * nSamples + m];
      }
      this.#emitCertain();
      this.#dropUsed();
    }
    return this.#take();
  }

  /** Samples were lost before the next push although its times may look continuous (a jump of the counter). */
  gap(): void {
    this.#gapAhead = true;
  }

  /**
   * Ends the recording: what still waited for later samples comes out masked (or unchanged, where samples pass).
   * Pushing again afterwards continues the same grid behind a gap.
   */
  flush(): GridChunk {
    if (this.#count > 0) this.#closeSegment();
    return this.#take();
  }

  /** Forgets everything, the position on the grid included. */
  reset(): void {
    this.#count = 0;
    this.#gapAhead = false;
    this.#nextIndex = Number.NaN;
    this.#ready.take(0);
  }

  #take(): GridChunk {
    const nSamples = this.#ready.count;
    return this.#ready.take(Number.isNaN(this.#nextIndex) ? 0 : this.#nextIndex - nSamples);
  }

  #breaksAt(time: number): boolean {
    const step = time - this.#time[this.#count - 1];
    return this.#gapAhead || !(step > 0 && step <= this.#longestStep);
  }

  #openSegment(time: number): void {
    const earliest = Math.ceil((time - gridTolerance) * this.gridRate);
    if (Number.isNaN(this.#nextIndex)) this.#nextIndex = earliest;
    const jump = (earliest - this.#nextIndex) / this.gridRate;
    if (Math.abs(jump) > this.#maxGapSeconds)
      throw new OptionError(
        `GridResampler: session time jumped by ${jump} s at ${time} s, more than maxGapSeconds (${this.#maxGapSeconds}); check the clock, or reset() to start another recording`,
      );
    for (; this.#nextIndex < earliest; this.#nextIndex++) this.#ready.addMissing();
    this.#gapAhead = false;
    this.#segmentStart = 0;
    this.#at = 0;
  }

  #appendTime(time: number): void {
    const n = this.#count++;
    this.#time[n] = time;
    if (!this.#mayPass) return;
    const isOnGrid = Math.abs(time - Math.round(time * this.gridRate) / this.gridRate) <= gridTolerance;
    this.#onGrid[n] = isOnGrid ? 1 + (n > 0 ? this.#onGrid[n - 1] : 0) : 0;
  }

  #emitCertain(): void {
    for (;;) {
      const gridTime = this.#nextIndex / this.gridRate;
      this.#advance(gridTime);
      if (this.#at + this.#half >= this.#count) return;
      this.#emit(gridTime);
      this.#nextIndex++;
    }
  }

  #closeSegment(): void {
    const end = this.#time[this.#count - 1] + gridTolerance;
    for (; this.#nextIndex / this.gridRate <= end; this.#nextIndex++) {
      const gridTime = this.#nextIndex / this.gridRate;
      this.#advance(gridTime);
      this.#emit(gridTime);
    }
    this.#count = 0;
  }

  #advance(gridTime: number): void {
    while (this.#at + 1 < this.#count && this.#time[this.#at + 1] <= gridTime) this.#at++;
  }

  /** Computes the grid sample between `at` and `at + 1`; all samples that it may use are there by now. */
  #emit(gridTime: number): void {
    const at = this.#at;
    const half = this.#half;
    const before = at - this.#segmentStart + 1;
    const after = this.#count - 1 - at;
    if (this.#mayPass && this.#passes(gridTime, Math.min(before, half), Math.min(after, half))) return;
    if (before < this.#margin || after < this.#margin) {
      this.#ready.addMissing();
      return;
    }
    const time = this.#time;
    const capacity = this.#capacity;
    const values = this.#values;
    const weights = this.#weights;
    this.#kernel.weights(weights, (gridTime - time[at]) / (time[at + 1] - time[at]));
    const isWhole = before >= half && after >= half;
    if (isWhole) weightedSums(values, weights, this.#rows, capacity, at - half + 1, this.nChannels);
    for (let c = 0; c < this.nChannels; c++)
      if (!isWhole || (Number.isNaN(values[c]) && this.#margin < half))
        values[c] = truncatedSum(weights, this.#rows, c * capacity + at, before, after, this.#margin);
    this.#ready.add(values);
  }

  /** Hands the sample of this very time through, if all its neighbours under the kernel lie on the grid too. */
  #passes(gridTime: number, before: number, after: number): boolean {
    if (this.#onGrid[this.#at + after] < before + after) return false;
    // The sample may be stamped a hair after the grid time, which makes it the next one.
    const isNext = after > 0 && Math.abs(this.#time[this.#at + 1] - gridTime) <= gridTolerance;
    const n = isNext ? this.#at + 1 : this.#at;
    if (Math.abs(this.#time[n] - gridTime) > gridTolerance) return false;
    for (let c = 0; c < this.nChannels; c++) this.#values[c] = this.#rows[c * this.#capacity + n];
    this.#ready.add(this.#values);
    return true;
  }

  /** Makes room by dropping the samples that no later grid time can reach. */
  #dropUsed(): void {
    if (this.#count < this.#capacity / 2) return;
    const drop = Math.max(0, this.#at - this.#half + 1);
    if (drop === 0) return;
    for (let c = 0; c < this.nChannels; c++) {
      const row = c * this.#capacity;
      this.#rows.copyWithin(row, row + drop, row + this.#count);
    }
    this.#time.copyWithin(0, drop, this.#count);
    this.#onGrid.copyWithin(0, drop, this.#count);
    this.#count -= drop;
    this.#at -= drop;
    this.#segmentStart -= drop;
  }
}
