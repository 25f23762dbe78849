export {
  type CovariationModelOptions,
  covariationMixedModel,
  covariationModel,
  type DyadEpochs,
} from "./covariation-model.ts";
export { type LeastSquaresModel, leastSquaresModel } from "./least-squares.ts";
export type { Coefficient, DyadObservations, ModelStatus, ModelTerm } from "./model-term.ts";
export { type RandomInterceptModel, randomInterceptModel } from "./random-intercept-model.ts";
export {
  type BothPaths,
  type DyadPaths,
  type StabilityInfluence,
  stabilityInfluence,
} from "./stability-influence.ts";
export { type WithinDyadModel, withinDyadModel } from "./within-dyad-model.ts";
