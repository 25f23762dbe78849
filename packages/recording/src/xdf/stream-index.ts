import { CompactStamps } from "./compact-stamps.ts";
import { GrowingNumbers } from "./growing.ts";
import { sampleBytes, type XdfFooter, type XdfStreamHeader } from "./stream-header.ts";

/**
 * Where the samples of one stream lie in the file. A run is a stretch of whole samples inside one chunk (at most
 * about 256 KiB), so that a window can be read without walking a long chunk from its start.
 */
export class XdfStreamIndex {
  readonly header: XdfStreamHeader;
  readonly sampleBytes: number;
  /** Per run: position in the file, sample number of its first sample, the stamp before it. */
  readonly runPosition = new GrowingNumbers();
  readonly runFirst = new GrowingNumbers();
  readonly runPrevious = new GrowingNumbers();
  /** Per run: bytes that its samples take. */
  readonly runBytes = new GrowingNumbers();
  nSamples = 0;
  lastStamp = 0;
  /** Samples may be missing before the next chunk: a deduced stamp there would be deduced from the wrong one. */
  lostBefore = false;
  readonly clockTimes: number[] = [];
  readonly clockOffsets: number[] = [];
  footer: XdfFooter | undefined;
  /** Every stamp as the file has it (omitted ones deduced); given up once the timing is known. */
  stamps: CompactStamps | undefined;

  constructor(header: XdfStreamHeader) {
    this.header = header;
    this.sampleBytes = sampleBytes(header);
    this.stamps = new CompactStamps(header.nominalSamplingRate);
  }

  get nRuns(): number {
    return this.runFirst.length;
  }

  /** Number of the run that holds a sample. */
  runOf(sample: number): number {
    let low = 0;
    let high = this.nRuns - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.runFirst.at(middle) <= sample) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
