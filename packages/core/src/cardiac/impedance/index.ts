export {
  type ImpedanceEnsemble,
  type ImpedanceOptions,
  impedanceEnsembles,
} from "./impedance-ensembles.ts";
export { importPreEjectionPeriods, type PreEjectionPeriod } from "./pre-ejection-period.ts";
