import { OptionError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { congruence, invertComplex, logAbsoluteDeterminant, multiplyComplex } from "./complex-matrix.ts";
import { checkDisjoint, checkModel, remainingChannels } from "./model-shape.ts";
import { partialCovariance } from "./real-matrix.ts";
import { reduceModel, WhiteningFilter } from "./reduced-process.ts";
import { type CouplingSpectrum, checkedFrequencies, type SpectrumOptions } from "./spectrum.ts";
import { TransferFunction } from "./transfer-function.ts";

export interface GrangerSpectralOptions extends SpectrumOptions {
  /** Channels of each block; by default every channel is a block of its own. */
  readonly blocks?: readonly (readonly number[])[];
}

/**
 * Geweke's spectral Granger causality between blocks of channels, two blocks at a time.
 *
 *     f_{y->x}(f) = ln det S_xx(f) - ln det( S_xx(f) - H_xy(f) S_{y|x} H_xy(f)^* )
 *
 * where S_{y|x} is the noise of y that is uncorrelated with that of x; for single channels
 * ln( S_xx / (S_xx - (s_yy - s_xy^2 / s_xx) |H_xy|^2) ).
 *
 * `values[(f * b + i) * b + j]` is the influence **of block j (source) on block i (sink)**, in nats, from 0 upwards,
 * diagonal 0. Not conditional: channels outside the two blocks are dropped, and what they mediate or cause is counted;
 * their removal is derived from the full model. Its mean over 0..rate/2 is the time-domain `blockGranger` of the two
 * blocks, or less where strongly correlated noise breaks the minimum phase (Geweke 1982, theorem 2). NaN where the model has no stationary solution.
 *
 * @throws OptionError when blocks overlap, are empty, or are fewer than two.
 * @see Geweke, J Am Stat Assoc 77:304, 1982, eq. 4.2; Barnett, Seth, Phys Rev E 91:040101, 2015.
 */
export function grangerSpectral(model: MvarModel, options: GrangerSpectralOptions): CouplingSpectrum {
  checkModel("grangerSpectral", model);
  const frequencies = checkedFrequencies("grangerSpectral", options.frequencies, options.samplingRate);
  const blocks = options.blocks ?? Array.from({ length: model.nChannels }, (_, i) => [i]);
  if (blocks.length < 2)
    throw new OptionError(`grangerSpectral: needs at least two blocks of channels, got ${blocks.length}.`);
  checkDisjoint(
    "grangerSpectral",
    model.nChannels,
    Object.fromEntries(blocks.map((block, b) => [`block ${b}`, block])),
  );
  const count = blocks.length;
  const values = new Float64Array(frequencies.length * count * count);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const pair = gewekePair(model, blocks[a], blocks[b], frequencies, options.samplingRate);
      for (let f = 0; f < frequencies.length; f++) {
        values[(f * count + a) * count + b] = pair.onFirst[f];
        values[(f * count + b) * count + a] = pair.onSecond[f];
      }
    }
  }
  return { frequencies, values, measure: "granger" };
}

/** Spectral causality between two blocks that are all that was recorded. */
function gewekePair(
  model: MvarModel,
  first: readonly number[],
  second: readonly number[],
  frequencies: Float64Array,
  samplingRate: number,
) {
  const m = first.length + second.length;
  const onFirst = new Float64Array(frequencies.length).fill(Number.NaN);
  const onSecond = new Float64Array(frequencies.length).fill(Number.NaN);
  const process = reduceModel(model, [...first, ...second]);
  if (process === undefined) return { onFirst, onSecond };
  const filter = new WhiteningFilter(model, process, frequencies, samplingRate);
  const real = new Float64Array(m * m);
  const imaginary = new Float64Array(m * m);
  const covariance = process.innovationCovariance;
  const firstRows = first.map((_, i) => i);
  const secondRows = second.map((_, i) => first.length + i);
  for (let f = 0; f < frequencies.length; f++) {
    filter.executeAt(f);
    invertComplex(real, imaginary, filter.real, filter.imaginary, m);
    onFirst[f] = causalShare(real, imaginary, covariance, m, firstRows, secondRows);
    onSecond[f] = causalShare(real, imaginary, covariance, m, secondRows, firstRows);
  }
  return { onFirst, onSecond };
}

/**
 * ln det S_xx - ln det( S_xx - H_xo S_{o|x} H_xo^* ) with S_xx = H_x S H_x^*: the part of the spectrum of x that comes
 * from the others' own noise. `real`, `imaginary` are rows of a transfer function, `[rows >= x, n]`.
 */
