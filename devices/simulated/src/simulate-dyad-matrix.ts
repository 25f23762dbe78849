import { NeuralProcess } from "./neural-process.ts";
import { ADULT_GAZE, type AdultGaze, INTERNAL_RATE, type SimulationOptions } from "./options.ts";
import { planSimulation } from "./simulate-dyad.ts";
import { type TrueModel, trueModel } from "./truth.ts";

/** The heads themselves, without amplifiers. */
export interface DyadMatrix {
  readonly nChannels: number;
  readonly nSamples: number;
  /** 200 Hz. */
  readonly samplingRate: number;
  /** `[nChannels, nSamples]`, microvolts, persons in the order of the options. Sample `n` is at `n / 200` s. */
  readonly data: Float64Array;
  readonly channels: readonly { readonly person: string; readonly channel: string }[];
  /** `[nSamples]`, the adult's gaze as an index of `ADULT_GAZE`: 0 direct, 1 averted. */
  readonly gaze: Uint8Array;
  readonly models: readonly TrueModel[];
}

const BLOCK = 512;

/**
 * The same process as `simulateDyad`, straight at its internal rate and without devices, artefacts or noise: the
 * quick way to thousands of dyads for a statistical test. What a device would read at `n / 200` s is `data[n]`.
 *
 * @throws OptionError as `simulateDyad` does
 */
export function simulateDyadMatrix(options: SimulationOptions): DyadMatrix {
  const { persons, regimes, switches, scale } = planSimulation(options);
  const nSamples = Math.round(options.durationSeconds * INTERNAL_RATE);
  const process = new NeuralProcess(persons, regimes, switches, options, BLOCK);
  const nChannels = process.nNodes;
  const data = new Float64Array(nChannels * nSamples);
  for (let first = 0; first < nSamples; first += BLOCK) {
    const length = Math.min(BLOCK, nSamples - first);
    process.advanceTo(first + length - 1);
    const start = process.offset(first);
    for (let i = 0; i < nChannels; i++) {
      const from = i * 2 * process.capacity + start;
      for (let n = 0; n < length; n++) data[i * nSamples + first + n] = scale[i]! * process.ring[from + n]!;
    }
  }
  const gaze = new Uint8Array(nSamples);
  for (const { firstSample, regime } of switches) gaze.fill(regime, firstSample);
  return {
    nChannels,
    nSamples,
    samplingRate: INTERNAL_RATE,
    data,
    channels: persons.flatMap(({ id, labels }) => labels.map((channel) => ({ person: id, channel }))),
    gaze,
    models: regimes.map(trueModel),
  };
}

/** The adult's gaze behind an entry of `DyadMatrix.gaze`. */
export function gazeName(index: number): AdultGaze {
  return ADULT_GAZE[index]!;
}
