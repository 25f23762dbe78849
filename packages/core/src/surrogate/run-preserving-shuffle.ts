import { OptionError } from "../errors.ts";
import { shuffle } from "../random/index.ts";
import { feasibleMinimumShift, requireShuffle, type ShuffleOptions } from "./block-shuffle.ts";

const MAX_ATTEMPTS = 200;

/** Cuts every run at a random phase into segments of `segmentLength` windows; the ends may be shorter. */
function cutSegments(
  runLengths: ArrayLike<number>,
  segmentLength: number,
  uniform: () => number,
): { start: number; length: number }[] {
  const segments: { start: number; length: number }[] = [];
  let start = 0;
  for (let run = 0; run < runLengths.length; run++) {
    const end = start + runLengths[run];
    let cut = start + 1 + Math.floor(uniform() * segmentLength);
    while (start < end) {
      const until = Math.min(cut, end);
      segments.push({ start, length: until - start });
      start = until;
      cut += segmentLength;
    }
  }
  return segments;
}

/**
 * Pairs adult windows with infant windows as `blockShuffle` does, but moves segments of neighbouring windows as
 * units and then rotates the whole sequence, so that neighbours mostly stay neighbours.
 *
 * Why: windows that overlap share samples, so their values rise and fall together and the mean over n windows varies
 * more than n independent windows would. Shuffling single windows breaks these neighbourhoods; the surrogate means
 * then scatter too little, the null is too narrow and the test rejects too often. With segments, adult windows
 * i, i + 1 still meet infant windows k, k + 1 everywhere but at the seams, and the null keeps its width. What the
 * seams take away is about 1 / `segmentLength` of the neighbourhoods: make segments long, but keep ten or more.
 *
 * Destroys the alignment between the heads. Keeps the spectra, the coupling inside each head and the dependence
 * between overlapping windows. Tests any time-locked coupling, including a shared stimulus.
 *
 * @param runLengths `[nRuns]`, how many consecutive windows each uninterrupted stretch of clean data gave, in order;
 *        window indices count through all runs
 * @param options    `segmentLength` in windows (several times the windows that overlap one); `minimumShift` as for
 *        `blockShuffle`, lowered where n is below twice of it. When no draw of 200 meets it, a plain rotation is used
 * @returns `[n]`: infant window for each adult window
 * @throws OptionError when lengths or options are not whole numbers in range
 */
export function runPreservingShuffle(
  runLengths: ArrayLike<number>,
  options: ShuffleOptions & { readonly segmentLength: number },
): Int32Array {
  const { segmentLength, uniform } = options;
  let n = 0;
  for (let run = 0; run < runLengths.length; run++) n += runLengths[run];
  requireShuffle("runPreservingShuffle", n, options.minimumShift);
  if (!Number.isInteger(segmentLength) || segmentLength < 1)
    throw new OptionError(
      `runPreservingShuffle needs an integer segmentLength >= 1, got ${segmentLength}: count it in windows.`,
    );
  const shift = feasibleMinimumShift(n, options.minimumShift);
  const order = new Int32Array(n);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const segments = cutSegments(runLengths, segmentLength, uniform);
    shuffle(segments, uniform);
    let place = Math.floor(uniform() * n);
    let farEnough = true;
    for (const { start, length } of segments) {
      for (let k = 0; k < length; k++) {
        order[place] = start + k;
        if (Math.abs(start + k - place) < shift) farEnough = false;
        place = place + 1 === n ? 0 : place + 1;
      }
    }
    if (farEnough) return order;
  }
  const rotation = shift + Math.floor(uniform() * (n - 2 * shift + 1));
  for (let i = 0; i < n; i++) order[i] = (i + rotation) % n;
  return order;
}
