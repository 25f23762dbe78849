import { arousalComposite } from "@attune/core";
import { COVARIATION_RATE, type Heart } from "../hearts/heart.ts";
import type { SharedTime } from "../hearts/shared-span.ts";

/** The series of both people that may covary, at 1 Hz from the beginning of the shared time. */
export interface PairOfSeries {
  readonly name: "ibi" | "rsa" | "arousal";
  /** In words. */
  readonly what: string;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Heart rate, RSA and movement of one person as one number; undefined where no movement was recorded. */
function arousalOf(
  { interbeatPerSecond, rsaPerSecond, read }: Heart,
  { start, end }: SharedTime,
): Float64Array | undefined {
  if (read.movement === undefined) return undefined;
  const movement = Float64Array.from(
    { length: end - start },
    (_, second) => read.movement?.[start + second] ?? Number.NaN,
  );
  const heartRate = interbeatPerSecond.map((interval) => 60_000 / interval);
  return arousalComposite({ heartRate, lnRsa: rsaPerSecond, movement });
}

/** The pairs that this recording has. */
export function pairsOf(first: Heart, second: Heart, time: SharedTime): PairOfSeries[] {
  const pairs: PairOfSeries[] = [
    {
      name: "ibi",
      what: `interbeat intervals at ${COVARIATION_RATE} Hz`,
      first: first.interbeatPerSecond,
      second: second.interbeatPerSecond,
    },
    {
      name: "rsa",
      what: "sliding RSA (15 s)",
      first: first.rsaPerSecond,
      second: second.rsaPerSecond,
    },
  ];
  const arousal = [arousalOf(first, time), arousalOf(second, time)];
  if (arousal[0] !== undefined && arousal[1] !== undefined)
    pairs.push({
      name: "arousal",
      what: "arousal (heart rate, RSA, movement)",
      first: arousal[0],
      second: arousal[1],
    });
  return pairs;
}
