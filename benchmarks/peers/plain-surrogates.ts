import {
  bandMeansPlain,
  demean,
  fitPlain,
  fitRows,
  laggedRows,
  type Matrix,
  multiply,
  type PlainModel,
  solve,
  targetRows,
  toLags,
  transpose,
} from "./plain-autoregression.ts";

/** What all surrogates share: windows `[window][channel][sample]` of two adult and two infant channels. */
export interface PlainStudy {
  readonly order: number;
  /** Frequencies of every band. */
  readonly bands: readonly (readonly number[])[];
  readonly rate: number;
}

/** `[direction][band]`: adult to infant, infant to adult; means over links. */
export function directionMeansPlain(matrices: Matrix[]): number[] {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const block = (sinks: number[], sources: number[]) =>
    matrices.map((matrix) => mean(sinks.flatMap((i) => sources.map((j) => matrix[i]![j]!))));
  return [...block([2, 3], [0, 1]), ...block([0, 1], [2, 3])];
}

/** The infant's windows in another order, everything pooled and fitted anew. */
export function blockShufflePlain(windows: Matrix[], order: ArrayLike<number>, study: PlainStudy): number[] {
  const paired = windows.map((window, w) => [
    window[0]!,
    window[1]!,
    windows[order[w]!]![2]!,
    windows[order[w]!]![3]!,
  ]);
  const past = paired.flatMap((x) => laggedRows(x, study.order));
  const present = paired.flatMap((x) => targetRows(x, study.order));
  return directionMeansPlain(bandMeansPlain(fitRows(past, present), study.bands, study.rate));
}

/**
 * Freedman and Lane's null of adult to infant. What does not depend on the draw is computed once; the function that comes
 * back draws one surrogate for an order of the residual windows.
 */
export function residualShufflePlain(
  windows: Matrix[],
  study: PlainStudy,
): (order: ArrayLike<number>) => number[] {
  const past = windows.flatMap((x) => laggedRows(x, study.order));
  const present = windows.flatMap((x) => targetRows(x, study.order));
  const full = fitRows(past, present);
  const infant = present.map((row) => [row[2]!, row[3]!]);
  const isInfant = past[0]!.map((_, c) => c % 4 >= 2);
  const ownPast = past.map((row) => row.filter((_, c) => isInfant[c]));
  const own = transpose(ownPast);
  const expected = multiply(ownPast, solve(multiply(own, ownPast), multiply(own, infant)));
  const residuals = infant.map((row, t) => row.map((value, i) => value - expected[t]![i]!));
  const transposed = transpose(past);
  const gram = multiply(transposed, past);
  const length = past.length / windows.length;
  return (order) => {
    const noise = windows.flatMap((_, w) => residuals.slice(order[w]! * length, (order[w]! + 1) * length));
    const drawn = noise.map((row, t) => row.map((value, i) => value + expected[t]![i]!));
    const solution = solve(gram, multiply(transposed, drawn));
    const fitted = multiply(past, solution);
    const lags = toLags(solution, 2);
    const model: PlainModel = {
      coefficients: full.coefficients.map((rows, lag) => [rows[0]!, rows[1]!, ...joinLag(lags, lag)]),
      noiseVariances: full.noiseVariances.map((variance, i) =>
        i < 2
          ? variance
          : drawn.reduce((sum, row, t) => sum + (row[i - 2]! - fitted[t]![i - 2]!) ** 2, 0) / drawn.length,
      ),
    };
    return bandMeansPlain(model, study.bands, study.rate).flatMap((matrix) =>
      [2, 3].flatMap((i) => [0, 1].map((j) => matrix[i]![j]!)),
    );
  };
}

/** Rows of the two infant sinks over all four sources: `toLags` of two channels leaves them in two halves. */
function joinLag(lags: Matrix[], lag: number): Matrix {
  const first = lags[2 * lag]!;
  const second = lags[2 * lag + 1]!;
  return [0, 1].map((i) => [...first[i]!, ...second[i]!]);
}

/** The infant's record rotated; every overlapping window fitted and measured, then averaged. */
export function circularShiftPlain(
  record: Matrix,
  shift: number,
  cut: { length: number; hop: number },
  study: PlainStudy,
): number[] {
  const n = record[0]!.length;
  const rotate = (channel: number[]) => [...channel.slice(n - shift), ...channel.slice(0, n - shift)];
  const shifted = [record[0]!, record[1]!, rotate(record[2]!), rotate(record[3]!)];
  const sums: number[] = [];
  let nWindows = 0;
  for (let first = 0; first + cut.length <= n; first += cut.hop, nWindows++) {
    const window = demean(shifted.map((channel) => channel.slice(first, first + cut.length)));
    const model = fitPlain(window, study.order);
    directionMeansPlain(bandMeansPlain(model, study.bands, study.rate)).forEach((value, i) => {
      sums[i] = (sums[i] ?? 0) + value;
    });
  }
  return sums.map((sum) => sum / nWindows);
}
