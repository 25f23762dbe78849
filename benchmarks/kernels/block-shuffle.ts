import { blockShuffle, counterRandom, directionMeans, identityPairing, PairedMoments } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { joinAll } from "../inputs/eeg.ts";
import { blockShufflePlain } from "../peers/plain-surrogates.ts";
import {
  directions,
  expandUnits,
  N_BANDS,
  N_CHANNELS,
  N_SAMPLES,
  N_SURROGATES,
  newFit,
  ORDER,
  plainWindows,
  study,
  tenMinutes,
  windowSet,
} from "./surrogate-record.ts";

/** Windows that are exchanged as one, as a study of this length does: 150 units of 4. */
const UNIT = 4;
const N_PYTHON = 4;
const N_PLAIN = 1;

/** (e), pooled: 1000 surrogates in which the infant's windows stand in another order, one fit over all windows. */
export async function blockShuffleKernel(python: PythonPeers | string): Promise<KernelBenchmark> {
  const set = windowSet(tenMinutes());
  const nUnits = set.nWindows / UNIT;
  const orderOf = (s: number) =>
    blockShuffle(nUnits, { minimumShift: 1, uniform: counterRandom(1, "bench", s) });
  const orders = Array.from({ length: N_PYTHON }, (_, s) => expandUnits(orderOf(s), UNIT));
  const windows = plainWindows(set);
  const fit = newFit();
  const gram = new Float64Array(((ORDER + 1) * N_CHANNELS) ** 2);
  const means = new Float64Array(directions.length * N_BANDS);
  const draw = (nSurrogates: number, keep: (means: Float64Array) => void): void => {
    const moments = new PairedMoments(set, ORDER, UNIT);
    for (let s = 0; s < nSurrogates; s++) {
      const pairing = identityPairing(set, UNIT);
      pairing[1] = orderOf(s);
      moments.gram(gram, pairing);
      fit.execute(gram, moments.nRows);
      directionMeans(means, fit.matrices, directions, N_CHANNELS);
      keep(means);
    }
  };
  const collect = (nSurrogates: number): Float64Array => {
    const all: Float64Array[] = [];
    draw(nSurrogates, (drawn) => all.push(drawn.slice()));
    return joinAll(all);
  };
  const plain = (nSurrogates: number): number[] =>
    orders.slice(0, nSurrogates).flatMap((order) => blockShufflePlain(windows, order, study));
  const rivals = await pythonRivals(python, [
    {
      name: "numpy",
      note: `Exchange, one product of all lagged rows, one solve; timed on ${N_PYTHON} of the surrogates.`,
      case: "block-shuffle",
      inputs: [
        { data: joinAll(set.windows), shape: [set.nWindows, N_CHANNELS, N_SAMPLES] },
        { data: joinAll(orders), shape: [N_PYTHON, set.nWindows] },
      ],
      parameters: { order: ORDER, bands: study.bands, rate: study.rate },
      part: 1 / N_SURROGATES,
    },
  ]);
  return {
    name: "block-shuffle",
    title: "(e) 1000 surrogates of 10 minutes, 4 channels, order 8: pooled, windows of the infant exchanged",
    work: `${N_SURROGATES} surrogates`,
    unit: "s",
    ours: [
      inProcess({
        name: "attune",
        note: "PairedMoments (windows exchanged in units of 4, every pair of units computed once), DirectedFit; draws included.",
        result: () => collect(N_PYTHON),
        run: () => {
          let sum = 0;
          draw(N_SURROGATES, (drawn) => {
            sum += drawn[0]!;
          });
          return sum;
        },
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: `Everything fitted anew for every surrogate; timed on ${N_PLAIN} of them.`,
        part: N_PLAIN / N_SURROGATES,
        isSlow: true,
        result: () => Float64Array.from(plain(N_PLAIN)),
        run: () => plain(N_PLAIN)[0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: [...rivals.skipped, { peer: "SCoT", reason: "has no such null" }],
    targets: [],
    anchors: [],
    millisecondsPerRound: 500,
  };
}