function causalShare(
  real: Float64Array,
  imaginary: Float64Array,
  covariance: Float64Array,
  n: number,
  x: readonly number[],
  others: readonly number[],
): number {
  const rows = x.length;
  const own = partialCovariance(covariance, n, others, x);
  if (own === undefined) return Number.NaN;
  const all = Array.from({ length: n }, (_, i) => i);
  const total = hermitian(real, imaginary, n, x, all, covariance);
  const caused = hermitian(real, imaginary, n, x, others, own);
  const leftReal = total.real.map((value, q) => value - caused.real[q]);
  const leftImaginary = total.imaginary.map((value, q) => value - caused.imaginary[q]);
  return (
    logAbsoluteDeterminant(total.real, total.imaginary, rows) -
    logAbsoluteDeterminant(leftReal, leftImaginary, rows)
  );
}

/** M C M^* for the rows and columns of a transfer function that are named. */
function hermitian(
  real: Float64Array,
  imaginary: Float64Array,
  n: number,
  rowIndices: readonly number[],
  columnIndices: readonly number[],
  covariance: Float64Array,
) {
  const rows = rowIndices.length;
  const columns = columnIndices.length;
  const partReal = new Float64Array(rows * columns);
  const partImaginary = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      partReal[i * columns + j] = real[rowIndices[i] * n + columnIndices[j]];
      partImaginary[i * columns + j] = imaginary[rowIndices[i] * n + columnIndices[j]];
    }
  }
  const out = { real: new Float64Array(rows * rows), imaginary: new Float64Array(rows * rows) };
  congruence(out.real, out.imaginary, partReal, partImaginary, covariance, rows, columns);
  return out;
}

/**
 * The frequency form of {@link conditionalGranger}: influence of each channel on each other, given the rest.
 *
 * Geweke's construction: the channels without j are whitened by their own model, e = G(f) x, and the causality from
 * everything else to e_i is read off the joint process of those innovations and channel j:
 *
 *     f_{j->i|rest}(f) = ln V_ii - ln( V_ii - Q_io S_{o|i} Q_io^* ),   Q = [G 0; 0 I] H
 *
 * `values` is `[freq, sink, source]` in nats. Its mean over 0..rate/2 is the time-domain value, or less where strongly
 * correlated noise makes the sink's own part not minimum-phase. Exactly 0 where the time domain is 0. For two channels
 * it equals {@link grangerSpectral}.
 *
 * @see Geweke, J Am Stat Assoc 79:907, 1984; Barnett, Seth, J Neurosci Methods 2014, section 2.4.
 */
export function conditionalGrangerSpectral(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("conditionalGrangerSpectral", model);
  const { samplingRate } = options;
  const n = model.nChannels;
  const transfer = new TransferFunction(n, model.order, options.frequencies, samplingRate);
  const { frequencies } = transfer;
  const values = new Float64Array(frequencies.length * n * n);
  for (let j = 0; j < n && n > 1; j++) {
    const visible = remainingChannels(n, [j]);
    const order = [...visible, j];
    const process = reduceModel(model, visible);
    const filter =
      process === undefined ? undefined : new WhiteningFilter(model, process, frequencies, samplingRate);
    const m = n - 1;
    const covariance = Float64Array.from({ length: n * n }, (_, q) => {
      return model.noiseCovariance[order[Math.floor(q / n)] * n + order[q % n]];
    });
    const rowsReal = new Float64Array(m * n);
    const rowsImaginary = new Float64Array(m * n);
    const real = new Float64Array(m * n);
    const imaginary = new Float64Array(m * n);
    for (let f = 0; f < frequencies.length; f++) {
      transfer.executeAt(f, model.coefficients);
      filter?.executeAt(f);
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < n; b++) {
          rowsReal[a * n + b] = transfer.real[order[a] * n + order[b]];
          rowsImaginary[a * n + b] = transfer.imaginary[order[a] * n + order[b]];
        }
      }
      if (filter !== undefined)
        multiplyComplex(real, imaginary, filter.real, filter.imaginary, rowsReal, rowsImaginary, m, m, n);
      for (let a = 0; a < m; a++) {
        const q = (f * n + visible[a]) * n + j;
        if (process === undefined) values[q] = Number.NaN;
        else if (process.innovationCovariance[a * m + a] === covariance[a * n + a]) values[q] = 0;
        else {
          const others = order.map((_, row) => row).filter((row) => row !== a);
          values[q] = causalShare(real, imaginary, covariance, n, [a], others);
        }
      }
    }
  }
  return { frequencies, values, measure: "conditionalGranger" };
}
