import { boxMuller, counterRandom } from "../random/index.ts";

/** Seeded normal noise. */
export function noise(n: number, ...key: readonly (number | string)[]): Float64Array {
  const normal = boxMuller(counterRandom("noise", ...key));
  return Float64Array.from({ length: n }, () => normal());
}

/** A stationary AR(1) series with innovations of SD 1. */
export function autoregressive(phi: number, n: number, ...key: readonly (number | string)[]): Float64Array {
  const e = noise(n + 1, ...key);
  let x = e[n] / Math.sqrt(1 - phi * phi);
  return e.subarray(0, n).map((innovation) => {
    x = phi * x + innovation;
    return x;
  });
}

/** Interbeat intervals at 1 Hz of an infant that follows its adult after `lag` seconds. */
export function follower(
  n: number,
  lag: number,
  share: number,
  ...key: readonly (number | string)[]
): { adult: Float64Array; infant: Float64Array } {
  const drive = autoregressive(0.7, n + lag, "drive", ...key);
  const own = autoregressive(0.7, n, "own", ...key);
  return {
    adult: Float64Array.from({ length: n }, (_, t) => 750 + 20 * drive[t + lag]),
    infant: Float64Array.from({ length: n }, (_, t) => 430 + 5 * (share * drive[t] + (1 - share) * own[t])),
  };
}
