import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { type AnalyticSignal, hilbert } from "../spectral/index.ts";
import { crossFrequencyPlv } from "./cross-frequency.ts";
import { PhaseMatrixPlan, type PhaseMeasure, phaseMatrix } from "./phase-matrix-plan.ts";
import * as measures from "./phase-measures.ts";

const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const total = (values: number[]): number => values.reduce((sum, x) => sum + x, 0);
const angles = ({ real, imaginary }: AnalyticSignal): number[] =>
  Array.from(real, (re, t) => Math.atan2(imaginary[t], re));
const amplitudes = ({ real, imaginary }: AnalyticSignal): number[] =>
  Array.from(real, (re, t) => Math.hypot(re, imaginary[t]));
const pearson = (a: number[], b: number[]): number => {
  const x = a.map((v) => v - mean(a));
  const y = b.map((v) => v - mean(b));
  return (
    total(x.map((v, t) => v * y[t])) / Math.sqrt(total(x.map((v) => v * v)) * total(y.map((v) => v * v)))
  );
};

/** Every measure as a textbook has it, with trigonometry and no shared sums. */
function textbook(measure: PhaseMeasure, a: AnalyticSignal, b: AnalyticSignal): number {
  const alpha = angles(a);
  const beta = angles(b);
  const n = alpha.length;
  const c = mean(alpha.map((x, t) => Math.cos(x - beta[t])));
  const s = mean(alpha.map((x, t) => Math.sin(x - beta[t])));
  const re = alpha.map((_, t) => a.real[t] * b.real[t] + a.imaginary[t] * b.imaginary[t]);
  const im = alpha.map((_, t) => a.imaginary[t] * b.real[t] - a.real[t] * b.imaginary[t]);
  const norm = Math.sqrt(total(amplitudes(a).map((x) => x * x)) * total(amplitudes(b).map((x) => x * x)));
  const centredSine = (phases: number[], m: number) => phases.map((x) => Math.sin(x - m));
  const uncentred = (x: number[], y: number[]) =>
    total(x.map((v, t) => v * y[t])) / Math.sqrt(total(x.map((v) => v * v)) * total(y.map((v) => v * v)));
  const circularMean = (phases: number[]) =>
    Math.atan2(mean(phases.map(Math.sin)), mean(phases.map(Math.cos)));
  switch (measure) {
    case "plv":
      return Math.hypot(c, s);
    case "ppc": {
      let sum = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) if (i !== j) sum += Math.cos(alpha[i] - beta[i] - alpha[j] + beta[j]);
      return sum / (n * (n - 1));
    }
    case "ciplv":
      return Math.abs(s) / Math.sqrt(1 - c * c);
    case "pli":
      return Math.abs(mean(im.map(Math.sign)));
    case "wpli":
      return Math.abs(total(im)) / total(im.map(Math.abs));
    case "wpli-signed":
      return total(im) / total(im.map(Math.abs));
    case "wpli-debiased": {
      let sum = 0;
      let weights = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          if (i !== j) {
            sum += im[i] * im[j];
            weights += Math.abs(im[i] * im[j]);
          }
      return sum / weights;
    }
    case "circular-correlation":
      return uncentred(centredSine(alpha, circularMean(alpha)), centredSine(beta, circularMean(beta)));
    case "adjusted-circular-correlation": {
      const difference = circularMean(alpha.map((x, t) => x - beta[t]));
      const sum = circularMean(alpha.map((x, t) => x + beta[t]));
      return uncentred(centredSine(alpha, (sum + difference) / 2), centredSine(beta, (sum - difference) / 2));
    }
    case "coherence":
      return Math.hypot(total(re), total(im)) / norm;
    case "imaginary-coherence":
      return Math.abs(total(im)) / norm;
    case "imaginary-coherence-signed":
      return total(im) / norm;
    case "envelope-correlation":
      return pearson(amplitudes(a), amplitudes(b));
  }
}

