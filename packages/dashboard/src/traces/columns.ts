/**
 * What a screen shows of a stream: for each channel and each column of pixels the range of the line through the samples, kept up as
 * samples come. Neighbouring samples are joined by a straight line and a column holds the least and greatest value of that line
 * inside it, so that what is drawn never depends on how samples fall into columns or frames. A gap or a missing value ends the line.
 *
 * Columns are numbered from session time zero, `floor(time / secondsPerColumn)`; the newest `capacity` of them are kept.
 */
export class Columns {
  readonly nChannels: number;
  readonly capacity: number;
  /** `[nChannels, capacity]`, NaN where there is nothing. Column k stands at `k mod capacity`. */
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** 1 where time passed without samples. */
  readonly gaps: Uint8Array;
  readonly #lastValue: Float64Array;
  #lastX = Number.NEGATIVE_INFINITY;
  #secondsPerColumn = 1;
  #newest = Number.NEGATIVE_INFINITY;
  #dirtyFrom = Number.POSITIVE_INFINITY;
  #positions = new Float64Array(256);

  constructor(nChannels: number, capacity: number) {
    this.nChannels = nChannels;
    this.capacity = capacity;
    this.low = new Float32Array(nChannels * capacity).fill(Number.NaN);
    this.high = new Float32Array(nChannels * capacity).fill(Number.NaN);
    this.gaps = new Uint8Array(capacity);
    this.#lastValue = new Float64Array(nChannels).fill(Number.NaN);
  }

  /** Newest column that may hold something; -Infinity when there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Forgets everything. */
  reset(secondsPerColumn: number): void {
    this.#secondsPerColumn = secondsPerColumn;
    this.low.fill(Number.NaN);
    this.high.fill(Number.NaN);
    this.gaps.fill(0);
    this.#lastValue.fill(Number.NaN);
    this.#lastX = Number.NEGATIVE_INFINITY;
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#dirtyFrom = Number.NEGATIVE_INFINITY;
  }

  /** First column that changed since this was last asked; Infinity when none did. */
  takeDirty(): number {
    const from = this.#dirtyFrom;
    this.#dirtyFrom = Number.POSITIVE_INFINITY;
    return from;
  }

  /** True where column `k` is among those kept. */
  holds(k: number): boolean {
    return k <= this.#newest && k > this.#newest - this.capacity;
  }

  /** Ends all lines at `from` and marks the columns up to `to`. */
  gap(from: number, to: number): void {
    this.#lastValue.fill(Number.NaN);
    const first = Math.floor(from / this.#secondsPerColumn);
    const last = Math.floor(to / this.#secondsPerColumn);
    this.#advanceTo(last);
    this.#dirtyFrom = Math.min(this.#dirtyFrom, first);
    for (let k = Math.max(first, this.#newest - this.capacity + 1); k <= last; k++)
      this.gaps[modulo(k, this.capacity)] = 1;
  }

  /** Ends all lines without saying that anything was lost. */
  break(): void {
    this.#lastValue.fill(Number.NaN);
  }

  /** Adds `values` `[nChannels, stride]`, samples `0 .. nSamples - 1` of each row, the first taken at `start`. */
  add(values: Float64Array, stride: number, nSamples: number, start: number, step: number): void {
    if (nSamples === 0) return;
    const x = this.#place(nSamples, start, step);
    this.#dirtyFrom = Math.min(
      this.#dirtyFrom,
      Math.floor(Number.isFinite(this.#lastX) ? this.#lastX : x[0]!),
    );
    this.#advanceTo(Math.floor(x[nSamples - 1]!));
    for (let c = 0; c < this.nChannels; c++) this.#addChannel(c, values, c * stride, nSamples, x);
    this.#lastX = x[nSamples - 1]!;
  }

  /** Adds a stretch of which only the least and greatest value are known. */
  addRange(channel: number, from: number, to: number, low: number, high: number): void {
    if (Number.isNaN(low) || Number.isNaN(high)) return;
    const last = Math.ceil(to / this.#secondsPerColumn) - 1;
    this.#advanceTo(last);
    for (let k = Math.floor(from / this.#secondsPerColumn); k <= last; k++) {
      if (!this.holds(k)) continue;
      this.#touch(channel * this.capacity + modulo(k, this.capacity), low);
      this.#touch(channel * this.capacity + modulo(k, this.capacity), high);
    }
    this.#lastValue[channel] = Number.NaN;
  }

  #addChannel(c: number, values: Float64Array, row: number, nSamples: number, x: Float64Array): void {
    const base = c * this.capacity;
    let previousX = this.#lastX;
    let previous = this.#lastValue[c]!;
    for (let i = 0; i < nSamples; i++) {
      const value = values[row + i]!;
      const at = x[i]!;
      if (!Number.isNaN(value)) {
        const k = Math.floor(at);
        if (!Number.isNaN(previous)) {
          // The line from the last sample crosses these borders between columns.
          const oldestKept = this.#newest - this.capacity + 1;
          for (let border = Math.max(Math.floor(previousX) + 1, oldestKept + 1); border <= k; border++) {
            const crossing = previous + ((value - previous) * (border - previousX)) / (at - previousX);
            this.#touch(base + modulo(border - 1, this.capacity), crossing);
            this.#touch(base + modulo(border, this.capacity), crossing);
          }
        }
        this.#touch(base + modulo(k, this.capacity), value);
      }
      previous = value;
      previousX = at;
    }
    this.#lastValue[c] = previous;
  }

  #touch(slot: number, value: number): void {
    const low = this.low[slot]!;
    // Written so that a column without a value takes it.
    if (!(low <= value)) this.low[slot] = value;
    if (!(this.high[slot]! >= value)) this.high[slot] = value;
  }

  /** Columns of the samples, never before what is already drawn. */
  #place(nSamples: number, start: number, step: number): Float64Array {
    if (this.#positions.length < nSamples) this.#positions = new Float64Array(nSamples);
    const x = this.#positions;
    for (let i = 0; i < nSamples; i++)
      x[i] = Math.max(this.#lastX, (start + i * step) / this.#secondsPerColumn);
    return x;
  }

  #advanceTo(newest: number): void {
    if (newest <= this.#newest) return;
    const first = Math.max(this.#newest + 1, newest - this.capacity + 1);
    for (let k = first; k <= newest; k++) {
      const slot = modulo(k, this.capacity);
      this.gaps[slot] = 0;
      for (let at = slot; at < this.low.length; at += this.capacity) {
        this.low[at] = Number.NaN;
        this.high[at] = Number.NaN;
      }
    }
    this.#newest = newest;
  }
}

const modulo = (k: number, n: number): number => {
  const rest = k % n;
  return rest < 0 ? rest + n : rest;
};
