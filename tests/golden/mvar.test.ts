import {
  assembleGram,
  boxMuller,
  crossLagMoments,
  type FittedMvar,
  fitMvar,
  irwinHall,
  LagMoments,
  MomentSolver,
  type MvarEstimator,
  type MvarModel,
  MvarPlan,
  mulberry32,
  simulateVar,
  solveMoments,
  type VarTerm,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

/** The fields of the reference files that these tests read; README.md beside the files explains them. */
interface Generator {
  channels: number;
  samples: number;
  coefs: VarTerm[];
  sd: number[];
  noise_mix?: [number, number, number][];
  seed: number;
  burn: number;
  gauss: "irwinhall" | "boxmuller";
}
interface InputCheck {
  shape: [number, number];
  first: number[][];
  last: number[][];
  sum: number[];
  sumsq: number[];
}
interface Estimate {
  A?: number[][][];
  sigma?: number[][];
  gpdc?: number[][][];
  gpdc_bands: Record<string, number[][]>;
  spectral_radius: number;
}
interface VarCase {
  case: string;
  generator: Generator;
  freqs: number[];
  fs: number;
  bands: Record<string, [number, number]>;
  order: number;
  cond_design: number;
  input_check: InputCheck;
  estimates: Record<string, Estimate>;
}

const ESTIMATORS: Record<string, { estimator: MvarEstimator; demean?: boolean; intercept?: boolean }> = {
  ols: { estimator: "ols", demean: false },
  ols_demean: { estimator: "ols" },
  ols_intercept: { estimator: "ols", intercept: true },
  yule_walker_demean: { estimator: "yule-walker" },
  nuttall_strand_demean: { estimator: "nuttall-strand" },
  vieira_morf_demean: { estimator: "vieira-morf" },
  biosig7: { estimator: "biosig7" },
};

function generate(generator: Generator): Float64Array {
  const uniform = mulberry32(generator.seed);
  return simulateVar({
    nChannels: generator.channels,
    coefficients: generator.coefs,
    nSamples: generator.samples,
    burnIn: generator.burn,
    sd: generator.sd,
    mixing: generator.noise_mix ?? [],
    normal: generator.gauss === "irwinhall" ? irwinHall(uniform) : boxMuller(uniform),
  });
}

/** Largest difference, relative to the largest reference value. */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= worst)) worst = error;
  }
  return worst === 0 ? 0 : worst / scale;
}

function expectInput(x: Float64Array, check: InputCheck): void {
  const [n, nSamples] = check.shape;
  for (let c = 0; c < n; c++) {
    const channel = x.subarray(c * nSamples, (c + 1) * nSamples);
    expect(relativeError(channel.subarray(0, 3), check.first[c]!)).toBeLessThan(1e-12);
    expect(relativeError(channel.subarray(nSamples - 2), check.last[c]!)).toBeLessThan(1e-12);
    const sum = channel.reduce((total, value) => total + value, 0);
    const squares = channel.reduce((total, value) => total + value * value, 0);
    expect(Math.abs(sum - check.sum[c]!)).toBeLessThanOrEqual(1e-11 * Math.sqrt(squares * nSamples));
    expect(Math.abs(squares - check.sumsq[c]!)).toBeLessThanOrEqual(1e-12 * squares);
  }
}

type Fit = Pick<MvarModel, "nChannels" | "order" | "coefficients" | "noiseCovariance">;

/** Textbook GPDC, straight from its definition; independent of the kernels in core. `[freq][sink][source]`. */
function textbookGpdc(model: Fit, frequencies: readonly number[], fs: number): number[] {
  const { nChannels: n, order, coefficients, noiseCovariance } = model;
  return frequencies.flatMap((f) => {
    const weighted = Array.from({ length: n * n }, (_, at) => {
      const i = Math.floor(at / n);
      const j = at % n;
      let re = i === j ? 1 : 0;
      let im = 0;
      for (let k = 0; k < order; k++) {
        const a = coefficients[(k * n + i) * n + j]!;
        re -= a * Math.cos((2 * Math.PI * f * (k + 1)) / fs);
        im += a * Math.sin((2 * Math.PI * f * (k + 1)) / fs);
      }
      return Math.hypot(re, im) / Math.sqrt(noiseCovariance[i * n + i]!);
    });
    return weighted.map((value, at) => {
      let squares = 0;
      for (let k = 0; k < n; k++) squares += weighted[k * n + (at % n)]! ** 2;
      return value / Math.sqrt(squares);
    });
  });
}

