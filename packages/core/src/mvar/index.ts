export { assembleGram, crossLagMoments } from "./cross-lag-moments.ts";
export { diagnoseMvar, type MvarDiagnostics } from "./diagnostics.ts";
export { type FitMvarOptions, fitMvar } from "./fit-mvar.ts";
export { LagMoments } from "./lag-moments.ts";
export type * from "./model.ts";
export { MomentSolver } from "./moment-solver.ts";
export { MvarPlan } from "./mvar-plan.ts";
export { type OrderCriterion, type OrderSelection, selectOrder } from "./order-selection.ts";
export { type Portmanteau, portmanteau } from "./portmanteau.ts";
export {
  type PortmanteauPermutation,
  type PortmanteauPermutationOptions,
  portmanteauPermutation,
} from "./portmanteau-permutation.ts";
export type { PortmanteauKind } from "./portmanteau-statistic.ts";
export { type ResidualCorrelation, residualCorrelation } from "./residual-correlation.ts";
export { residuals } from "./residuals.ts";
export { fitRidge, type RidgeMvar, type RidgeOptions } from "./ridge.ts";
export { type RidgeSelection, type SelectRidgeOptions, selectRidge } from "./select-ridge.ts";
export { type SimulateVarOptions, simulateVar, type VarTerm } from "./simulate-var.ts";
export { type SimulatedConsistencyOptions, simulatedConsistency } from "./simulated-consistency.ts";
export { solveMoments } from "./solve-moments.ts";
export { spectralRadius } from "./spectral-radius.ts";
export { type Stationarity, type StationarityOptions, windowStationarity } from "./stationarity.ts";
