import {
  bandMean,
  binomialInterval,
  blockShuffle,
  counterRandom,
  fitMvar,
  frequencyGrid,
  gpdc,
  kolmogorovSmirnovUniform,
  permutationP,
  runPreservingShuffle,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import { type DyadMatrix, simulateDyadMatrix } from "./index.ts";

const WINDOW = 200;
const ORDER = 3;
const N_SURROGATES = 19;
const frequencies = frequencyGrid({ samplingRate: 200, nfft: 256 }).filter((f) => f >= 6 && f < 9);

/** Mean squared GPDC 6-9 Hz over windows, infant window `order[i]` beside adult window `i`, in both directions. */
function coupling(
  dyad: DyadMatrix,
  hop: number,
  order: ArrayLike<number>,
): { toInfant: number; toAdult: number } {
  const { data, nSamples } = dyad;
  const window = new Float64Array(4 * WINDOW);
  let toInfant = 0;
  let toAdult = 0;
  for (let i = 0; i < order.length; i++) {
    for (let c = 0; c < 4; c++) {
      const start = c * nSamples + hop * (c < 2 ? i : order[i]!);
      window.set(data.subarray(start, start + WINDOW), c * WINDOW);
    }
    const model = fitMvar([window], { nChannels: 4, order: ORDER, demean: true });
    const m = bandMean(gpdc(model, { samplingRate: 200, frequencies }), {
      low: 6,
      high: 9,
      edges: "half-open",
      squared: true,
    });
    toInfant += m[8]! + m[9]! + m[12]! + m[13]!;
    toAdult += m[2]! + m[3]! + m[6]! + m[7]!;
  }
  return { toInfant, toAdult };
}

/** p-values of both directions for one simulated dyad. */
function testDyad(seed: number, strength: number, hop: number): { toInfant: number; toAdult: number } {
  const dyad = simulateDyadMatrix({
    seed,
    durationSeconds: 16,
    persons: [
      { id: "adult", role: "adult", backgroundPole: 0 },
      { id: "infant", role: "infant", backgroundPole: 0 },
    ],
    coupling: [{ from: "adult", to: "infant", strength }],
  });
  const n = Math.floor((dyad.nSamples - WINDOW) / hop) + 1;
  const minimumShift = WINDOW / hop;
  const observed = coupling(
    dyad,
    hop,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  const surrogates = Array.from({ length: N_SURROGATES }, (_, k) => {
    const uniform = counterRandom(seed, "adult", "infant", k);
    const order =
      hop < WINDOW
        ? runPreservingShuffle([n], { segmentLength: 8, minimumShift, uniform })
        : blockShuffle(n, { minimumShift, uniform });
    return coupling(dyad, hop, order);
  });
  return {
    toInfant: permutationP(
      observed.toInfant,
      surrogates.map((s) => s.toInfant),
    ),
    toAdult: permutationP(
      observed.toAdult,
      surrogates.map((s) => s.toAdult),
    ),
  };
}

describe("p-values of simulated dyads against shuffled windows", () => {
  const levels = N_SURROGATES + 1;

  test.each([
    ["blockShuffle, windows side by side", 200, 100],
    ["runPreservingShuffle, windows half over each other", 100, 60],
  ])("are uniform without coupling: %s", (_, hop, nDyads) => {
    const p = Array.from({ length: nDyads }, (_, d) => testDyad(100 + d, 0, hop));
    const { low, high } = binomialInterval(nDyads, 0.05, 0.999);
    for (const direction of ["toInfant", "toAdult"] as const) {
      const values = p.map((dyad) => dyad[direction]);
      expect(kolmogorovSmirnovUniform(values, { levels }).p).toBeGreaterThan(0.001);
      const rejected = values.filter((value) => value <= 0.05).length;
      expect(rejected).toBeGreaterThanOrEqual(low);
      expect(rejected).toBeLessThanOrEqual(high);
    }
  });

  test("find the planted direction and not the other", () => {
    const p = Array.from({ length: 15 }, (_, d) => testDyad(500 + d, 0.1, 200));
    expect(p.every(({ toInfant }) => toInfant <= 0.05)).toBe(true);
    expect(p.filter(({ toAdult }) => toAdult <= 0.05).length).toBeLessThanOrEqual(
      binomialInterval(15, 0.05, 0.999).high,
    );
  });
});
