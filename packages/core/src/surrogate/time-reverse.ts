import { ShapeError } from "../errors.ts";
import type { Uniform } from "../random/index.ts";

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

/**
 * Cuts every channel of an epoch at its own random point and swaps the two parts.
 *
 *     y = [x[cut], ..., x[N - 1], x[0], ..., x[cut - 1]],   cut uniform on 1 .. N - 1
 *
 * Destroys the alignment within the epoch, between heads and between channels. Keeps amplitudes and, but for the
 * seam, spectra. Tests event-locked coupling, for which shuffling epochs would keep what is locked to the event.
 *
 * @param epoch   `[nChannels, nSamples]`
 * @param uniform one draw per channel
 * @param out     `[nChannels, nSamples]`; may not be `epoch`
 * @throws ShapeError when a buffer has another shape or both are the same
 */
export function cutSwap(
  epoch: Float64Array,
  nChannels: number,
  nSamples: number,
  uniform: Uniform,
  out: Float64Array,
): void {
  requireShape("cutSwap", epoch, out, nChannels * nSamples);
  for (let c = 0; c < nChannels; c++) {
    const first = c * nSamples;
    const cut = 1 + Math.floor(uniform() * (nSamples - 1));
    out.set(epoch.subarray(first + cut, first + nSamples), first);
    out.set(epoch.subarray(first, first + cut), first + nSamples - cut);
  }
}
