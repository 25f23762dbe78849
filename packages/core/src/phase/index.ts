export { crossFrequencyPlv } from "./cross-frequency.ts";
export { PhaseMatrixPlan, type PhaseMeasure, phaseMatrix } from "./phase-matrix-plan.ts";
export {
  adjustedCircularCorrelation,
  ciplv,
  circularCorrelation,
  coherence,
  envelopeCorrelation,
  imaginaryCoherence,
  imaginaryCoherenceSigned,
  type PhaseSignal,
  pli,
  plv,
  ppc,
  wpli,
  wpliDebiased,
  wpliSigned,
} from "./phase-measures.ts";