const pairFunctions: Record<PhaseMeasure, (a: AnalyticSignal, b: AnalyticSignal) => number> = {
  plv: measures.plv,
  ppc: measures.ppc,
  ciplv: measures.ciplv,
  pli: measures.pli,
  wpli: measures.wpli,
  "wpli-signed": measures.wpliSigned,
  "wpli-debiased": measures.wpliDebiased,
  "circular-correlation": measures.circularCorrelation,
  "adjusted-circular-correlation": measures.adjustedCircularCorrelation,
  coherence: measures.coherence,
  "imaginary-coherence": measures.imaginaryCoherence,
  "imaginary-coherence-signed": measures.imaginaryCoherenceSigned,
  "envelope-correlation": measures.envelopeCorrelation,
};
const all = Object.keys(pairFunctions) as PhaseMeasure[];

/** Coupled noise: every channel shares a part with the others, delayed. */
function coupledNoise(seed: number, nChannels: number, nSamples: number): AnalyticSignal {
  const gauss = irwinHall(mulberry32(seed));
  const common = Float64Array.from({ length: nSamples + nChannels }, gauss);
  const data = Float64Array.from(
    { length: nChannels * nSamples },
    (_, i) => gauss() + common[(i % nSamples) + Math.floor(i / nSamples)],
  );
  return hilbert(data, nChannels);
}

const channel = ({ real, imaginary }: AnalyticSignal, c: number, n: number): AnalyticSignal => ({
  real: real.slice(c * n, (c + 1) * n),
  imaginary: imaginary.slice(c * n, (c + 1) * n),
});

describe.each(all)("%s", (measure) => {
  test.each([
    [9, 31],
    [5, 83],
    [4, 64],
    [2, 3],
  ])(
    "%i channels of %i samples: matrix and pair function agree with the textbook formula",
    (nChannels, n) => {
      const signals = coupledNoise(n, nChannels, n);
      const matrix = phaseMatrix(measure, signals, nChannels);
      for (let i = 0; i < nChannels; i++)
        for (let j = 0; j < nChannels; j++) {
          if (i === j) continue;
          const expected = textbook(measure, channel(signals, i, n), channel(signals, j, n));
          expect(Math.abs(matrix[i * nChannels + j] - expected)).toBeLessThan(1e-10);
          const pair = pairFunctions[measure](channel(signals, i, n), channel(signals, j, n));
          expect(Math.abs(pair - expected)).toBeLessThan(1e-10);
        }
    },
  );

  test("a signal with itself: full synchrony, no lag", () => {
    const signal = coupledNoise(3, 1, 50);
    const isLag = /ciplv|pli|imaginary/.test(measure);
    expect(pairFunctions[measure](signal, signal)).toBeCloseTo(isLag ? 0 : 1, 12);
    expect(Object.is(phaseMatrix(measure, signal, 1)[0], -0)).toBe(false);
  });

  test("a dead or broken channel is NaN in its row and column and leaves the others alone", () => {
    const signals = coupledNoise(5, 3, 40);
    const whole = phaseMatrix(measure, signals, 3);
    for (const value of [0, Number.NaN]) {
      const broken = { real: signals.real.slice(), imaginary: signals.imaginary.slice() };
      broken.real.fill(value, 40, 80);
      broken.imaginary.fill(value, 40, 80);
      const matrix = phaseMatrix(measure, broken, 3);
      for (const at of [1, 3, 4, 5, 7]) expect(matrix[at]).toBeNaN();
      for (const at of [0, 2, 6, 8]) expect(matrix[at]).toBe(whole[at]);
    }
  });

  test("scaling a channel changes nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (factor) => {
        const signals = coupledNoise(8, 2, 40);
        const scaled = { real: signals.real.slice(), imaginary: signals.imaginary.slice() };
        for (let t = 40; t < 80; t++) {
          scaled.real[t] *= factor;
          scaled.imaginary[t] *= factor;
        }
        const before = phaseMatrix(measure, signals, 2);
        phaseMatrix(measure, scaled, 2).forEach((x, i) => {
          expect(Math.abs(x - before[i])).toBeLessThan(1e-10);
        });
      }),
      { numRuns: 30 },
    );
  });
});

