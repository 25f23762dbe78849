import { boxMuller, type MvarModel, mulberry32, simulateVar, spectralRadius } from "@attune/core";

/** [lag, sink, source, value] with channels counted from 1, as the papers print them. */
type Term = readonly [lag: number, sink: number, source: number, value: number];

/** Lab band edges on the eMVAR grid (nfft 256 at 200 Hz), both ends included: bins 3..7, 8..15 and 16..23. */
export const labBands = {
  delta: { low: 1.17, high: 2.74, edges: "closed" },
  theta: { low: 3.125, high: 5.86, edges: "closed" },
  alpha: { low: 6.25, high: 8.985, edges: "closed" },
} as const;

/** An MVAR model from printed equations; the noise is white with unit variance unless a covariance is given. */
export function varModel(nChannels: number, terms: readonly Term[], noise?: ArrayLike<number>): MvarModel {
  const n = nChannels;
  const order = Math.max(...terms.map(([lag]) => lag));
  const coefficients = new Float64Array(order * n * n);
  for (const [lag, sink, source, value] of terms) {
    const at = ((lag - 1) * n + sink - 1) * n + source - 1;
    coefficients[at] = (coefficients[at] ?? 0) + value;
  }
  const noiseCovariance = Float64Array.from(
    noise ?? Array.from({ length: n * n }, (_, q) => (q % (n + 1) === 0 ? 1 : 0)),
  );
  const radius = spectralRadius(coefficients, n, order);
  return {
    nChannels: n,
    order,
    coefficients,
    noiseCovariance,
    nObservations: Number.POSITIVE_INFINITY,
    spectralRadius: radius,
    status: radius < 1 ? "ok" : "unstable",
  };
}

export function withNoise(model: MvarModel, noiseCovariance: ArrayLike<number>): MvarModel {
  return { ...model, noiseCovariance: Float64Array.from(noiseCovariance) };
}

export function diagonalNoise(...variances: readonly number[]): number[] {
  const n = variances.length;
  return Array.from({ length: n * n }, (_, q) => (q % (n + 1) === 0 ? (variances[q / (n + 1)] ?? 0) : 0));
}

const root2 = Math.SQRT2;
const oscillator: Term[] = [
  [1, 1, 1, 0.95 * root2],
  [2, 1, 1, -0.9025],
];
const loop45: Term[] = [
  [1, 4, 4, 0.25 * root2],
  [1, 4, 5, 0.25 * root2],
  [1, 5, 4, -0.25 * root2],
  [1, 5, 5, 0.25 * root2],
];

/** Baccalá & Sameshima 2001, example 3: one oscillator drives three nodes; 4 and 5 form a loop. */
export const baccalaExample3 = varModel(5, [
  ...oscillator,
  [2, 2, 1, 0.5],
  [3, 3, 1, -0.4],
  [2, 4, 1, -0.5],
  ...loop45,
]);

const example4: Term[] = [...oscillator, [1, 2, 1, -0.5], [2, 3, 2, 0.4], [1, 4, 3, -0.5], ...loop45];

/** Example 4: a chain 1 > 2 > 3 > 4 into the loop. */
export const baccalaExample4 = varModel(5, example4);

/** Example 5: example 4 with feedback 5 > 1. */
export const baccalaExample5 = varModel(5, [...example4, [2, 1, 5, 0.5]]);

/** Schelter et al. 2005. */
export const schelter2005 = varModel(5, [
  [1, 1, 1, 0.6],
  [2, 1, 2, 0.65],
  [1, 2, 2, 0.5],
  [2, 2, 2, -0.3],
  [4, 2, 3, -0.3],
  [1, 2, 4, 0.6],
  [1, 3, 3, 0.8],
  [2, 3, 3, -0.7],
  [3, 3, 5, -0.1],
  [1, 4, 4, 0.5],
  [2, 4, 3, 0.9],
  [2, 4, 5, 0.4],
  [1, 5, 5, 0.7],
  [2, 5, 5, -0.5],
  [1, 5, 3, -0.2],
]);

/** Schelter et al. 2006. */
export const schelter2006 = varModel(5, [
  [1, 1, 1, 0.4],
  [2, 1, 1, -0.5],
  [1, 1, 5, 0.4],
  [1, 2, 2, 0.4],
  [4, 2, 1, -0.3],
  [2, 2, 5, 0.4],
  [1, 3, 3, 0.5],
  [2, 3, 3, -0.7],
  [3, 3, 5, -0.3],
  [3, 4, 4, 0.8],
  [2, 4, 1, 0.4],
  [2, 4, 2, 0.3],
  [1, 5, 5, 0.7],
  [2, 5, 5, -0.5],
  [1, 5, 4, -0.4],
]);

