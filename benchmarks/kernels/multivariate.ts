import { GpdcPlan, MvarPlan } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { FREQUENCIES, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import { demean, fitPlain, gpdcPlain } from "../peers/plain-autoregression.ts";

const ORDER = 5;

/** (b'): one model of all channels of both heads. */
export async function multivariateKernel(
  python: PythonPeers | string,
  nChannels: 32 | 64,
): Promise<KernelBenchmark> {
  const nSamples = nChannels === 32 ? 1000 : 2000;
  const window = simulateEeg(nChannels, nSamples, 4);
  const rows = toRows(window, nChannels);
  const fit = new MvarPlan({ nChannels, order: ORDER, nSamples });
  const gpdc = new GpdcPlan(nChannels, ORDER, FREQUENCIES, SAMPLING_RATE);
  const coefficients = new Float64Array(ORDER * nChannels * nChannels);
  const noise = new Float64Array(nChannels * nChannels);
  const variances = new Float64Array(nChannels);
  const out = new Float64Array(FREQUENCIES.length * nChannels * nChannels);
  const execute = (): Float64Array => {
    fit.execute(window, coefficients, noise);
    for (let i = 0; i < nChannels; i++) variances[i] = noise[i * nChannels + i]!;
    gpdc.execute(out, coefficients, variances);
    return out;
  };
  const plain = () => gpdcPlain(fitPlain(demean(rows), ORDER), FREQUENCIES, SAMPLING_RATE);
  const rivals = await pythonRivals(python, [
    {
      name: "numpy",
      note: "One product of the lagged rows, one solve; one thread.",
      case: "windows",
      inputs: [{ data: window, shape: [1, nChannels, nSamples] }],
      parameters: { order: ORDER, frequencies: [...FREQUENCIES], rate: SAMPLING_RATE },
    },
  ]);
  return {
    name: `multivariate-${nChannels}`,
    title: `(b') Full multivariate: ${nChannels} channels, order 5, ${nSamples} samples, GPDC at 13 frequencies`,
    work: "one window",
    unit: "ms",
    ours: [
      inProcess({
        name: "attune",
        note: "MvarPlan, GpdcPlan.",
        result: () => execute().slice(),
        run: () => execute()[0]!,
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: "The textbook in arrays of arrays.",
        result: () => Float64Array.from(plain().flat(2)),
        run: () => plain()[0]![0]![0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: rivals.skipped,
    targets: [],
    anchors: [
      nChannels === 32
        ? "SCoT 50.5 ms, numpy batched 1.72 ms, typed JS 4.3 ms, wasm SIMD 0.97 ms, C (SSE) 0.97 ms, C (AVX-512) 0.23 ms"
        : "SCoT 318 ms, numpy batched 8.3 ms, typed JS 36.6 ms, wasm SIMD 7.9 ms, C (SSE) 7.8 ms, C (AVX-512) 1.85 ms",
    ],
    millisecondsPerRound: 800,
  };
}
