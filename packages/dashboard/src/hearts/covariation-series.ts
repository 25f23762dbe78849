import type { CovariationOfWindow, Hearts } from "@attune/wire/page";
import { placeOf } from "./read-hearts.ts";

type Column = (number | null)[];

/** Windows of a measure and pair, as columns: each at its middle. */
export interface CovariationSeries {
  readonly times: number[];
  readonly z: Column;
  /** z where it stands out among mismatched windows, where it does not, and where that is not known. */
  readonly outside: Column;
  readonly inside: Column;
  readonly unplaced: Column;
  /** Place among mismatched windows, percent. */
  readonly percentile: Column;
}

export interface Choice {
  readonly from: string;
  readonly to: string;
  readonly measure: string;
}

/** Every pair and measure of which there is a window, in the order in which they came. */
export function choicesOf({ covariations, totals }: Hearts): (Choice & { readonly series: string })[] {
  const seriesOf = new Map(covariations.map(({ measure, series }) => [measure, series]));
  const choices = new Map<string, Choice & { readonly series: string }>();
  for (const { from, to, measure } of [...totals, ...covariations]) {
    const series = seriesOf.get(measure);
    if (series !== undefined) choices.set(`${from}\n${to}\n${measure}`, { from, to, measure, series });
  }
  return [...choices.values()];
}

export const windowsOf = (windows: readonly CovariationOfWindow[], choice: Choice): CovariationOfWindow[] =>
  windows.filter(
    ({ from, to, measure }) => from === choice.from && to === choice.to && measure === choice.measure,
  );

/** @param windows of one measure and pair, in order; a window without a value is a gap */
export function covariationSeries(windows: readonly CovariationOfWindow[], zero: number): CovariationSeries {
  const only = (fits: (place: ReturnType<typeof placeOf>) => boolean): Column =>
    windows.map((window) => (fits(placeOf(window)) ? window.z : null));
  return {
    times: windows.map(({ start, end }) => (start + end) / 2 - zero),
    z: windows.map(({ z }) => z),
    outside: only((place) => place === "above" || place === "below"),
    inside: only((place) => place === "inside"),
    unplaced: only((place) => place === "unknown"),
    percentile: windows.map(({ z, nullPercentile }) =>
      z === null || nullPercentile === null ? null : 100 * nullPercentile,
    ),
  };
}
