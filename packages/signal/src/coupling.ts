import type { Seconds } from "./stream.ts";

/** Whether a model can be trusted at all. A number whose model is not `ok` is shown greyed, with this word. */
export type ModelStatus = "ok" | "insufficient-data" | "not-positive-definite" | "unstable";

/** Health of the model behind a number. */
export interface ModelHealth {
  readonly status: ModelStatus;
  /** Largest modulus of the companion matrix's eigenvalues; below 1 for a stable model. */
  readonly spectralRadius: number;
  /** Coefficients per observation, K^2 p / N: at most 1, advised below 0.1 (SIFT). */
  readonly parameterRatio: number;
  readonly nObservations: number;
}

/** One directed number with everything that is needed to doubt it. */
export interface DirectedValue {
  readonly from: string;
  readonly to: string;
  readonly band: string;
  /** Name of the measure and whether it is squared: `gpdcSquared`, `gpdc` ... */
  readonly measure: string;
  readonly value: number;
  /** Mean and standard deviation of the same number under the null; NaN until a null was computed. */
  readonly nullMean: number;
  readonly nullSd: number;
  /** `(value - nullMean) / (1 - nullMean)`: signed, never clipped at zero. */
  readonly corrected: number;
  readonly z: number;
  readonly p: number;
}

/** What the live pipeline says after a window: coupling in one condition as it stands now. */
export interface Coupling {
  readonly kind: "coupling";
  /** End of the newest window that it contains, session clock. */
  readonly at: Seconds;
  readonly condition: string;
  /** `window`: this window alone; `pooled`: all windows of the condition, older ones forgotten exponentially. */
  readonly scope: "window" | "pooled";
  readonly values: readonly DirectedValue[];
  readonly nWindows: number;
  /** Samples that the estimate effectively rests on after forgetting. */
  readonly effectiveSamples: number;
  readonly health: ModelHealth;
}
