import { circularShift, circularShifts, counterRandom, directionMeans, MvarPlan } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { joinAll, SAMPLING_RATE, toRows } from "../inputs/eeg.ts";
import { circularShiftPlain } from "../peers/plain-surrogates.ts";
import {
  directions,
  N_BANDS,
  N_CHANNELS,
  N_SAMPLES,
  N_SURROGATES,
  newFit,
  ORDER,
  study,
  tenMinutes,
} from "./surrogate-record.ts";

const HOP = 100;
/** Surrogates that are timed, for us, for numpy and for plain arrays; the time given is that of all 1000. */
const N_OURS = 4;
const N_PYTHON = 2;
const N_PLAIN = 1;

/** (e), window by window: the infant's record rotated, 1199 windows of 1 s fitted for each of the surrogates. */
export async function circularShiftKernel(python: PythonPeers | string): Promise<KernelBenchmark> {
  const record = tenMinutes();
  const nTotal = record.length / N_CHANNELS;
  const shifts = Float64Array.from(
    circularShifts(nTotal, {
      minimumShift: 10 * SAMPLING_RATE,
      uniform: counterRandom(3, "bench"),
      count: N_OURS,
    }),
  );
  const rows = toRows(record, N_CHANNELS);
  const shifted = record.slice();
  const window = new Float64Array(N_CHANNELS * N_SAMPLES);
  const mvar = new MvarPlan({ nChannels: N_CHANNELS, order: ORDER, nSamples: N_SAMPLES });
  const fit = newFit();
  const coefficients = new Float64Array(ORDER * N_CHANNELS * N_CHANNELS);
  const noise = new Float64Array(N_CHANNELS * N_CHANNELS);
  const means = new Float64Array(directions.length * N_BANDS);
  const draw = (shift: number): Float64Array => {
    for (let c = 2; c < N_CHANNELS; c++)
      circularShift(
        record.subarray(c * nTotal, (c + 1) * nTotal),
        shift,
        shifted.subarray(c * nTotal, (c + 1) * nTotal),
      );
    const sum = new Float64Array(means.length);
    let nWindows = 0;
    for (let first = 0; first + N_SAMPLES <= nTotal; first += HOP, nWindows++) {
      for (let c = 0; c < N_CHANNELS; c++) {
        const from = c * nTotal + first;
        window.set(shifted.subarray(from, from + N_SAMPLES), c * N_SAMPLES);
      }
      mvar.execute(window, coefficients, noise);
      fit.measure(coefficients, noise);
      directionMeans(means, fit.matrices, directions, N_CHANNELS);
      for (let i = 0; i < sum.length; i++) sum[i]! += means[i]!;
    }
    return sum.map((value) => value / nWindows);
  };
  const plain = (): number[] =>
    [...shifts.subarray(0, N_PLAIN)].flatMap((shift) =>
      circularShiftPlain(rows, shift, { length: N_SAMPLES, hop: HOP }, study),
    );
  const rivals = await pythonRivals(python, [
    {
      name: "numpy, batched",
      note: `All 1199 windows of a surrogate in one batch; timed on ${N_PYTHON} surrogates.`,
      case: "circular-shift",
      inputs: [
        { data: record, shape: [N_CHANNELS, nTotal] },
        { data: shifts.slice(0, N_PYTHON), shape: [N_PYTHON] },
      ],
      parameters: { order: ORDER, bands: study.bands, rate: study.rate, length: N_SAMPLES, hop: HOP },
      part: 1 / N_SURROGATES,
    },
  ]);
  return {
    name: "circular-shift",
    title:
      "(e) 1000 circular-shift surrogates of 10 minutes, 4 channels, order 8, 1199 windows each fitted alone",
    work: `${N_SURROGATES} surrogates`,
    unit: "s",
    ours: [
      inProcess({
        name: "attune",
        note: `MvarPlan and DirectedFit window by window; timed on ${N_OURS} surrogates.`,
        part: N_OURS / N_SURROGATES,
        result: () => joinAll([...shifts].map(draw)),
        run: () => shifts.reduce((sum, shift) => sum + draw(shift)[0]!, 0),
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: `The textbook in arrays of arrays; timed on ${N_PLAIN} surrogate.`,
        part: N_PLAIN / N_SURROGATES,
        isSlow: true,
        result: () => Float64Array.from(plain()),
        run: () => plain()[0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: [
      ...rivals.skipped,
      { peer: "SCoT", reason: "only (a) has a SCoT rival; this is (a) a million times over" },
    ],
    targets: [{ text: "at least 17 times SCoT on one core" }],
    anchors: [
      "SCoT 632 s (extrapolated), numpy batched 52.6 s, typed JS 35.9 s, wasm SIMD 7.9 s, C (SSE) 6.9 s, C (AVX-512) 2.4 s",
    ],
    millisecondsPerRound: 500,
  };
}
