import type { InletChunk, SampleValues } from "@attune/lsl";

/** Beyond this a Float64 does not hold every integer: 2^53. */
const LARGEST_EXACT = 9_007_199_254_740_992n;

export interface Transposed {
  /** `[nChannels, nSamples]`, channel-major. */
  readonly data: Float64Array;
  /** `[nSamples]`, seconds on the sender's clock. */
  readonly deviceTime: Float64Array;
  readonly nSamples: number;
  /** An int64 value lost its last digits. */
  readonly isRounded: boolean;
}

/** Puts pieces as they came (sample by sample) together into one chunk, channel by channel. One allocation, one pass. */
export function transpose(pieces: readonly InletChunk[], nChannels: number): Transposed {
  let nSamples = 0;
  for (const piece of pieces) nSamples += piece.nSamples;
  const data = new Float64Array(nChannels * nSamples);
  const deviceTime = new Float64Array(nSamples);
  let first = 0;
  let isRounded = false;
  for (const piece of pieces) {
    deviceTime.set(piece.timestamps.subarray(0, piece.nSamples), first);
    if (piece.data instanceof BigInt64Array)
      isRounded = placeIntegers(piece.data, piece.nSamples, data, nChannels, nSamples, first) || isRounded;
    else if (!Array.isArray(piece.data))
      placeNumbers(piece.data, piece.nSamples, data, nChannels, nSamples, first);
    first += piece.nSamples;
  }
  return { data, deviceTime, nSamples, isRounded };
}

function placeNumbers(
  from: Exclude<SampleValues, BigInt64Array | string[]>,
  n: number,
  into: Float64Array,
  nChannels: number,
  nSamples: number,
  first: number,
): void {
  for (let c = 0; c < nChannels; c++) {
    let at = c * nSamples + first;
    for (let k = c, end = n * nChannels; k < end; k += nChannels) into[at++] = from[k]!;
  }
}

function placeIntegers(
  from: BigInt64Array,
  n: number,
  into: Float64Array,
  nChannels: number,
  nSamples: number,
  first: number,
): boolean {
  let isRounded = false;
  for (let c = 0; c < nChannels; c++)
    for (let k = 0; k < n; k++) {
      const value = from[k * nChannels + c]!;
      if (value > LARGEST_EXACT || value < -LARGEST_EXACT) isRounded = true;
      into[c * nSamples + first + k] = Number(value);
    }
  return isRounded;
}
