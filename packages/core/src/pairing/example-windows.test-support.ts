/** Windows with known coupling for the tests of this folder. */
import { simulateVar, type VarTerm } from "../mvar/index.ts";
import { counterRandom, normal } from "../random/index.ts";
import { WindowSet } from "./window-set.ts";

/** Channels per person, in model order. */
export type People = readonly (readonly [id: string, nChannels: number])[];

export const adultAndInfant: People = [
  ["adult", 2],
  ["infant", 2],
];

export function windowSet(people: People, nSamples: number, windows: readonly Float64Array[]): WindowSet {
  return new WindowSet(
    people.map(([id, nChannels]) => ({ id, nChannels })),
    nSamples,
    windows,
  );
}

/** Independent noise everywhere. */
export function noiseWindows(
  people: People,
  nWindows: number,
  nSamples: number,
  ...key: (number | string)[]
): WindowSet {
  const draw = normal(counterRandom("pairing", ...key));
  const nChannels = people.reduce((sum, [, count]) => sum + count, 0);
  const windows = Array.from({ length: nWindows }, () =>
    Float64Array.from({ length: nChannels * nSamples }, draw),
  );
  return windowSet(people, nSamples, windows);
}

/** A stretch of an autoregressive process, cut into windows that do not overlap. */
export function processWindows(
  people: People,
  terms: readonly VarTerm[],
  nWindows: number,
  nSamples: number,
  seed: number,
  mixing: readonly (readonly [sink: number, source: number, value: number])[] = [],
): WindowSet {
  const nChannels = people.reduce((sum, [, count]) => sum + count, 0);
  const total = nWindows * nSamples;
  const x = simulateVar({
    nChannels,
    coefficients: terms,
    nSamples: total,
    burnIn: 300,
    normal: normal(counterRandom("process", seed)),
    mixing,
  });
  const windows = Array.from({ length: nWindows }, (_, w) => {
    const window = new Float64Array(nChannels * nSamples);
    for (let c = 0; c < nChannels; c++)
      window.set(x.subarray(c * total + w * nSamples, c * total + (w + 1) * nSamples), c * nSamples);
    return window;
  });
  return windowSet(people, nSamples, windows);
}

/** The dyad benchmark at 200 Hz: a 10 Hz adult, a 7 Hz infant, and a drive of strength g from adult to infant. */
export function dyadTerms(g: number): VarTerm[] {
  const terms: VarTerm[] = [
    [3, 1, 0, 0.15],
    [3, 3, 2, 0.15],
  ];
  for (let c = 0; c < 4; c++) {
    const hertz = c < 2 ? 10 : 7;
    terms.push([1, c, c, 2 * 0.95 * Math.cos((2 * Math.PI * hertz) / 200)], [2, c, c, -(0.95 ** 2)]);
  }
  if (g !== 0) terms.push([2, 2, 0, g], [2, 3, 1, g]);
  return terms;
}
