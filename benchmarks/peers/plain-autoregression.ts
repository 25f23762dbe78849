/** The textbook in plain arrays: what a careful programmer writes from the formulas before thinking about speed. */

export type Matrix = number[][];

export interface PlainModel {
  /** `[lag][sink][source]`. */
  readonly coefficients: Matrix[];
  readonly noiseVariances: number[];
}

export const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));

export function multiply(a: Matrix, b: Matrix): Matrix {
  const product: Matrix = [];
  for (let i = 0; i < a.length; i++) {
    const row: number[] = [];
    for (let j = 0; j < b[0]!.length; j++) {
      let sum = 0;
      for (let k = 0; k < b.length; k++) sum += a[i]![k]! * b[k]![j]!;
      row.push(sum);
    }
    product.push(row);
  }
  return product;
}

/** Solves a x = b by Gaussian elimination with partial pivoting. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...b[i]!]);
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[best]![c]!)) best = r;
    [rows[c], rows[best]] = [rows[best]!, rows[c]!];
    const pivot = rows[c]!;
    for (let r = c + 1; r < n; r++) {
      const row = rows[r]!;
      const factor = row[c]! / pivot[c]!;
      for (let k = c; k < pivot.length; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  for (let c = n - 1; c >= 0; c--) {
    const row = rows[c]!;
    for (let k = n; k < row.length; k++) {
      let sum = row[k]!;
      for (let j = c + 1; j < n; j++) sum -= row[j]! * rows[j]![k]!;
      row[k] = sum / row[c]!;
    }
  }
  return rows.map((row) => row.slice(n));
}

/** One row for every t: the values of all channels at lags 1..order, lag after lag. */
export function laggedRows(x: Matrix, order: number): Matrix {
  const rows: Matrix = [];
  for (let t = order; t < x[0]!.length; t++) {
    const row: number[] = [];
    for (let lag = 1; lag <= order; lag++) for (const channel of x) row.push(channel[t - lag]!);
    rows.push(row);
  }
  return rows;
}

/** One row for every t: the values of all channels. */
export const targetRows = (x: Matrix, order: number): Matrix =>
  transpose(x.map((channel) => channel.slice(order)));

export function demean(x: Matrix): Matrix {
  return x.map((channel) => {
    const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
    return channel.map((value) => value - mean);
  });
}

/** Least squares of all channels on their common past, by the normal equations. */
export function fitRows(past: Matrix, present: Matrix): PlainModel {
  const transposed = transpose(past);
  const solution = solve(multiply(transposed, past), multiply(transposed, present));
  const fitted = multiply(past, solution);
  const nChannels = present[0]!.length;
  const noiseVariances = new Array<number>(nChannels).fill(0);
  for (let t = 0; t < present.length; t++)
    for (let i = 0; i < nChannels; i++)
      noiseVariances[i]! += (present[t]![i]! - fitted[t]![i]!) ** 2 / present.length;
  return { coefficients: toLags(solution, nChannels), noiseVariances };
}

/** Solution `[lag and source][sink]` as `[lag][sink][source]`. */
export function toLags(solution: Matrix, nChannels: number): Matrix[] {
  const coefficients: Matrix[] = [];
  for (let first = 0; first < solution.length; first += nChannels)
    coefficients.push(transpose(solution.slice(first, first + nChannels)));
  return coefficients;
}

export const fitPlain = (x: Matrix, order: number): PlainModel =>
  fitRows(laggedRows(x, order), targetRows(x, order));

/** Generalised partial directed coherence, Baccalá 2007: `[frequency][sink][source]`. */
export function gpdcPlain(
  { coefficients, noiseVariances }: PlainModel,
  frequencies: ArrayLike<number>,
  rate: number,
): Matrix[] {
  const n = noiseVariances.length;
  return Array.from(frequencies, (frequency) => {
    const values: Matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
    for (let source = 0; source < n; source++) {
      let total = 0;
      for (let sink = 0; sink < n; sink++) {
        let real = sink === source ? 1 : 0;
        let imaginary = 0;
        for (let lag = 0; lag < coefficients.length; lag++) {
          const angle = (-2 * Math.PI * frequency * (lag + 1)) / rate;
          real -= coefficients[lag]![sink]![source]! * Math.cos(angle);
          imaginary -= coefficients[lag]![sink]![source]! * Math.sin(angle);
        }
        const power = (real ** 2 + imaginary ** 2) / noiseVariances[sink]!;
        values[sink]![source] = power;
        total += power;
      }
      for (let sink = 0; sink < n; sink++) values[sink]![source] = Math.sqrt(values[sink]![source]! / total);
    }
    return values;
  });
}

/** Means of squared GPDC over bands given as lists of frequencies: `[band][sink][source]`. */
export function bandMeansPlain(
  model: PlainModel,
  bands: readonly (readonly number[])[],
  rate: number,
): Matrix[] {
  return bands.map((frequencies) => {
    const spectra = gpdcPlain(model, frequencies, rate);
    return spectra[0]!.map((row, i) =>
      row.map((_, j) => spectra.reduce((sum, values) => sum + values[i]![j]! ** 2, 0) / spectra.length),
    );
  });
}
