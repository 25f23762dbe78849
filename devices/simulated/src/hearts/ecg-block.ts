import { counterRandom, normal } from "@attune/core";
import { valueAt } from "./slow-process.ts";

/** Waves of a beat: seconds from the R summit, height in mV, standard deviation in seconds. */
type Wave = readonly [seconds: number, millivolts: number, width: number];

const WAVES: Readonly<Record<"adult" | "infant", readonly Wave[]>> = {
  adult: [
    [-0.16, 0.12, 0.02],
    [-0.026, -0.12, 0.008],
    [0, 1, 0.011],
    [0.027, -0.25, 0.01],
    [0.26, 0.3, 0.045],
  ],
  infant: [
    [-0.09, 0.1, 0.012],
    [-0.015, -0.1, 0.005],
    [0, 0.9, 0.0065],
    [0.016, -0.27, 0.006],
    [0.14, 0.2, 0.025],
  ],
};
/** Seconds on either side of a beat that its waves reach. */
const REACH = 0.6;
const BREATH_MILLIVOLTS = 0.04;

/** Seconds of one block: the unit in which noise is drawn, so that any cut gives the same samples. */
export const BLOCK_SECONDS = 1;

/** What a trace is made from. */
export interface TraceSource {
  readonly role: "adult" | "infant";
  readonly beats: Float64Array;
  readonly breathPhase: Float64Array;
}

/**
 * One second of an electrocardiogram, mV: Gaussian waves at the beats (after McSharry et al., IEEE TBME 50:289, 2003), the
 * baseline moving with the breath, noise, and whatever leaks in from somebody else.
 *
 * @param block number of the second since the start
 */
export function ecgBlock(
  source: TraceSource,
  block: number,
  options: {
    readonly samplingRate: number;
    readonly noise: number;
    readonly seed: number;
    readonly leak?: { readonly from: TraceSource; readonly share: number };
  },
): Float64Array {
  const { samplingRate, noise, seed, leak } = options;
  const out = new Float64Array(samplingRate * BLOCK_SECONDS);
  const start = block * BLOCK_SECONDS;
  addBeats(out, source, start, samplingRate, 1);
  if (leak !== undefined && leak.share > 0) addBeats(out, leak.from, start, samplingRate, leak.share);
  const draw = normal(counterRandom(seed, "hearts", source.role, "noise", block));
  for (let k = 0; k < out.length; k++) out[k]! += noise * draw();
  return out;
}

function addBeats(out: Float64Array, source: TraceSource, start: number, rate: number, share: number): void {
  const { beats, breathPhase, role } = source;
  const end = start + out.length / rate;
  for (let b = firstAfter(beats, start - REACH); b < beats.length && beats[b]! < end + REACH; b++)
    for (const [seconds, millivolts, width] of WAVES[role]) {
      const middle = beats[b]! + seconds - start;
      const from = Math.max(0, Math.ceil((middle - 5 * width) * rate));
      const to = Math.min(out.length - 1, Math.floor((middle + 5 * width) * rate));
      for (let k = from; k <= to; k++) {
        const z = (k / rate - middle) / width;
        out[k]! += share * millivolts * Math.exp(-0.5 * z * z);
      }
    }
  for (let k = 0; k < out.length; k++)
    out[k]! += share * BREATH_MILLIVOLTS * Math.sin(2 * Math.PI * valueAt(breathPhase, start + k / rate));
}

function firstAfter(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One second of a respiration belt at a rate, arbitrary unit, rising while breathing in. */
export function beltBlock(breathPhase: Float64Array, block: number, rate: number): Float64Array {
  return Float64Array.from({ length: rate * BLOCK_SECONDS }, (_, k) =>
    Math.sin(2 * Math.PI * valueAt(breathPhase, block * BLOCK_SECONDS + k / rate)),
  );
}
