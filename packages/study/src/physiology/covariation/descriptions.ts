import type { CrqaWindow, Susy, WindowedCrossCorrelation, WindowLags } from "@attune/core";
import type { Description } from "../result.ts";

/** Mean of those that are there; NaN for none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    sum += values[k]!;
    n++;
  }
  return n === 0 ? Number.NaN : sum / n;
}

/** Where a cross-correlation is largest, whatever its sign; NaN for none. Two hearts that move against each other have a lag too. */
export function strongestLag({
  lags,
  values,
}: {
  readonly lags: ArrayLike<number>;
  readonly values: Float64Array;
}): { readonly lag: number; readonly correlation: number } {
  let at = -1;
  values.forEach((value, k) => {
    if (Math.abs(value) > (at < 0 ? -1 : Math.abs(values[at]!))) at = k;
  });
  return { lag: lags[at] ?? Number.NaN, correlation: values[at] ?? Number.NaN };
}

interface ByLag {
  readonly lags: ArrayLike<number>;
  readonly values: Float64Array;
}

/** The largest cross-correlation with its sign. */
export const signedPeak = (ccf: ByLag): Description[] => [
  {
    name: "r at the peak",
    description: "the correlation of largest absolute value, with its sign",
    value: strongestLag(ccf).correlation,
    unit: "r",
  },
];

/** Where the windows have their lag: by Boker's peak picking, and beside it by the largest value. */
export function describeLags({ peaks, argmax, meanZAtLagZero }: WindowedCrossCorrelation): Description[] {
  const of = (
    how: string,
    { medianLag, correlations, nWindows, firstLeads, secondLeads, together }: WindowLags,
  ) => {
    const row = (name: string, description: string, value: number, unit: string): Description => ({
      name: `${how}: ${name}`,
      description,
      value,
      unit,
    });
    return [
      row("median lag", "over windows; positive: the first member leads", medianLag, "s"),
      row("mean r", "mean over windows of the correlation there", mean(correlations), "r"),
      row("windows", "windows that have one", nWindows, "count"),
      row("first leads", "share of these windows with a positive lag", firstLeads, "share"),
      row("second leads", "share with a negative lag", secondLeads, "share"),
      row("together", "share with lag 0", together, "share"),
    ];
  };
  return [
    ...of("peak", peaks),
    ...of("largest", argmax),
    { name: "mean z at lag 0", description: "over windows", value: meanZAtLagZero, unit: "z" },
  ];
}

/** SUSY's Z with and without sign, each beside its mismatched segments. */
export function describeSusy({ absolute, signed, nSegments }: Susy): Description[] {
  const row = (name: string, description: string, value: number, unit: string): Description => ({
    name,
    description,
    value,
    unit,
  });
  return [
    row("Z absolute", "mean |z| over segments and lags", absolute.z, "z"),
    row("Z absolute, mismatched", "the same of mismatched segments", absolute.surrogateZ, "z"),
    row("Z signed", "mean z: in-phase minus anti-phase", signed.z, "z"),
    row("Z signed, mismatched", "the same of mismatched segments", signed.surrogateZ, "z"),
    row("ES signed", "effect size of the signed Z", signed.effectSize, "effect size"),
    row("segments", "of 30 s", nSegments, "count"),
  ];
}

/** The other numbers of the recurrence plot: means over its windows, and the peak of the mean diagonal profile. */
export function describeCrqa(windows: readonly CrqaWindow[]): Description[] {
  const [first] = windows;
  if (first === undefined) return [];
  const over = (pick: (window: CrqaWindow) => number): number => mean(windows.map(pick));
  const profile = first.lags.map((_, k) => over((window) => window.profile[k]!));
  const { lag, correlation } = strongestLag({ lags: first.lags, values: profile });
  const row = (name: string, description: string, value: number, unit: string): Description => ({
    name,
    description: `${description}, mean over ${windows.length} windows`,
    value,
    unit,
  });
  return [
    row(
      "REC",
      "recurrent points",
      over(({ recurrence }) => recurrence),
      "%",
    ),
    row(
      "DET",
      "recurrent points on diagonal lines",
      over(({ determinism }) => determinism),
      "%",
    ),
    row(
      "Lmean",
      "mean diagonal line",
      over(({ meanDiagonal }) => meanDiagonal),
      "s",
    ),
    row(
      "Lmax",
      "longest diagonal line",
      over(({ longestDiagonal }) => longestDiagonal),
      "s",
    ),
    row(
      "ENTR",
      "entropy of the lengths of diagonal lines",
      over(({ entropy }) => entropy),
      "nats",
    ),
    row(
      "LAM",
      "recurrent points on vertical lines",
      over(({ laminarity }) => laminarity),
      "%",
    ),
    row(
      "TT",
      "mean vertical line",
      over(({ trappingTime }) => trappingTime),
      "s",
    ),
    row(
      "LAM horizontal",
      "the same of horizontal lines",
      over((each) => each.horizontalLaminarity),
      "%",
    ),
    row(
      "TT horizontal",
      "the same of horizontal lines",
      over((each) => each.horizontalTrappingTime),
      "s",
    ),
    row("profile peak", "largest recurrence along a diagonal, lags of -15 to 15 s", correlation, "%"),
    row("profile lag", "where it lies; positive: the first member leads", lag, "s"),
  ];
}