function bandMeans(gpdc: readonly number[], frequencies: readonly number[], [low, high]: [number, number]) {
  const size = gpdc.length / frequencies.length;
  const rows = frequencies.flatMap((f, at) => (f >= low && f <= high ? [at] : []));
  return Array.from(
    { length: size },
    (_, i) => rows.reduce((sum, row) => sum + gpdc[row * size + i]!, 0) / rows.length,
  );
}

/** Largest absolute error of GPDC at every frequency and in every band. */
function gpdcError(model: Fit, setting: Pick<VarCase, "freqs" | "fs" | "bands">, expected: Estimate): number {
  const gpdc = textbookGpdc(model, setting.freqs, setting.fs);
  const errors = (actual: readonly number[], reference: readonly number[]) =>
    actual.map((value, i) => Math.abs(value - reference[i]!));
  const all = expected.gpdc ? errors(gpdc, expected.gpdc.flat(2)) : [];
  for (const [name, values] of Object.entries(expected.gpdc_bands))
    all.push(...errors(bandMeans(gpdc, setting.freqs, setting.bands[name]!), values.flat()));
  return all.reduce((worst, error) => Math.max(worst, error), 0);
}

const readCase = (name: string) => readSharedJson("golden", "coupling", `${name}.json`);

describeWithShared("fitMvar against the reference vectors", () => {
  for (const name of [
    "dyad4_order5",
    "dyad4_order8",
    "dyad4_order12",
    "network_bs5",
    "network_bs5_unequal_noise",
    "network_chain3",
  ]) {
    describe(name, () => {
      const golden: VarCase = readCase(name);
      const x = generate(golden.generator);
      test("the generator reproduces the input", () => expectInput(x, golden.input_check));
      for (const [key, expected] of Object.entries(golden.estimates)) {
        test(`${key} gives the reference coefficients, noise covariance, spectral radius and GPDC`, () => {
          const options = ESTIMATORS[key];
          if (options === undefined) throw new Error(`no estimator for ${key}`);
          const model = fitMvar([x], {
            nChannels: golden.generator.channels,
            order: golden.order,
            ...options,
          });
          expect(model.status).toBe("ok");
          expect(relativeError(model.coefficients, expected.A!.flat(2))).toBeLessThan(1e-10);
          expect(relativeError(model.noiseCovariance, expected.sigma!.flat())).toBeLessThan(1e-10);
          expect(Math.abs(model.spectralRadius - expected.spectral_radius)).toBeLessThan(1e-9);
          expect(gpdcError(model, golden, expected)).toBeLessThan(1e-9);
        });
      }
      test("solving the moments gives the same model as fitting the window", () => {
        const nChannels = golden.generator.channels;
        const nSamples = golden.generator.samples;
        const moments = new LagMoments(nChannels, golden.order);
        moments.addWindow(demeaned(x, nChannels), nSamples);
        const model = solveMoments(moments);
        const expected = golden.estimates.ols_demean!;
        expect(relativeError(model.coefficients, expected.A!.flat(2))).toBeLessThan(1e-9);
        expect(relativeError(model.noiseCovariance, expected.sigma!.flat())).toBeLessThan(1e-9);
      });
    });
  }

  test("32 channels at order 5 give the reference coefficients, radius and band means", () => {
    const golden = readCase("dyad32_multivariate");
    const expected = golden.estimates.ols_demean;
    const x = generate(golden.generator);
    expectInput(x, golden.input_check);
    const model = fitMvar([x], { nChannels: 32, order: 5 });
    expect(model.status).toBe("ok");
    expect(relativeError(model.coefficients.subarray(0, 32), expected.A_lag1_row0)).toBeLessThan(1e-9);
    expect(relativeError(model.coefficients.subarray(-32), expected.A_last_rowlast)).toBeLessThan(1e-9);
    const frobenius = Math.sqrt(model.coefficients.reduce((sum, a) => sum + a * a, 0));
    expect(Math.abs(frobenius / expected.A_fro - 1)).toBeLessThan(1e-10);
    const variances = Array.from({ length: 32 }, (_, i) => model.noiseCovariance[i * 33]!);
    expect(relativeError(variances, expected.sigma_diag)).toBeLessThan(1e-10);
    expect(Math.abs(model.spectralRadius - expected.spectral_radius)).toBeLessThan(1e-9);
    expect(gpdcError(model, golden, expected)).toBeLessThan(1e-8);
  });

  test("all 256 pairwise fits of 16 + 16 channels give the reference band means", () => {
    const golden = readCase("dyad32_pairs");
    const x = generate(golden.generator);
    const { window, adult, infant, freqs, fs, bands } = golden;
    let worst = 0;
    for (const [a, adultChannel] of adult.entries()) {
      for (const [b, infantChannel] of infant.entries()) {
        const pair = new Float64Array(2 * window);
        pair.set(x.subarray(adultChannel * window, (adultChannel + 1) * window));
        pair.set(x.subarray(infantChannel * window, (infantChannel + 1) * window), window);
        const gpdc = textbookGpdc(fitMvar([pair], { nChannels: 2, order: golden.order }), freqs, fs);
        for (const band of Object.keys(bands)) {
          const [, fromInfant, toInfant] = bandMeans(gpdc, freqs, bands[band]);
          // Both tables are [adult][infant].
          worst = Math.max(worst, Math.abs(toInfant! - golden.gpdc_adult_to_infant[band][a][b]));
          worst = Math.max(worst, Math.abs(fromInfant! - golden.gpdc_infant_to_adult[band][a][b]));
        }
      }
    }
    expect(worst).toBeLessThan(1e-8);
  });
});

