import { OptionError, ShapeError } from "../errors.ts";
import { type KpssOptions, kpss } from "../statistics/index.ts";

export interface StationarityOptions extends KpssOptions {
  readonly nChannels: number;
  /** Level of each test; default 0.05. */
  readonly alpha?: number;
}

/** A KPSS test of every channel in every window. */
export interface Stationarity {
  /** `[nWindows, nChannels]` */
  readonly statistics: Float64Array;
  /** `[nWindows, nChannels]`; NaN for a constant channel */
  readonly p: Float64Array;
  /** `[nWindows]`, channels of this window that are not stationary at the level, constant ones included. */
  readonly nRejected: Int32Array;
  /** Share of tests that were passed, in [0, 1]: about 1 - alpha for stationary windows. NaN without windows. */
  readonly passRate: number;
}

/**
 * Is each window stationary, as an autoregressive model of it assumes? See `kpss` for the test and for its blind spots.
 *
 * With several channels some reject by chance: of `nChannels` stationary ones a share 1 - (1 - alpha)^nChannels holds at
 * least one rejection. Compare `passRate` with 1 - alpha before windows are dropped.
 *
 * @param windows each `[nChannels, nSamples_w]`
 * @throws ShapeError when a window's length is no multiple of nChannels; OptionError for a bad option or under 3 samples
 * @see Marriott Haresign et al., Dev Cogn Neurosci 54:101093, 2022 (trials screened by KPSS at .05 before Granger causality).
 */
export function windowStationarity(
  windows: readonly Float64Array[],
  options: StationarityOptions,
): Stationarity {
  const { nChannels, alpha = 0.05 } = options;
  if (!(Number.isInteger(nChannels) && nChannels >= 1))
    throw new OptionError(`windowStationarity needs nChannels as an integer >= 1, got ${nChannels}.`);
  if (!(alpha > 0 && alpha < 1))
    throw new OptionError(`windowStationarity needs alpha in (0, 1), got ${alpha}.`);
  const statistics = new Float64Array(windows.length * nChannels);
  const p = new Float64Array(windows.length * nChannels);
  const nRejected = new Int32Array(windows.length);
  let passed = 0;
  windows.forEach((window, w) => {
    const nSamples = window.length / nChannels;
    if (!Number.isInteger(nSamples))
      throw new ShapeError(
        "windowStationarity",
        `windows of ${nChannels} channels`,
        `${window.length} samples`,
      );
    for (let c = 0; c < nChannels; c++) {
      const test = kpss(window.subarray(c * nSamples, (c + 1) * nSamples), options);
      statistics[w * nChannels + c] = test.statistic;
      p[w * nChannels + c] = test.p;
      if (test.p >= alpha) passed++;
      else nRejected[w]++;
    }
  });
  return { statistics, p, nRejected, passRate: passed / p.length };
}
