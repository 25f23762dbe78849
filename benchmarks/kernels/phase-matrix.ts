import {
  type AnalyticSignal,
  butterworth,
  hilbert,
  PhaseMatrixPlan,
  type PhaseMeasure,
  sosfiltfilt,
} from "@attune/core";
import type { KernelBenchmark, Target } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { cutRecord, joinAll, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import type { Matrix } from "../peers/plain-autoregression.ts";
import type { PlainSignal } from "../peers/plain-phase.ts";

const N_SAMPLES = 200;
const N_EPOCHS = 60;
const BANDS = [
  [3, 6],
  [6, 9],
] as const;
/** The plain rival is timed on this many of the 120 matrices. */
const N_PLAIN = 6;

export interface PhaseKernel {
  readonly name: string;
  readonly title: string;
  readonly measure: PhaseMeasure;
  readonly nChannels: number;
  readonly pythonCase: string;
  readonly plain: (signals: PlainSignal[]) => Matrix;
  readonly targets: readonly Target[];
  readonly anchor: string;
}

/** (d): one undirected measure of all pairs of channels, 60 epochs in 2 bands of 200 samples: 120 matrices. */
export async function phaseKernel(
  python: PythonPeers | string,
  kernel: PhaseKernel,
): Promise<KernelBenchmark> {
  const { nChannels, measure } = kernel;
  const epochs = cutAnalytic(nChannels);
  const plainEpochs = epochs.slice(0, N_PLAIN).map((epoch) => toPlain(epoch, nChannels));
  const ours = (name: string, note: string, vectors: boolean) => {
    const plan = new PhaseMatrixPlan(measure, nChannels, N_SAMPLES, { vectors });
    const out = new Float64Array(nChannels * nChannels);
    return inProcess({
      name,
      note,
      result: () =>
        joinAll(
          epochs.map((epoch) => {
            plan.execute(out, epoch);
            return out.slice();
          }),
        ),
      run: () => {
        let sum = 0;
        for (const epoch of epochs) {
          plan.execute(out, epoch);
          sum += out[1]!;
        }
        return sum;
      },
    });
  };
  const shape = [epochs.length, nChannels, N_SAMPLES];
  const rivals = await pythonRivals(python, [
    {
      name: "numpy, batched",
      note: "All epochs in batched products (wPLI: all pairs of one epoch at a time).",
      case: kernel.pythonCase,
      inputs: [
        { data: joinAll(epochs.map(({ real }) => real)), shape },
        { data: joinAll(epochs.map(({ imaginary }) => imaginary)), shape },
      ],
    },
  ]);
  return {
    name: kernel.name,
    title: kernel.title,
    work: `${epochs.length} matrices`,
    unit: "ms",
    ours: [
      ours("attune", "PhaseMatrixPlan, which takes WebAssembly here: two channels a vector.", true),
      ours("attune, plain twin", "The same in JavaScript, to the bit.", false),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: `The definition pair by pair in arrays; timed on ${N_PLAIN} of the ${epochs.length} matrices.`,
        part: N_PLAIN / epochs.length,
        result: () => Float64Array.from(plainEpochs.flatMap((epoch) => kernel.plain(epoch).flat())),
        run: () => plainEpochs.reduce((sum, epoch) => sum + kernel.plain(epoch)[0]![1]!, 0),
      }),
      ...rivals.contenders,
    ],
    skipped: [...rivals.skipped, { peer: "HyPyP", reason: "not installed here" }],
    targets: kernel.targets,
    anchors: [kernel.anchor],
    millisecondsPerRound: 800,
  };
}

/** Band-passed analytic signals, filtered over the whole record and cut afterwards. */
function cutAnalytic(nChannels: number): AnalyticSignal[] {
  const record = simulateEeg(nChannels, N_SAMPLES * N_EPOCHS, 6);
  const nTotal = record.length / nChannels;
  return BANDS.flatMap((cutoff) => {
    const sections = butterworth({ kind: "bandpass", order: 2, cutoff, samplingRate: SAMPLING_RATE });
    const filtered = new Float64Array(record.length);
    for (let c = 0; c < nChannels; c++)
      filtered.set(sosfiltfilt(sections, record.slice(c * nTotal, (c + 1) * nTotal)), c * nTotal);
    const { real, imaginary } = hilbert(filtered, nChannels);
    const imaginaries = cutRecord(imaginary, nChannels, N_SAMPLES, N_SAMPLES);
    return cutRecord(real, nChannels, N_SAMPLES, N_SAMPLES).map((epoch, e) => ({
      real: epoch,
      imaginary: imaginaries[e]!,
    }));
  });
}

function toPlain({ real, imaginary }: AnalyticSignal, nChannels: number): PlainSignal[] {
  const imaginaries = toRows(imaginary, nChannels);
  return toRows(real, nChannels).map((row, c) => ({
    real: row,
    imaginary: imaginaries[c]!,
    phases: row.map((x, t) => Math.atan2(imaginaries[c]![t]!, x)),
  }));
}