/** `[nChannels, length]` from `start` on, channels as listed. */
function cutWindow(
  x: Float64Array,
  nSamples: number,
  channels: readonly number[],
  start: number,
  length: number,
) {
  const out = new Float64Array(channels.length * length);
  for (const [row, c] of channels.entries())
    out.set(x.subarray(c * nSamples + start, c * nSamples + start + length), row * length);
  return out;
}

function demeaned(window: Float64Array, nChannels: number): Float64Array {
  const length = window.length / nChannels;
  const out = window.slice();
  for (let start = 0; start < out.length; start += length) {
    const mean = out.subarray(start, start + length).reduce((sum, value) => sum + value, 0) / length;
    for (let t = start; t < start + length; t++) out[t]! -= mean;
  }
  return out;
}

describeWithShared("window after window", () => {
  for (const name of ["dyad4_sliding", "dyad4_sliding_hop20"]) {
    test(`MvarPlan gives the reference band means of every window of ${name}`, () => {
      const golden = readCase(name);
      const x = generate(golden.generator);
      expectInput(x, golden.input_check);
      const { window, order, freqs, fs, bands } = golden;
      const { channels: nChannels, samples } = golden.generator;
      const plan = new MvarPlan({ nChannels, order, nSamples: window });
      const coefficients = new Float64Array(order * nChannels ** 2);
      const noiseCovariance = new Float64Array(nChannels ** 2);
      let worst = 0;
      for (const expected of golden.windows) {
        plan.execute(
          cutWindow(x, samples, [0, 1, 2, 3], expected.start, window),
          coefficients,
          noiseCovariance,
        );
        const gpdc = textbookGpdc({ nChannels, order, coefficients, noiseCovariance }, freqs, fs);
        for (const band of Object.keys(bands)) {
          const reference = expected[band].flat();
          for (const [at, value] of bandMeans(gpdc, freqs, bands[band]).entries())
            worst = Math.max(worst, Math.abs(value - reference[at]));
        }
      }
      expect(worst).toBeLessThan(1e-9);
    });
  }

  test("Gram matrices put together from adult, infant and cross moments give the circular-shift surrogates", () => {
    const golden = readCase("dyad4_circshift");
    const x = generate(golden.generator);
    expectInput(x, golden.input_check);
    const { window, hop, order, freqs, fs, bands } = golden;
    const samples = golden.generator.samples;
    const shape = { nA: 2, nB: 2, order };
    const moments = (part: Float64Array) => {
      const out = new LagMoments(2, order);
      out.addWindow(part, window);
      return out;
    };
    const cross = new Float64Array((2 * (order + 1)) ** 2);
    const gram = new Float64Array((4 * (order + 1)) ** 2);
    const solver = new MomentSolver(4, order);
    const coefficients = new Float64Array(order * 16);
    const noiseCovariance = new Float64Array(16);
    let worst = 0;
    for (const expected of golden.surrogates) {
      const rolled = x.map((_, at) => {
        const c = Math.floor(at / samples);
        const t = ((((at % samples) - expected.shift) % samples) + samples) % samples;
        return x[c * samples + t]!;
      });
      const sums: Record<string, number[]> = {};
      let nWindows = 0;
      for (let start = 0; start + window <= samples; start += hop, nWindows++) {
        const adult = demeaned(cutWindow(x, samples, [0, 1], start, window), 2);
        const infant = demeaned(cutWindow(rolled, samples, [2, 3], start, window), 2);
        crossLagMoments(cross, adult, infant, shape);
        assembleGram(gram, moments(adult).gram, moments(infant).gram, cross, shape);
        expect(solver.execute(gram, window - order, coefficients, noiseCovariance)).toBe("ok");
        const gpdc = textbookGpdc({ nChannels: 4, order, coefficients, noiseCovariance }, freqs, fs);
        for (const band of Object.keys(bands)) {
          sums[band] ??= new Array(16).fill(0);
          for (const [at, value] of bandMeans(gpdc, freqs, bands[band]).entries()) sums[band][at]! += value;
        }
      }
      expect(nWindows).toBe(expected.n_windows);
      for (const band of Object.keys(bands)) {
        const reference = expected[band].flat();
        for (const [at, sum] of sums[band]!.entries())
          worst = Math.max(worst, Math.abs(sum / nWindows - reference[at]));
      }
    }
    expect(worst).toBeLessThan(1e-8);
  });
});

