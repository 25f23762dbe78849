import type { PersonMontage } from "@attune/pipeline";
import type { StudySettings } from "./settings.ts";

/**
 * Lowers the grid to the slowest amplifier. Interpolating beyond a device's own rate leaves a part of the spectrum empty, and
 * a regression on such data is all but singular: its coefficients then describe the interpolation. Filters that would
 * lie beyond half of the new rate are left out.
 */
export function fitRates(settings: StudySettings, people: readonly PersonMontage[]): StudySettings {
  const slowest = Math.min(...people.map(({ nominalSamplingRate }) => nominalSamplingRate));
  if (slowest >= settings.gridRate) return settings;
  const lowered = slowest / (settings.gridRate / settings.analysisRate);
  const { filter } = settings;
  const lowPassHz = filter.lowPassHz < lowered / 2 ? filter.lowPassHz : 0;
  const notchHz = filter.notchHz < slowest / 2 ? filter.notchHz : 0;
  return { ...settings, gridRate: slowest, analysisRate: lowered, filter: { ...filter, lowPassHz, notchHz } };
}
