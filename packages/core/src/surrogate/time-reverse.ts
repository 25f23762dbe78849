import { ShapeError } from "../errors.ts";

function requireShape(name: string, data: Float64Array, out: Float64Array, n: number): void {
  if (data.length !== n || out.length !== n || data === out)
    throw new ShapeError(name, `data and another out of ${n} values`, `${data.length} and ${out.length}`);
}

/**
 * Runs time backwards in every channel.
 *
 * Destroys the direction of influence. Keeps the spectra and whatever is mixed at zero lag. Use it on net block
 * Granger causality, not on GPDC: a true adult->infant influence gives net(forward) - net(reversed) > 0, while mixed
 * noise gives about 0. A change of sign is not guaranteed.
 *
 * @param data `[nChannels, nSamples]`
 * @param out  `[nChannels, nSamples]`; may not be `data`
 * @throws ShapeError when a buffer has another shape or both are the same
 * @see Haufe et al., NeuroImage 64:120 (2013); Winkler et al., IEEE Trans Signal Process 64:2746 (2016)
 */
export function timeReverse(
  data: Float64Array,
  nChannels: number,
  nSamples: number,
  out: Float64Array,
): void {
  requireShape("timeReverse", data, out, nChannels * nSamples);
  for (let c = 0; c < nChannels; c++) {
    const first = c * nSamples;
    for (let n = 0; n < nSamples; n++) out[first + n] = data[first + nSamples - 1 - n];
  }
}