/** Schelter et al. 2009, first model. True links 2>1 1>3 2>3 1>4 5>4 4>5. */
export const schelter2009 = varModel(5, [
  [1, 1, 1, 0.9],
  [2, 1, 2, 0.3],
  [1, 2, 2, 1.3],
  [2, 2, 2, -0.8],
  [2, 3, 1, 0.3],
  [1, 3, 2, 0.6],
  [3, 4, 4, -0.7],
  [3, 4, 1, -0.7],
  [3, 4, 5, 0.3],
  [1, 5, 5, 1],
  [2, 5, 5, -0.4],
  [2, 5, 4, 0.3],
]);

/** Baccalá & Sameshima 2001b, model II. */
export const baccalaModel2 = varModel(6, [
  [1, 1, 1, 1.8982],
  [2, 1, 1, -0.9025],
  [2, 2, 1, 0.9],
  [2, 3, 2, 0.85],
  [2, 4, 1, 0.82],
  [3, 4, 6, 0.6],
  [2, 5, 6, -0.9],
  [4, 5, 2, 0.4],
  [2, 6, 5, 0.9],
]);

/** Two channels with a closed form: x = .6 x(-1) + .5 y(-1) + e1, y = .8 y(-1) + e2; channel 2 drives channel 1. */
export const bivariateClosedForm = varModel(2, [
  [1, 1, 1, 0.6],
  [1, 1, 2, 0.5],
  [1, 2, 2, 0.8],
]);

/**
 * The dyad benchmark at 200 Hz: adult left and right (10 Hz), infant left and right (7 Hz), links within each head, and
 * `adultToInfant` and `infantToAdult` between the left and between the right sides at a lag of two samples.
 */
export function dyadBenchmark(coupling: { adultToInfant?: number; infantToAdult?: number }): MvarModel {
  const { adultToInfant = 0, infantToAdult = 0 } = coupling;
  const samplingRate = 200;
  const radius = 0.95;
  const terms: Term[] = [10, 10, 7, 7].flatMap((frequency, c): Term[] => [
    [1, c + 1, c + 1, 2 * radius * Math.cos((2 * Math.PI * frequency) / samplingRate)],
    [2, c + 1, c + 1, -radius * radius],
  ]);
  terms.push([3, 2, 1, 0.15], [3, 4, 3, 0.15]);
  if (adultToInfant !== 0) terms.push([2, 3, 1, adultToInfant], [2, 4, 2, adultToInfant]);
  if (infantToAdult !== 0) terms.push([2, 1, 3, infantToAdult], [2, 2, 4, infantToAdult]);
  return varModel(4, terms, [1, 0.5, 0, 0, 0.5, 1, 0, 0, 0, 0, 1, 0.5, 0, 0, 0.5, 1]);
}

/** Seven independent white series, two of them 500 times larger: PDC sees links, GPDC does not. */
export const winterhalderDeviations = [500, 1, 500, 1, 1, 1, 1] as const;

/**
 * Guo et al. 2008: example 3 with two hidden inputs common to all nodes, a_i e6(t) + 2 e7(t-1) + 5 e7(t-2), as a model of
 * seven channels of which only the first five are recorded.
 */
export const guoWithHiddenInputs = varModel(
  7,
  [
    ...oscillator,
    [2, 2, 1, 0.5],
    [3, 3, 1, -0.4],
    [2, 4, 1, -0.5],
    ...loop45,
    ...[1, 2, 3, 4, 5].flatMap((node): Term[] => [
      [1, node, 7, 2],
      [2, node, 7, 5],
    ]),
  ],
  guoNoise([0.8, 0.6, 0.9, 0.4, 0.7]),
);

/** e_i + a_i e6: the input without a delay is a correlation of the noise. */
function guoNoise(a: readonly number[]): Float64Array {
  const n = 7;
  const noise = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    noise[i * n + i] = 1;
    for (let j = 0; j < n; j++) noise[i * n + j] = (noise[i * n + j] ?? 0) + (a[i] ?? 0) * (a[j] ?? 0);
  }
  return noise;
}

/** A seeded realisation, `[nChannels, nSamples]`, after 1000 samples of burn-in. */
export function simulate(model: MvarModel, options: { nSamples: number; seed: number }): Float64Array {
  return simulateVar({
    nChannels: model.nChannels,
    coefficients: model.coefficients,
    nSamples: options.nSamples,
    normal: boxMuller(mulberry32(options.seed)),
    noiseCholesky: choleskyFactor(model.noiseCovariance, model.nChannels),
  });
}

function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) value -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(value) : value / factor[j * n + j]!;
    }
  }
  return factor;
}
