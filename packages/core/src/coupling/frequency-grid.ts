import { OptionError } from "../errors.ts";

/**
 * The frequency axis of the eMVAR toolbox, on which the published gaze studies average.
 *
 *     f_k = k samplingRate / (2 nfft),   k = 0 .. nfft - 1
 *
 * Hz; `nfft` points from 0 up to but not including the Nyquist frequency. Other packages use other grids (SCoT
 * divides by 2 nfft - 1), which moves band edges by a bin.
 *
 * @throws OptionError when the rate is not positive or nfft is not a positive whole number.
 * @see Faes, Nollo, Int J Bioelectromagn 2011 (eMVAR, fdMVAR); nfft = 256 is the published setting.
 */
export function frequencyGrid(options: { samplingRate: number; nfft: number }): Float64Array {
  const { samplingRate, nfft } = options;
  if (!(samplingRate > 0 && samplingRate < Number.POSITIVE_INFINITY))
    throw new OptionError(
      `frequencyGrid: samplingRate must be a positive number of Hz, got ${samplingRate}.`,
    );
  if (!(Number.isInteger(nfft) && nfft > 0))
    throw new OptionError(`frequencyGrid: nfft must be a positive whole number, got ${nfft}.`);
  const grid = new Float64Array(nfft);
  for (let k = 0; k < nfft; k++) grid[k] = (k * samplingRate) / (2 * nfft);
  return grid;
}
