import { OptionError } from "../errors.ts";

export interface NotchOptions {
  /** Frequency to remove, Hz; mains are 50 or 60. */
  readonly frequency: number;
  /** Quality factor, frequency / (-3 dB bandwidth in Hz). 30 removes about 1.7 Hz around 50 Hz. */
  readonly quality: number;
  /** Hz. */
  readonly samplingRate: number;
}

/**
 * Second-order notch: zero at `frequency`, unit gain at 0 and at half the sampling rate.
 *
 *     H(z) = g (1 - 2 cos(w0) z^-1 + z^-2) / (1 - 2 g cos(w0) z^-1 + (2 g - 1) z^-2)
 *     g = 1 / (1 + tan(w0 / (2 quality))),   w0 = 2 pi frequency / samplingRate
 *
 * The narrower the notch, the longer it rings; see `settlingSamples`. Equal to `scipy.signal.iirnotch`.
 *
 * @returns `[1, 6]`, b0 b1 b2 a0 a1 a2 with a0 = 1.
 * @throws OptionError when the frequency or the quality lies outside its range.
 * @see Orfanidis, Introduction to Signal Processing, 1996, section 11.3.2.
 */
export function notch({ frequency, quality, samplingRate }: NotchOptions): Float64Array {
  if (!(samplingRate > 0) || !Number.isFinite(samplingRate))
    throw new OptionError(`notch samplingRate must be a positive number of Hz, got ${samplingRate}`);
  if (!(frequency > 0 && frequency < samplingRate / 2))
    throw new OptionError(
      `notch frequency must lie between 0 and half the sampling rate (${samplingRate / 2} Hz), got ${frequency}`,
    );
  if (!(quality > 0) || !Number.isFinite(quality))
    throw new OptionError(`notch quality must be positive, got ${quality}`);
  const w0 = (2 * Math.PI * frequency) / samplingRate;
  const g = 1 / (1 + Math.tan(w0 / (2 * quality)));
  const middle = -2 * Math.cos(w0) * g;
  return Float64Array.of(g, middle, g, 1, middle, 2 * g - 1);
}