describeWithShared("fitMvar in short windows", () => {
  const golden = readCase("short_windows");
  const x = generate(golden.generator);
  const { channels: nChannels, samples } = golden.generator;
  for (const { window, order, rows, expect: wanted, estimates } of golden.cases) {
    const head = cutWindow(x, samples, [0, 1, 2, 3], 0, window);
    test(`${window} samples at order ${order}: ${wanted}`, () => {
      if (!wanted.startsWith("finite")) {
        for (const estimator of ["ols", "nuttall-strand", "vieira-morf", "yule-walker", "biosig7"] as const) {
          const model = fitMvar([head], { nChannels, order, estimator });
          expect(model.status).toBe("insufficient-data");
          expect(model.nObservations).toBe(rows);
        }
        return;
      }
      for (const [key, expected] of Object.entries<Estimate>(estimates)) {
        const model = fitMvar([head], { nChannels, order, ...ESTIMATORS[key] });
        expect(model.nObservations).toBe(rows);
        expect(model.status).toBe(expected.spectral_radius < 1 ? "ok" : "unstable");
        expect(Math.abs(model.spectralRadius - expected.spectral_radius)).toBeLessThan(1e-8);
        expect(gpdcError(model, golden, expected)).toBeLessThan(1e-8);
      }
    });
  }
});

