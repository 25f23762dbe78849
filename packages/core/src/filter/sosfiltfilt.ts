import { OptionError, ShapeError } from "../errors.ts";
import { countSections } from "./sections.ts";
import { SosCascade } from "./sos-cascade.ts";

export interface SosfiltfiltOptions {
  /** Channels in `data`, default 1. */
  readonly nChannels?: number;
  /** Samples of odd reflection at each end; default as scipy, see below. 0 pads nothing. */
  readonly padLength?: number;
}

/**
 * Zero-phase filter for recordings: forwards, then backwards, so that nothing is shifted in time and the
 * magnitude response is squared (-6 dB at a Butterworth cutoff). Not causal: never in a live path.
 *
 * Each end is extended by an odd reflection, 2 x[0] - x[k], and both passes start in the steady state for their
 * first sample. Default extension, as `scipy.signal.sosfiltfilt`:
 *
 *     3 (2 nSections + 1 - min(number of b2 = 0, number of a2 = 0))
 *
 * @param sections `[nSections, 6]`
 * @param data `[nChannels, nSamples]`; more samples than `padLength`. Untouched.
 * @returns `[nChannels, nSamples]`
 * @throws ShapeError when there are too few samples; OptionError for a bad option.
 * @see Gustafsson, "Determining the initial states in forward-backward filtering", IEEE TSP 44, 1996.
 */
export function sosfiltfilt(
  sections: Float64Array,
  data: Float64Array,
  { nChannels = 1, padLength = defaultPadLength(sections) }: SosfiltfiltOptions = {},
): Float64Array {
  if (!Number.isInteger(nChannels) || nChannels < 1)
    throw new OptionError(`sosfiltfilt nChannels must be a positive integer, got ${nChannels}`);
  if (!Number.isInteger(padLength) || padLength < 0)
    throw new OptionError(`sosfiltfilt padLength must be an integer >= 0, got ${padLength}`);
  const nSamples = data.length / nChannels;
  if (!Number.isInteger(nSamples))
    throw new ShapeError("sosfiltfilt", `data [${nChannels}, nSamples]`, `length ${data.length}`);
  if (nSamples <= padLength)
    throw new ShapeError(
      "sosfiltfilt",
      `more than ${padLength} samples (its padding); filter a longer stretch or lower padLength`,
      `${nSamples} samples`,
    );

  const length = nSamples + 2 * padLength;
  const extended = new Float64Array(length);
  const first = new Float64Array(1);
  const cascade = new SosCascade(sections, 1);
  const out = new Float64Array(data.length);
  for (let c = 0; c < nChannels; c++) {
    const x = data.subarray(c * nSamples, (c + 1) * nSamples);
    for (let k = 1; k <= padLength; k++) {
      extended[padLength - k] = 2 * x[0] - x[k];
      extended[padLength + nSamples - 1 + k] = 2 * x[nSamples - 1] - x[nSamples - 1 - k];
    }
    extended.set(x, padLength);
    for (let pass = 0; pass < 2; pass++) {
      first[0] = extended[0];
      cascade.initialise(first);
      cascade.execute(extended, extended, length);
      extended.reverse();
    }
    out.set(extended.subarray(padLength, padLength + nSamples), c * nSamples);
  }
  return out;
}

function defaultPadLength(sections: Float64Array): number {
  const nSections = countSections("sosfiltfilt", sections);
  let firstOrderNumerators = 0;
  let firstOrderDenominators = 0;
  for (let s = 0; s < nSections; s++) {
    if (sections[s * 6 + 2] === 0) firstOrderNumerators++;
    if (sections[s * 6 + 5] === 0) firstOrderDenominators++;
  }
  return 3 * (2 * nSections + 1 - Math.min(firstOrderNumerators, firstOrderDenominators));
}
