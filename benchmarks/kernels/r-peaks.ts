import { detectRPeaks } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { simulateEcg } from "../inputs/ecg.ts";

const SECONDS = 600;
const RATES = [500, 250, 360, 1000];

/**
 * (h): ten minutes of an infant's electrocardiogram, sample by sample through the detector, at four sampling rates, which must
 * agree to 0.6 ms.
 */
export async function rPeakKernel(): Promise<KernelBenchmark> {
  return {
    name: "r-peaks",
    title: "(h) R peaks of ten minutes of an infant's ECG",
    work: "ten minutes",
    unit: "ms",
    ours: RATES.map((samplingRate) => {
      const samples = simulateEcg("infant", samplingRate, SECONDS, 11);
      const detect = () => detectRPeaks(samples, { samplingRate, population: "infant" });
      return inProcess({
        name: `attune, ${samplingRate} Hz`,
        note: `${samples.length} samples; detectRPeaks, the streaming detector over the whole array.`,
        result: () => Float64Array.from(detect(), ({ time }) => time),
        run: () => detect().length,
      });
    }),
    peers: [],
    skipped: [],
    targets: [
      { text: "at least 2 million samples a second on one core: 150 ms for the 300 000 samples at 500 Hz" },
    ],
    anchors: [],
  };
}
