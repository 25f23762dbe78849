import { GpdcPlan, LagMoments, MomentSolver, MvarPlan } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { cutRecord, FREQUENCIES, joinAll, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import { fitPlain, gpdcPlain } from "../peers/plain-autoregression.ts";

const N_CHANNELS = 4;
const ORDER = 8;
const N_SAMPLES = 200;
const HOP = 20;
const N_WINDOWS = 500;
const SIZE = N_CHANNELS * N_CHANNELS;

/**
 * (a'): windows that begin 20 samples after each other, in order. Windows share nine tenths of their data; whether that is
 * made use of is up to the contender. Windows are not demeaned: a high-pass filter has been there before.
 */
export async function windowSlidingKernel(python: PythonPeers | string): Promise<KernelBenchmark> {
  const record = simulateEeg(N_CHANNELS, N_SAMPLES + HOP * (N_WINDOWS - 1), 2);
  const windows = cutRecord(record, N_CHANNELS, N_SAMPLES, HOP);
  const rows = windows.map((window) => toRows(window, N_CHANNELS));
  const fit = new MvarPlan({ nChannels: N_CHANNELS, order: ORDER, nSamples: N_SAMPLES, demean: false });
  const hops = new HopMoments(record);
  const solver = new MomentSolver(N_CHANNELS, ORDER);
  const gpdc = new GpdcPlan(N_CHANNELS, ORDER, FREQUENCIES, SAMPLING_RATE);
  const coefficients = new Float64Array(ORDER * SIZE);
  const noise = new Float64Array(SIZE);
  const variances = new Float64Array(N_CHANNELS);
  const out = new Float64Array(FREQUENCIES.length * SIZE);
  const measure = (): Float64Array => {
    for (let i = 0; i < N_CHANNELS; i++) variances[i] = noise[i * N_CHANNELS + i]!;
    gpdc.execute(out, coefficients, variances);
    return out;
  };
  const afresh = (w: number): Float64Array => {
    fit.execute(windows[w]!, coefficients, noise);
    return measure();
  };
  const byHops = (w: number): Float64Array => {
    const moments = hops.windowAt(w);
    solver.execute(moments.gram, moments.nRows, coefficients, noise);
    return measure();
  };
  const plain = (x: number[][]) => gpdcPlain(fitPlain(x, ORDER), FREQUENCIES, SAMPLING_RATE);
  const inTurn = (name: string, note: string, way: (w: number) => Float64Array) => {
    let next = 0;
    return inProcess({
      name,
      note,
      result: () => joinAll(windows.map((_, w) => way(w).slice())),
      run: () => {
        const value = way(next)[0]!;
        next = (next + 1) % N_WINDOWS;
        return value;
      },
    });
  };
  let next = 0;
  const rivals = await pythonRivals(python, [
    {
      name: "numpy, batched",
      note: `${N_WINDOWS} windows in one batch, each afresh; the time is that of one window.`,
      case: "windows",
      inputs: [{ data: joinAll(windows), shape: [N_WINDOWS, N_CHANNELS, N_SAMPLES] }],
      parameters: { order: ORDER, frequencies: [...FREQUENCIES], rate: SAMPLING_RATE, demean: false },
    },
  ]);
  return {
    name: "window-sliding",
    title: "(a') The same, each window 20 samples after the last",
    work: "one window",
    unit: "us",
    ours: [
      inTurn("attune", "MvarPlan and GpdcPlan, every window afresh.", afresh),
      inTurn(
        "attune, by hops",
        "LagMoments of every 20 samples once, summed per window; no refinement.",
        byHops,
      ),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: "The textbook in arrays of arrays, every window afresh.",
        result: () => Float64Array.from(rows.flatMap((x) => plain(x).flat(2))),
        run: () => plain(rows[next++ % N_WINDOWS]!)[0]![0]![0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: rivals.skipped,
    targets: [],
    anchors: ["typed JS 16.9 us, wasm SIMD 4.6 us, C (SSE) 3.8 us, C (AVX-512) 2.2 us"],
  };
}

/** Moments of stretches of 20 rows, each formed once and summed for every window that holds it. */
class HopMoments {
  readonly #record: Float64Array;
  readonly #nHops = N_SAMPLES / HOP - 1;
  readonly #hops = Array.from({ length: this.#nHops }, () => new LagMoments(N_CHANNELS, ORDER));
  readonly #held = new Int32Array(this.#nHops).fill(-1);
  readonly #window = new LagMoments(N_CHANNELS, ORDER);
  readonly #head = new Float64Array(N_CHANNELS * HOP);
  readonly #stretch = new Float64Array(N_CHANNELS * (ORDER + HOP));

  constructor(record: Float64Array) {
    this.#record = record;
  }

  /** The first rows of a window have no hop of their own: their past would lie outside of it. */
  windowAt(w: number): LagMoments {
    this.#window.clear();
    this.#window.addWindow(this.#copy(this.#head, w * HOP), HOP);
    for (let hop = w + 1; hop <= w + this.#nHops; hop++) this.#window.add(this.#hop(hop));
    return this.#window;
  }

  #hop(hop: number): LagMoments {
    const place = hop % this.#nHops;
    const moments = this.#hops[place]!;
    if (this.#held[place] !== hop) {
      moments.clear();
      moments.addWindow(this.#copy(this.#stretch, hop * HOP - ORDER), ORDER + HOP);
      this.#held[place] = hop;
    }
    return moments;
  }

  #copy(out: Float64Array, first: number): Float64Array {
    const nSamples = this.#record.length / N_CHANNELS;
    const length = out.length / N_CHANNELS;
    for (let c = 0; c < N_CHANNELS; c++)
      for (let t = 0; t < length; t++) out[c * length + t] = this.#record[c * nSamples + first + t]!;
    return out;
  }
}
