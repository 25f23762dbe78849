import { OptionError } from "../errors.ts";

export interface GridResamplerOptions {
  readonly nChannels: number;
  /** Rate of the input, Hz; the nominal or the estimated one, within a tenth of a percent. */
  readonly inputRate: number;
  /** Rate of the session's grid, Hz. */
  readonly gridRate: number;
  /**
   * Half the kernel, in samples of the lower of both rates; default 32, at least 8. Longer is steeper and later:
   * 32 passes 0.404 of the lower rate with 160 ms latency at 200 Hz, 16 passes 0.308 of it with 80 ms.
   */
  readonly halfWidth?: number;
  /**
   * Samples of the lower rate that must be there on either side of a grid time, default `halfWidth`. With fewer, the
   * kernel is cut off at the gap and rescaled: more of the recording survives, but next to a gap magnitude and
   * phase are no longer exact. At least 1; nothing is ever extrapolated.
   */
  readonly maskMargin?: number;
  /** A longer gap, or a step back in time by more, is an error: it would be another session. Default 3600. */
  readonly maxGapSeconds?: number;
}

/** Fills in the defaults. @throws OptionError when an option lies outside its range. */
export function checkedOptions(options: GridResamplerOptions): Required<GridResamplerOptions> {
  const {
    nChannels,
    inputRate,
    gridRate,
    halfWidth = 32,
    maskMargin = halfWidth,
    maxGapSeconds = 3600,
  } = options;
  if (!Number.isInteger(nChannels) || nChannels < 1)
    throw new OptionError(`GridResampler nChannels must be a positive integer, got ${nChannels}`);
  for (const [name, rate] of [["inputRate", inputRate] as const, ["gridRate", gridRate] as const])
    if (!(rate > 0) || !Number.isFinite(rate))
      throw new OptionError(`GridResampler ${name} must be a positive number of Hz, got ${rate}`);
  if (!Number.isInteger(halfWidth) || halfWidth < 8 || halfWidth > 1024)
    throw new OptionError(`GridResampler halfWidth must be an integer in 8..1024, got ${halfWidth}`);
  if (!(maskMargin >= 1 && maskMargin <= halfWidth))
    throw new OptionError(
      `GridResampler maskMargin must lie in 1..halfWidth (${halfWidth}), got ${maskMargin}`,
    );
  if (!(maxGapSeconds > 0))
    throw new OptionError(`GridResampler maxGapSeconds must be positive, got ${maxGapSeconds}`);

  return { nChannels, inputRate, gridRate, halfWidth, maskMargin, maxGapSeconds };
}
