import { MvarPlan } from "@attune/core";
import { CholeskyDecomposition, Matrix, solve } from "ml-matrix";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { cutRecord, joinAll, simulateEeg, toRows } from "../inputs/eeg.ts";
import { demean, fitPlain, laggedRows, targetRows, toLags } from "../peers/plain-autoregression.ts";

const N_CHANNELS = 4;
const ORDER = 8;
const N_SAMPLES = 200;
const N_WINDOWS = 64;

/** The least squares of (a) alone, against a matrix library. */
export async function windowFitKernel(): Promise<KernelBenchmark> {
  const record = simulateEeg(N_CHANNELS, N_SAMPLES * N_WINDOWS, 1);
  const windows = cutRecord(record, N_CHANNELS, N_SAMPLES, N_SAMPLES);
  const rows = windows.map((window) => toRows(window, N_CHANNELS));
  const fit = new MvarPlan({ nChannels: N_CHANNELS, order: ORDER, nSamples: N_SAMPLES });
  const coefficients = new Float64Array(ORDER * N_CHANNELS * N_CHANNELS);
  const noise = new Float64Array(N_CHANNELS * N_CHANNELS);
  const regression = (x: number[][]): [past: Matrix, present: Matrix] => {
    const centred = demean(x);
    return [new Matrix(laggedRows(centred, ORDER)), new Matrix(targetRows(centred, ORDER))];
  };
  const byQr = (x: number[][]): Matrix => solve(...regression(x));
  const byCholesky = (x: number[][]): Matrix => {
    const [past, present] = regression(x);
    const transposed = past.transpose();
    return new CholeskyDecomposition(transposed.mmul(past)).solve(transposed.mmul(present));
  };
  const inOrder = (solution: Matrix): number[] => toLags(solution.to2DArray(), N_CHANNELS).flat(2);
  let next = 0;
  const contender = (name: string, note: string, way: (x: number[][]) => Matrix) =>
    inProcess({
      name,
      note,
      result: () => Float64Array.from(rows.flatMap((x) => inOrder(way(x)))),
      run: () => way(rows[next++ % N_WINDOWS]!).get(0, 0),
    });
  return {
    name: "window-fit",
    title: "(a) The least squares of one window: 4 channels, order 8, 200 samples",
    work: "one window",
    unit: "us",
    ours: [
      inProcess({
        name: "attune",
        note: "MvarPlan; it gives the residual covariance too.",
        result: () =>
          joinAll(
            windows.map((window) => {
              fit.execute(window, coefficients, noise);
              return coefficients.slice();
            }),
          ),
        run: () => {
          fit.execute(windows[next++ % N_WINDOWS]!, coefficients, noise);
          return coefficients[0]!;
        },
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: "The textbook in arrays of arrays.",
        result: () => Float64Array.from(rows.flatMap((x) => fitPlain(demean(x), ORDER).coefficients.flat(2))),
        run: () => fitPlain(demean(rows[next++ % N_WINDOWS]!), ORDER).noiseVariances[0]!,
      }),
      contender("ml-matrix, solve", "ml-matrix's solve of the lagged rows (Householder QR).", byQr),
      contender(
        "ml-matrix, Cholesky",
        "ml-matrix's Cholesky decomposition of the normal equations.",
        byCholesky,
      ),
    ],
    skipped: [],
    targets: [],
    anchors: [],
  };
}
