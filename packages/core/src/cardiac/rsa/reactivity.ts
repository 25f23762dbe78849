import { mean, standardDeviation } from "../../statistics/index.ts";

export interface Reactivity {
  /** `[nEpochs]`: epoch - baseline mean, in the unit of the measure. */
  readonly change: Float64Array;
  /** `[nEpochs]`: change / the person's own baseline SD; NaN for fewer than two baseline epochs or no spread. */
  readonly z: Float64Array;
  /** Belongs into the model as a covariate. */
  readonly baselineMean: number;
  readonly baselineSd: number;
  /** Baseline epochs with a value. */
  readonly nBaseline: number;
}

/**
 * How far epochs lie from the same person's baseline, for ln RSA, interbeat interval or PEP alike. The baseline must
 * be recorded in the same posture and awake; an infant moved from a chair to a lap has no baseline.
 *
 * @param epochs `[nEpochs]`, NaN where excluded
 * @param baseline values of the baseline epochs, NaN where excluded
 */
export function reactivity(epochs: ArrayLike<number>, baseline: ArrayLike<number>): Reactivity {
  const valid = Float64Array.from(baseline).filter((value) => !Number.isNaN(value));
  const baselineMean = mean(valid);
  const baselineSd = standardDeviation(valid);
  const change = Float64Array.from(epochs, (value) => value - baselineMean);
  const z = change.map((value) => (baselineSd > 0 ? value / baselineSd : Number.NaN));
  return { change, z, baselineMean, baselineSd, nBaseline: valid.length };
}
