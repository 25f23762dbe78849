/**
 * Samples per second from how many samples had come by when: the least-squares slope of the sample count over arrival time.
 * Reads that come in batches make each point late by up to one batch, but hardly tilt the line.
 */
export class RateEstimate {
  #n = 0;
  #meanTime = 0;
  #meanCount = 0;
  #timeSquares = 0;
  #products = 0;
  #first = Number.NaN;
  #last = Number.NaN;

  /** @param count samples since any fixed one, lost ones included */
  add(count: number, at: number): void {
    if (this.#n === 0) this.#first = at;
    this.#last = at;
    this.#n++;
    const time = at - this.#first;
    const fromMean = time - this.#meanTime;
    this.#meanTime += fromMean / this.#n;
    this.#meanCount += (count - this.#meanCount) / this.#n;
    this.#timeSquares += fromMean * (time - this.#meanTime);
    this.#products += fromMean * (count - this.#meanCount);
  }

  get spanSeconds(): number {
    return this.#n === 0 ? 0 : this.#last - this.#first;
  }

  /** NaN until two points at different times are known. */
  get samplingRate(): number {
    return this.#timeSquares > 0 ? this.#products / this.#timeSquares : Number.NaN;
  }
}
