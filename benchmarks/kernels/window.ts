import { GpdcPlan, MvarPlan } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { cutRecord, FREQUENCIES, joinAll, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import { demean, fitPlain, gpdcPlain } from "../peers/plain-autoregression.ts";

const N_CHANNELS = 4;
const ORDER = 8;
const N_SAMPLES = 200;
const N_WINDOWS = 256;

/**
 * (a): the unit of everything else. One window of two adult and two infant channels to GPDC. On `broad` data everybody does
 * the same work; on `peaked` data, the usual case in EEG, core adds a refinement step that rivals do without.
 */
export async function windowKernel(
  python: PythonPeers | string,
  shape: "broad" | "peaked",
): Promise<KernelBenchmark> {
  const record = simulateEeg(N_CHANNELS, N_SAMPLES * N_WINDOWS, 1, shape);
  const windows = cutRecord(record, N_CHANNELS, N_SAMPLES, N_SAMPLES);
  const rows = windows.map((window) => toRows(window, N_CHANNELS));
  const fit = new MvarPlan({ nChannels: N_CHANNELS, order: ORDER, nSamples: N_SAMPLES });
  const gpdc = new GpdcPlan(N_CHANNELS, ORDER, FREQUENCIES, SAMPLING_RATE);
  const coefficients = new Float64Array(ORDER * N_CHANNELS * N_CHANNELS);
  const noise = new Float64Array(N_CHANNELS * N_CHANNELS);
  const variances = new Float64Array(N_CHANNELS);
  const out = new Float64Array(FREQUENCIES.length * N_CHANNELS * N_CHANNELS);
  const execute = (window: Float64Array): void => {
    fit.execute(window, coefficients, noise);
    for (let i = 0; i < N_CHANNELS; i++) variances[i] = noise[i * N_CHANNELS + i]!;
    gpdc.execute(out, coefficients, variances);
  };
  const plain = (x: number[][]) => gpdcPlain(fitPlain(demean(x), ORDER), FREQUENCIES, SAMPLING_RATE);
  let next = 0;
  const nCholesky = windows.filter((window) => {
    execute(window);
    return fit.solver === "cholesky";
  }).length;
  const inputs = [{ data: joinAll(windows), shape: [N_WINDOWS, N_CHANNELS, N_SAMPLES] }];
  const parameters = { order: ORDER, frequencies: [...FREQUENCIES], rate: SAMPLING_RATE };
  const rivals = await pythonRivals(python, [
    {
      name: "numpy, batched",
      note: `${N_WINDOWS} windows in one batch: batched products and solves; the time is that of one window.`,
      case: "windows",
      inputs,
      parameters,
    },
    {
      name: "numpy, one by one",
      note: "The same code called for one window, as a live session has to.",
      case: "one-window",
      inputs,
      parameters,
    },
    {
      name: "SCoT",
      note: "VAR.fit and Connectivity.GPDC, on the grid of 200 bins that SCoT evaluates.",
      case: "scot-window",
      inputs,
      parameters,
      needs: "scot",
    },
  ]);
  return {
    name: shape === "broad" ? "window" : "window-peaked",
    title: `(a) One window${shape === "broad" ? "" : " of peaked EEG"}: 4 channels, order 8, 200 samples, GPDC at 13 frequencies`,
    work: "one window",
    unit: "us",
    ours: [
      inProcess({
        name: "attune",
        note: `MvarPlan, GpdcPlan; ${nCholesky} of ${N_WINDOWS} windows by Cholesky alone, the others refined.`,
        result: () =>
          joinAll(
            windows.map((window) => {
              execute(window);
              return out.slice();
            }),
          ),
        run: () => {
          execute(windows[next++ % N_WINDOWS]!);
          return out[0]!;
        },
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: "The textbook in arrays of arrays: normal equations, Gaussian elimination, sums of cosines and sines.",
        result: () => Float64Array.from(rows.flatMap((x) => plain(x).flat(2))),
        run: () => plain(rows[next++ % N_WINDOWS]!)[0]![0]![0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: rivals.skipped,
    targets: [
      { text: "at least 20 times SCoT", ...(hasScot(python) ? { peer: "SCoT", atLeast: 20 } : {}) },
      { text: "at most 4 times the time of a C program with two doubles per vector" },
    ],
    anchors: [
      "SCoT 531 us, numpy batched 42.7 us, plain JS arrays 952 us, typed JS 23.6 us, wasm SIMD 5.5 us, C (SSE) 6.3 us, C (AVX-512) 2.9 us",
    ],
  };
}

const hasScot = (python: PythonPeers | string): boolean =>
  typeof python !== "string" && python.versions.scot !== undefined;
