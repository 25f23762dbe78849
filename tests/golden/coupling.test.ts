import {
  bandMean,
  boxMuller,
  dtf,
  fitMvar,
  gpdc,
  grangerSpectral,
  irwinHall,
  type MvarModel,
  mulberry32,
  pdc,
  simulateVar,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

type Matrix = number[][];
interface Fit {
  readonly A: Matrix[];
  readonly sigma: Matrix;
  readonly gpdc?: Matrix[];
  readonly pdc?: Matrix[];
  readonly dtf?: Matrix[];
  readonly gpdc_bands?: Record<string, Matrix>;
  readonly zero_links_sink_source?: [number, number][];
  readonly spectral_radius: number;
}
interface Case {
  readonly case: string;
  readonly fs: number;
  readonly freqs: number[];
  readonly bands: Record<string, [number, number]>;
  readonly truth?: Fit;
  readonly estimates?: Record<string, Fit>;
}

const files = ["dyad4_order5", "dyad4_order8", "dyad4_order12", "network_bs5", "network_bs5_unequal_noise"];

const flat = (matrices: Matrix[]): Float64Array => Float64Array.from(matrices.flat(2));

const modelOf = (fit: Fit): MvarModel => ({
  nChannels: fit.sigma.length,
  order: fit.A.length,
  coefficients: flat(fit.A),
  noiseCovariance: flat([fit.sigma]),
  nObservations: 0,
  spectralRadius: fit.spectral_radius,
  status: "ok",
});

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let q = 0; q < expected.length; q++)
    largest = Math.max(largest, Math.abs((actual[q] ?? Number.NaN) - (expected[q] ?? Number.NaN)));
  expect(largest).toBeLessThan(tolerance);
}

/** Everything that a reference fit states, from its own coefficients: only the measures are under test. */
function checkFit(shared: Case, fit: Fit, tolerance = 1e-8): number {
  const model = modelOf(fit);
  const at = { samplingRate: shared.fs, frequencies: shared.freqs };
  const measured = gpdc(model, at);
  let compared = 0;
  if (fit.gpdc) {
    expectClose(measured.values, flat(fit.gpdc), tolerance);
    compared++;
  }
  if (fit.pdc) {
    expectClose(pdc(model, at).values, flat(fit.pdc), tolerance);
    compared++;
  }
  if (fit.dtf) {
    expectClose(dtf(model, at).values, flat(fit.dtf), tolerance);
    compared++;
  }
  for (const [name, expected] of Object.entries(fit.gpdc_bands ?? {})) {
    const [low, high] = shared.bands[name] ?? [Number.NaN, Number.NaN];
    const mean = bandMean(measured, { low, high, edges: "closed", squared: false });
    expectClose(mean, flat([expected]), tolerance);
    compared++;
  }
  return compared;
}

describeWithShared("coupling measures against the numpy reference", () => {
  test.each([...files, "network_chain3"])(
    "%s: the true model has the reference spectra, zeros exact",
    (file) => {
      const shared: Case = readSharedJson("golden", "coupling", `${file}.json`);
      const truth = shared.truth as Fit;
      expect(checkFit(shared, truth)).toBe(5);
      const { values, frequencies } = gpdc(modelOf(truth), {
        samplingRate: shared.fs,
        frequencies: shared.freqs,
      });
      const n = truth.sigma.length;
      for (let f = 0; f < frequencies.length; f++)
        for (const [i, j] of truth.zero_links_sink_source ?? []) expect(values[(f * n + i) * n + j]).toBe(0);
      expect(truth.zero_links_sink_source?.length).toBeGreaterThan(0);
    },
  );

  test.each([...files, "network_chain3"])("%s: every estimator's model has the reference spectra", (file) => {
    const shared: Case = readSharedJson("golden", "coupling", `${file}.json`);
    let compared = 0;
    for (const fit of Object.values(shared.estimates ?? {})) compared += checkFit(shared, fit);
    expect(compared).toBeGreaterThanOrEqual(11);
  });

  test("ill-conditioned fits that the reference could solve have the reference spectra", () => {
    const shared: { cases: Case[] } = readSharedJson("golden", "coupling", "illcond.json");
    // Their coefficients are large and cancel: the 13 printed digits leave seven in the spectrum.
    let compared = 0;
    for (const one of shared.cases)
      for (const fit of Object.values(one.estimates ?? {})) compared += checkFit(one, fit, 1e-6);
    expect(compared).toBe(9);
  });

  test.each(["dyad4_order8", "network_chain3"])(
    "%s: pairwise spectral Granger causality of bivariate fits has the reference band means",
    (file) => {
      const shared = readSharedJson("golden", "coupling", `${file}.json`);
      const data = generate(shared.generator);
      const n: number = shared.generator.channels;
      const nSamples = data.length / n;
      for (const [band, expected] of Object.entries<Matrix>(shared.granger_pairwise_demean_bands)) {
        const [low, high] = shared.bands[band];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < i; j++) {
            const pair = new Float64Array(2 * nSamples);
            pair.set(data.subarray(i * nSamples, (i + 1) * nSamples));
            pair.set(data.subarray(j * nSamples, (j + 1) * nSamples), nSamples);
            const model = fitMvar([pair], { nChannels: 2, order: shared.order, demean: true });
            const spectrum = grangerSpectral(model, { samplingRate: shared.fs, frequencies: shared.freqs });
            const mean = bandMean(spectrum, { low, high, edges: "closed", squared: false });
            expect(mean[1]).toBeCloseTo(expected[i]?.[j] ?? Number.NaN, 8);
            expect(mean[2]).toBeCloseTo(expected[j]?.[i] ?? Number.NaN, 8);
          }
        }
      }
    },
  );
});

interface Generator {
  readonly channels: number;
  readonly samples: number;
  readonly coefs: readonly (readonly [number, number, number, number])[];
  readonly sd: readonly number[];
  readonly noise_mix?: readonly (readonly [number, number, number])[];
  readonly seed: number;
  readonly burn: number;
  readonly gauss: "irwinhall" | "boxmuller";
}

/** The reference's own input, from its published recipe. */
function generate(recipe: Generator): Float64Array {
  return simulateVar({
    nChannels: recipe.channels,
    coefficients: recipe.coefs,
    nSamples: recipe.samples,
    burnIn: recipe.burn,
    normal: (recipe.gauss === "irwinhall" ? irwinHall : boxMuller)(mulberry32(recipe.seed)),
    sd: recipe.sd,
    mixing: recipe.noise_mix ?? [],
  });
}
