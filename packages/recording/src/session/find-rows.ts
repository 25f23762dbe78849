import type { ChunkRecord } from "./session-record.ts";
import type { SessionSource, SessionStream } from "./session-source.ts";

/**
 * Finds where the samples of a recorded chunk stand. In a sound file that is the row that the record names. Where damage
 * took samples away, the rows behind it have moved up; the stamp of the first sample tells.
 */
export class RowFinder {
  readonly #source: SessionSource;
  /** By stream number: how many rows are missing before the last chunk that was found. */
  readonly #missing = new Map<number, number>();

  constructor(source: SessionSource) {
    this.#source = source;
  }

  /** First row; undefined when the samples are not there. */
  async find({ number, stream }: SessionStream, record: ChunkRecord): Promise<number | undefined> {
    const { row, nSamples, stamp } = record;
    if (row < 0) return undefined;
    if (nSamples === 0) return 0;
    const missing = this.#missing.get(number) ?? 0;
    const expected = row - missing;
    if (expected + nSamples <= stream.nSamples) {
      if (!this.#source.isDamaged) return expected;
      if ((await this.#stampAt(stream.id, expected)) === stamp) return expected;
    }
    if (!this.#source.isDamaged) return undefined;
    const found = await this.#search(stream.id, Math.min(expected, stream.nSamples - nSamples), stamp);
    if (found !== undefined) this.#missing.set(number, row - found);
    return found;
  }

  /** The last row up to `last` that has this stamp, taking stamps to rise. */
  async #search(streamId: string, last: number, stamp: number): Promise<number | undefined> {
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((await this.#stampAt(streamId, middle)) <= stamp) low = middle;
      else high = middle - 1;
    }
    return low <= last && (await this.#stampAt(streamId, low)) === stamp ? low : undefined;
  }

  async #stampAt(streamId: string, row: number): Promise<number> {
    const { deviceTime } = await this.#source.read(streamId, { fromSample: row, nSamples: 1 });
    return deviceTime[0] ?? Number.NaN;
  }
}
