import { ECG_SHAPES, SyntheticEcg } from "@attune/core";
import { valueAt } from "./slow-process.ts";

const BREATH_MILLIVOLTS = 0.04;

/** What a person's traces are made from. */
export interface TraceSource {
  readonly role: "adult" | "infant";
  readonly beats: Float64Array;
  /** Phase of the breath in cycles, at `SLOW_RATE`. */
  readonly breathPhase: Float64Array;
}

/** An electrocardiogram whose baseline moves with the breath; without `seed` it has no noise. */
export function ecgOf(
  { role, beats, breathPhase }: TraceSource,
  samplingRate: number,
  noise?: { readonly deviation: number; readonly seed: number },
): SyntheticEcg {
  return new SyntheticEcg({
    samplingRate,
    beats,
    waves: ECG_SHAPES[role],
    baseline: (seconds) => BREATH_MILLIVOLTS * Math.sin(2 * Math.PI * valueAt(breathPhase, seconds)),
    ...(noise === undefined
      ? {}
      : { noise: { deviation: noise.deviation, key: [noise.seed, "hearts", role, "noise"] } }),
  });
}

/** One second of a respiration belt at a rate, arbitrary unit, rising while breathing in. */
export function beltBlock({ breathPhase }: TraceSource, block: number, rate: number): Float64Array {
  return Float64Array.from({ length: rate }, (_, k) =>
    Math.sin(2 * Math.PI * valueAt(breathPhase, block + k / rate)),
  );
}
