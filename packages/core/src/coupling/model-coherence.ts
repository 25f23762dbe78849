import type { MvarModel } from "../mvar/model.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { congruence } from "./complex-matrix.ts";
import { checkModel } from "./model-shape.ts";
import { identity, solve } from "./real-matrix.ts";
import type { CouplingMeasure, CouplingSpectrum, SpectrumOptions } from "./spectrum.ts";
import { TransferFunction } from "./transfer-function.ts";

/** A Hermitian matrix per frequency, `[freq, channel, channel]`. */
export interface CrossSpectrum {
  /** Hz. */
  readonly frequencies: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The cross-spectral matrix that a model implies.
 *
 *     Spec(f) = H(f) S H(f)^*,   H(f) = A(f)^-1
 *
 * Per sample, two-sided: in units^2; divide by the sampling rate for units^2/Hz, twice that for a one-sided density.
 * The mean over the whole circle of frequencies is the covariance of the channels. Entry (a, b) is E X_a conj(X_b).
 *
 * @see Lütkepohl, New Introduction to Multiple Time Series Analysis, 2005, section 2.1.
 */
export function modelSpectrum(model: MvarModel, options: SpectrumOptions): CrossSpectrum {
  checkModel("modelSpectrum", model);
  const n = model.nChannels;
  const transfer = new TransferFunction(n, model.order, options.frequencies, options.samplingRate);
  const { frequencies } = transfer;
  const real = new Float64Array(frequencies.length * n * n);
  const imaginary = new Float64Array(frequencies.length * n * n);
  for (let f = 0; f < frequencies.length; f++) {
    transfer.executeAt(f, model.coefficients);
    const start = f * n * n;
    congruence(
      real.subarray(start, start + n * n),
      imaginary.subarray(start, start + n * n),
      transfer.real,
      transfer.imaginary,
      model.noiseCovariance,
      n,
      n,
    );
  }
  return { frequencies, real, imaginary };
}

/**
 * Coherence from a fitted model: |Spec_ij| / sqrt(Spec_ii Spec_jj).
 *
 * A magnitude in [0, 1], symmetric in i and j, 1 on the diagonal. Compare `coherence`, which works on data.
 */
export function modelCoherence(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  return normalised("coherence", model.nChannels, modelSpectrum(model, options));
}

/**
 * Partial coherence from a fitted model: what two channels share when all others are taken out.
 *
 *     |P_ij| / sqrt(P_ii P_jj),   P(f) = Spec(f)^-1 = A(f)^* S^-1 A(f)
 *
 * A magnitude in [0, 1], symmetric, 1 on the diagonal. Two causes of a common effect are partially coherent without any
 * link between them.
 *
 * @see Dahlhaus, Metrika 2000.
 */
export function modelPartialCoherence(model: MvarModel, options: SpectrumOptions): CouplingSpectrum {
  checkModel("modelPartialCoherence", model);
  return normalised("partialCoherence", model.nChannels, inverseSpectrum(model, options));
}

/**
 * Partial coherence with its phase: the coherency of two channels when all others are taken out.
 *
 *     -P_ij / sqrt(P_ii P_jj),   P(f) = Spec(f)^-1;   1 on the diagonal
 *
 * Its magnitude is {@link modelPartialCoherence}. Hermitian; entry (a, b) is E X_a conj(X_b) of the residual signals,
 * so that a positive phase says that a leads. For two channels it is the ordinary coherency.
 *
 * @see Dahlhaus, Metrika 2000.
 */
export function modelPartialCoherency(model: MvarModel, options: SpectrumOptions): CrossSpectrum {
  checkModel("modelPartialCoherency", model);
  const n = model.nChannels;
  const { frequencies, real, imaginary } = inverseSpectrum(model, options);
  const outReal = new Float64Array(real.length);
  const outImaginary = new Float64Array(real.length);
  for (let f = 0; f < frequencies.length; f++) {
    const start = f * n * n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const q = start + i * n + j;
        const power = real[start + i * n + i] * real[start + j * n + j];
        const isOwn = i === j && power > 0;
        outReal[q] = isOwn ? 1 : -real[q] / Math.sqrt(power);
        outImaginary[q] = isOwn ? 0 : -imaginary[q] / Math.sqrt(power);
      }
    }
  }
  return { frequencies, real: outReal, imaginary: outImaginary };
}

/** P(f) = A(f)^* S^-1 A(f), without inverting a spectrum. */
function inverseSpectrum(model: MvarModel, options: SpectrumOptions): CrossSpectrum {
  const n = model.nChannels;
  const transform = new CoefficientTransform(n, model.order, options.frequencies, options.samplingRate);
  const { frequencies } = transform;
  const precision =
    solve(model.noiseCovariance, identity(n), n, n) ?? new Float64Array(n * n).fill(Number.NaN);
  const real = new Float64Array(frequencies.length * n * n);
  const imaginary = new Float64Array(frequencies.length * n * n);
  const ar = new Float64Array(n * n);
  const ai = new Float64Array(n * n);
  const adjointReal = new Float64Array(n * n);
  const adjointImaginary = new Float64Array(n * n);
  for (let f = 0; f < frequencies.length; f++) {
    transform.executeAt(f, ar, ai, model.coefficients);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        adjointReal[j * n + i] = ar[i * n + j];
        adjointImaginary[j * n + i] = -ai[i * n + j];
      }
    }
    const start = f * n * n;
    congruence(
      real.subarray(start, start + n * n),
      imaginary.subarray(start, start + n * n),
      adjointReal,
      adjointImaginary,
      precision,
      n,
      n,
    );
  }
  return { frequencies, real, imaginary };
}

function normalised(measure: CouplingMeasure, n: number, spectrum: CrossSpectrum): CouplingSpectrum {
  const { frequencies, real, imaginary } = spectrum;
  const values = new Float64Array(real.length);
  for (let f = 0; f < frequencies.length; f++) {
    const start = f * n * n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const q = start + i * n + j;
        const power = real[start + i * n + i] * real[start + j * n + j];
        values[q] = i === j && power > 0 ? 1 : Math.hypot(real[q], imaginary[q]) / Math.sqrt(power);
      }
    }
  }
  return { frequencies, values, measure };
}