describeWithShared("fitMvar on badly conditioned data", () => {
  const { cases } = readCase("illcond");
  const find = (name: string) => cases.find((c: { case: string }) => c.case === name);

  /** One section after the other, direct form 2 transposed. */
  function filterSections(x: Float64Array, nSamples: number, sections: number[][]): void {
    for (let start = 0; start < x.length; start += nSamples) {
      for (const [b0, b1, b2, , a1, a2] of sections as [number, number, number, number, number, number][]) {
        let z1 = 0;
        let z2 = 0;
        for (let t = start; t < start + nSamples; t++) {
          const input = x[t]!;
          const output = b0 * input + z1;
          z1 = b1 * input - a1 * output + z2;
          z2 = b2 * input - a2 * output;
          x[t] = output;
        }
      }
    }
  }

  function input(name: string): Float64Array {
    const { generator, transform } = find(name);
    const { samples } = generator;
    const x = generate(generator);
    if (transform.sosfilt) filterSections(x, samples, transform.sosfilt);
    for (let at = 0; at < x.length; at++) {
      const c = Math.floor(at / samples);
      if (transform.mul_per_channel) x[at]! *= transform.mul_per_channel[c];
      if (transform.add_per_channel) x[at]! += transform.add_per_channel[c];
      if (name === "near_constant_channel" && c === 3) x[at] = 7.5 + 1e-9 * x[at]!;
      if (name === "flat_channel" && c === 3) x[at] = 0;
      if (name === "duplicate_channel" && c === 3) x[at] = x[at - 2 * samples]!;
    }
    return x;
  }

  for (const name of ["dc_offset", "scales", "bandlimited"]) {
    test(`${name}: ${find(name).expect}`, () => {
      const golden = find(name);
      const x = input(name);
      expectInput(x, golden.input_check);
      const model = fitMvar([x], { nChannels: 4, order: golden.order });
      const expected: Estimate = golden.estimates.ols_demean;
      expect(model.status).toBe("ok");
      expect(relativeError(model.coefficients, expected.A!.flat(2))).toBeLessThan(1e-7);
      expect(relativeError(model.noiseCovariance, expected.sigma!.flat())).toBeLessThan(1e-7);
      expect(Math.abs(model.spectralRadius - expected.spectral_radius)).toBeLessThan(1e-8);
      expect(gpdcError(model, golden, expected)).toBeLessThan(name === "bandlimited" ? 1e-7 : 1e-9);
    });
  }

  test("band-limited data go through QR and say how badly conditioned they are", () => {
    const model = fitMvar([input("bandlimited")], { nChannels: 4, order: 8 });
    expect(model.solver).toBe("qr");
    expect(model.conditionEstimate).toBeGreaterThan(1e5);
  });

  for (const name of ["near_constant_channel", "flat_channel", "duplicate_channel"]) {
    test(`${name}: ${find(name).expect}`, () => {
      const x = input(name);
      expectInput(x, find(name).input_check);
      for (const estimator of ["ols", "nuttall-strand", "vieira-morf", "yule-walker", "biosig7"] as const)
        expect(fitMvar([x], { nChannels: 4, order: 8, estimator }).status).toBe("not-positive-definite");
      const model = fitMvar([x], { nChannels: 4, order: 8 });
      for (const value of [...model.coefficients, ...model.noiseCovariance, model.spectralRadius])
        expect(value).toSatisfy(Number.isFinite);
    });
  }

  test("beside a flat channel the others get the fit without it", () => {
    const golden = find("flat_channel");
    const model = fitMvar([input("flat_channel")], { nChannels: 4, order: 8 });
    const pick = (matrix: Float64Array) => matrix.filter((_, at) => at % 4 < 3 && Math.floor(at / 4) % 4 < 3);
    const three: FittedMvar = {
      ...model,
      nChannels: 3,
      coefficients: pick(model.coefficients),
      noiseCovariance: pick(model.noiseCovariance),
    };
    expect(gpdcError(three, golden, golden.three_channel_fit)).toBeLessThan(1e-9);
    expect(Math.abs(model.spectralRadius - golden.three_channel_fit.spectral_radius)).toBeLessThan(1e-9);
  });
});
