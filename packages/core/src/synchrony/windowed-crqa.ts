import { type Crqa, type CrqaOptions, crqa } from "./crqa.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";

export interface WindowedCrqaOptions extends CrqaOptions {
  /** Default 240 s. */
  readonly windowSeconds?: number;
  /** Default the window: no overlap. */
  readonly stepSeconds?: number;
}

/** The recurrence measures of one window. */
export interface CrqaWindow extends Crqa {
  /** Seconds from the first sample. */
  readonly start: number;
}

/**
 * `crqa` of one window after the other, each z-scored on its own. For recordings of any length: time grows with the
 * length, memory does not.
 *
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function windowedCrqa(a: Float64Array, b: Float64Array, options: WindowedCrqaOptions): CrqaWindow[] {
  requireSameGrid("windowedCrqa", a, b);
  const { samplingRate, windowSeconds = 240, stepSeconds = windowSeconds } = options;
  const length = samplesOf("windowedCrqa: windowSeconds", windowSeconds, samplingRate, 3);
  const step = samplesOf("windowedCrqa: stepSeconds", stepSeconds, samplingRate);
  const out: CrqaWindow[] = [];
  for (let from = 0; from + length <= a.length; from += step)
    out.push({
      start: from / samplingRate,
      ...crqa(a.subarray(from, from + length), b.subarray(from, from + length), options),
    });
  return out;
}
