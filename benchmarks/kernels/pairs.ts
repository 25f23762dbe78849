import { assembleGram, crossLagMoments, GpdcPlan, LagMoments, MomentSolver } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { FREQUENCIES, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import { demean, fitPlain, gpdcPlain } from "../peers/plain-autoregression.ts";

const ORDER = 8;
const N_SAMPLES = 200;
const PAIR = { nA: 1, nB: 1, order: ORDER } as const;
/** Numbers of one pair: `[frequency, sink, source]`. */
const SIZE = FREQUENCIES.length * 4;

/** (b): a bivariate model for every adult channel with every infant channel. */
export async function pairsKernel(python: PythonPeers | string, nPerHead: 16 | 32): Promise<KernelBenchmark> {
  const nChannels = 2 * nPerHead;
  const nPairs = nPerHead * nPerHead;
  const window = simulateEeg(nChannels, N_SAMPLES, 3);
  const rows = toRows(window, nChannels);
  const pairs = new AllPairs(nPerHead);
  const out = new Float64Array(nPairs * SIZE);
  const plain = (): number[] => {
    const centred = demean(rows);
    const values: number[] = [];
    for (const adult of centred.slice(0, nPerHead))
      for (const infant of centred.slice(nPerHead))
        values.push(...gpdcPlain(fitPlain([adult, infant], ORDER), FREQUENCIES, SAMPLING_RATE).flat(2));
    return values;
  };
  const rivals = await pythonRivals(python, [
    {
      name: "numpy, batched",
      note: "One product of all lagged channels, from which every pair takes its block; one batched solve.",
      case: "pairs",
      inputs: [{ data: window, shape: [nChannels, N_SAMPLES] }],
      parameters: { order: ORDER, frequencies: [...FREQUENCIES], rate: SAMPLING_RATE },
    },
  ]);
  return {
    name: `pairs-${nPerHead}`,
    title: `(b) ${nPerHead} + ${nPerHead} channels, all ${nPairs} pairs bivariate: order 8, 200 samples, GPDC at 13 frequencies`,
    work: `${nPairs} pairs`,
    unit: "ms",
    ours: [
      inProcess({
        name: "attune",
        note: "LagMoments per channel, crossLagMoments, MomentSolver and GpdcPlan per pair.",
        result: () => {
          pairs.execute(out, window);
          return out.slice();
        },
        run: () => {
          pairs.execute(out, window);
          return out[0]!;
        },
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: "The textbook in arrays of arrays, pair after pair.",
        result: () => Float64Array.from(plain()),
        run: () => plain()[0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: [
      ...rivals.skipped,
      { peer: "SCoT", reason: "only (a) has a SCoT rival; its pairs are (a) many times over" },
    ],
    targets: nPerHead === 32 ? [{ text: "at least 60 times SCoT" }] : [],
    anchors: [
      nPerHead === 32
        ? "SCoT 258 ms, numpy batched 6.9 ms, typed JS 4.0 ms, wasm SIMD 1.08 ms, C (SSE) 0.89 ms, C (AVX-512) 0.25 ms"
        : "SCoT 65.5 ms, numpy batched 1.90 ms, typed JS 1.05 ms, wasm SIMD 0.26 ms, C (SSE) 0.22 ms, C (AVX-512) 0.063 ms",
    ],
    millisecondsPerRound: 600,
  };
}

/** What core offers for pairs today: moments within a channel once, between channels per pair, then solve and transform. */
class AllPairs {
  readonly #nPerHead: number;
  readonly #centred: Float64Array[];
  readonly #within: LagMoments[];
  readonly #between = new Float64Array((ORDER + 1) ** 2);
  readonly #gram = new Float64Array((2 * (ORDER + 1)) ** 2);
  readonly #solver = new MomentSolver(2, ORDER);
  readonly #gpdc = new GpdcPlan(2, ORDER, FREQUENCIES, SAMPLING_RATE);
  readonly #coefficients = new Float64Array(ORDER * 4);
  readonly #noise = new Float64Array(4);
  readonly #variances = new Float64Array(2);
  readonly #values = new Float64Array(SIZE);

  constructor(nPerHead: number) {
    this.#nPerHead = nPerHead;
    this.#centred = Array.from({ length: 2 * nPerHead }, () => new Float64Array(N_SAMPLES));
    this.#within = this.#centred.map(() => new LagMoments(1, ORDER));
  }

  /** @param out `[adult channel, infant channel, frequency, sink, source]` */
  execute(out: Float64Array, window: Float64Array): void {
    for (let c = 0; c < this.#centred.length; c++) {
      const channel = this.#centred[c]!;
      centre(channel, window, c * N_SAMPLES);
      const moments = this.#within[c]!;
      moments.clear();
      moments.addWindow(channel, N_SAMPLES);
    }
    const nRows = N_SAMPLES - ORDER;
    for (let a = 0; a < this.#nPerHead; a++) {
      for (let b = 0; b < this.#nPerHead; b++) {
        const infant = this.#nPerHead + b;
        crossLagMoments(this.#between, this.#centred[a]!, this.#centred[infant]!, PAIR);
        assembleGram(this.#gram, this.#within[a]!.gram, this.#within[infant]!.gram, this.#between, PAIR);
        this.#solver.execute(this.#gram, nRows, this.#coefficients, this.#noise);
        this.#variances[0] = this.#noise[0]!;
        this.#variances[1] = this.#noise[3]!;
        this.#gpdc.execute(this.#values, this.#coefficients, this.#variances);
        out.set(this.#values, (a * this.#nPerHead + b) * SIZE);
      }
    }
  }
}

function centre(out: Float64Array, data: Float64Array, first: number): void {
  let sum = 0;
  for (let t = 0; t < out.length; t++) sum += data[first + t]!;
  const mean = sum / out.length;
  for (let t = 0; t < out.length; t++) out[t] = data[first + t]! - mean;
}