test("a constant lag: locked, led by the first, blind where zero lag is discarded", () => {
  const phases = Float64Array.from({ length: 200 }, (_, t) => 0.3 * t + Math.sin(t / 7));
  const later = phases.map((x) => x - 0.6);
  expect(measures.plv(phases, later)).toBeCloseTo(1, 12);
  expect(measures.ppc(phases, later)).toBeCloseTo(1, 12);
  expect(measures.pli(phases, later)).toBe(1);
  const z = (p: Float64Array) => ({ real: p.map(Math.cos), imaginary: p.map(Math.sin) });
  expect(measures.wpliSigned(z(phases), z(later))).toBeCloseTo(1, 12);
  expect(measures.wpliSigned(z(later), z(phases))).toBeCloseTo(-1, 12);
  expect(measures.imaginaryCoherenceSigned(z(phases), z(later))).toBeCloseTo(Math.sin(0.6), 12);
  expect(measures.plv(phases, phases)).toBeCloseTo(1, 12);
  expect(measures.ciplv(phases, phases)).toBe(0);
});

test("a 3:2 locking across frequencies is found at 3:2 and nowhere else; 1:1 is the PLV", () => {
  const infant = Float64Array.from(
    { length: 1000 },
    (_, t) => (2 * Math.PI * 6 * t) / 200 + 0.4 * Math.sin(t / 50),
  );
  const adult = infant.map((phase) => 1.5 * phase + 0.7);
  expect(crossFrequencyPlv(infant, adult, 3, 2)).toBeCloseTo(1, 10);
  expect(crossFrequencyPlv(infant, adult, 2, 3)).toBeLessThan(0.1);
  expect(crossFrequencyPlv(infant, adult, 1, 1)).toBeCloseTo(measures.plv(infant, adult), 12);
  const silent = { real: new Float64Array(1000), imaginary: new Float64Array(1000) };
  expect(crossFrequencyPlv(infant, silent, 3, 2)).toBeNaN();
  expect(() => crossFrequencyPlv(infant, adult, 1.5, 1)).toThrow(OptionError);
  expect(() => crossFrequencyPlv(infant, adult.slice(1), 3, 2)).toThrow(ShapeError);
});

test("circular correlation keeps its sign: mirrored phases are negative", () => {
  const gauss = irwinHall(mulberry32(2));
  const phases = Float64Array.from({ length: 300 }, () => 0.5 * gauss());
  const mirrored = phases.map((x) => 1 - x);
  expect(measures.circularCorrelation(phases, mirrored)).toBeCloseTo(-1, 12);
  expect(measures.adjustedCircularCorrelation(phases, mirrored)).toBeCloseTo(-1, 12);
});

test("PPC of independent phases is zero on average where PLV is not", () => {
  const uniform = mulberry32(4);
  const random = () => Float64Array.from({ length: 20 }, () => 2 * Math.PI * uniform());
  let sumOfPpc = 0;
  let sumOfPlv = 0;
  for (let k = 0; k < 2000; k++) {
    const a = random();
    const b = random();
    sumOfPpc += measures.ppc(a, b) / 2000;
    sumOfPlv += measures.plv(a, b) / 2000;
  }
  // SD of one PPC is about 1/N = 0.05, of the mean of 2000 about 0.0011.
  expect(Math.abs(sumOfPpc)).toBeLessThan(0.005);
  expect(sumOfPlv).toBeGreaterThan(0.15);
});

test("phases that agree but for rounding have no corrected imaginary locking", () => {
  const signal = coupledNoise(6, 1, 100);
  const scaled = { real: signal.real.map((x) => x * 3.3), imaginary: signal.imaginary.map((x) => x * 3.3) };
  expect(measures.ciplv(signal, scaled)).toBe(0);
});

test("a plan gives the same numbers again after other data went through it", () => {
  for (const measure of all) {
    const plan = new PhaseMatrixPlan(measure, 3, 30);
    const first = new Float64Array(9);
    const again = new Float64Array(9);
    plan.execute(first, coupledNoise(1, 3, 30));
    plan.execute(again, coupledNoise(2, 3, 30));
    expect(again).not.toEqual(first);
    plan.execute(again, coupledNoise(1, 3, 30));
    expect(again).toEqual(first);
  }
});

test("wrong shapes and sizes are errors", () => {
  const signal = coupledNoise(1, 1, 10);
  expect(() => measures.plv(signal, coupledNoise(1, 1, 9))).toThrow(ShapeError);
  expect(() => measures.plv(new Float64Array(0), new Float64Array(0))).toThrow(ShapeError);
  expect(() => new PhaseMatrixPlan("plv", 0, 10)).toThrow(OptionError);
  expect(() => new PhaseMatrixPlan("plv", 2, 10).execute(new Float64Array(4), signal)).toThrow(ShapeError);
});
