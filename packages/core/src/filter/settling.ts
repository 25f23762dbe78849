import { countSections } from "./sections.ts";
import { SosCascade } from "./sos-cascade.ts";

/**
 * How many samples a filter needs to forget: after a start, a gap or an artefact, the output is unusable for so
 * long.
 *
 *     smallest n with  sum_{m >= n} |h[m]|  <=  tolerance * sum_{m >= 0} |h[m]|
 *
 * where h is the impulse response. The left side bounds what any bounded input that ended n samples ago can still
 * contribute, so the answer holds for a DC offset too, where the height of the impulse response alone would say
 * that a high-pass settles at once.
 *
 * @param sections `[nSections, 6]`
 * @param tolerance share of the filter's largest possible output, default 1e-3
 * @returns samples; Infinity for a filter that is not stable
 */
export function settlingSamples(sections: Float64Array, tolerance = 1e-3): number {
  const radius = largestPoleRadius(sections);
  if (!(radius < 1)) return Number.POSITIVE_INFINITY;
  // Far enough for the slowest pole to fall to a thousandth of the tolerance, doubled until the sum agrees.
  let horizon = 64 + Math.ceil(Math.log(tolerance / 1000) / Math.log(Math.max(radius, 0.1)));
  // A filter this slow (hours) is described well enough by its slowest pole.
  if (horizon > 1e7) return Math.ceil(Math.log(tolerance) / Math.log(radius));
  for (let previous = -1; ; horizon *= 2) {
    const settled = settledWithin(sections, horizon, tolerance);
    if (settled === previous) return settled;
    previous = settled;
  }
}

function settledWithin(sections: Float64Array, horizon: number, tolerance: number): number {
  const response = new Float64Array(horizon);
  response[0] = 1;
  new SosCascade(sections, 1).execute(response, response, horizon);
  let total = 0;
  for (let n = 0; n < horizon; n++) total += Math.abs(response[n]);
  let tail = 0;
  for (let n = horizon - 1; n >= 0; n--) {
    tail += Math.abs(response[n]);
    if (tail > tolerance * total) return n + 1;
  }
  return 0;
}

function largestPoleRadius(sections: Float64Array): number {
  const nSections = countSections("settlingSamples", sections);
  let largest = 0;
  for (let s = 0; s < nSections; s++) {
    const half = -sections[s * 6 + 4] / 2;
    const a2 = sections[s * 6 + 5];
    const discriminant = half * half - a2;
    const radius = discriminant < 0 ? Math.sqrt(a2) : Math.abs(half) + Math.sqrt(discriminant);
    largest = Math.max(largest, radius);
  }
  return largest;
}
