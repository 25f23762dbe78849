import { counterRandom, identityPairing, PairedMoments, permutation, ResidualShuffle } from "@attune/core";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { joinAll } from "../inputs/eeg.ts";
import { residualShufflePlain } from "../peers/plain-surrogates.ts";
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

const UNIT = 4;
const N_PYTHON = 10;
const N_PLAIN = 2;

/** (e), the primary null: 1000 draws in which the infant's residuals without the adult's past are exchanged. */
export async function residualShuffleKernel(python: PythonPeers | string): Promise<KernelBenchmark> {
  const set = windowSet(tenMinutes());
  const nUnits = set.nWindows / UNIT;
  const orderOf = (s: number) => permutation(nUnits, counterRandom(2, "bench", s));
  const orders = Array.from({ length: N_PYTHON }, (_, s) => expandUnits(orderOf(s), UNIT));
  const windows = plainWindows(set);
  const fit = newFit();
  const gram = new Float64Array(((ORDER + 1) * N_CHANNELS) ** 2);
  const out = new Float64Array(N_BANDS * N_CHANNELS * N_CHANNELS);
  const draw = (nSurrogates: number, keep: (matrices: Float64Array) => void): void => {
    const moments = new PairedMoments(set, ORDER, UNIT);
    moments.gram(gram, identityPairing(set, UNIT));
    fit.execute(gram, moments.nRows);
    const { coefficients, noiseCovariance } = fit;
    const pooled = { order: ORDER, gram, nRows: moments.nRows, coefficients, noiseCovariance };
    const shuffle = new ResidualShuffle(set, pooled, directions[0]!, fit.plan, UNIT);
    for (let s = 0; s < nSurrogates; s++) {
      shuffle.execute(out, orderOf(s));
      keep(out);
    }
  };
  const collect = (nSurrogates: number): Float64Array => {
    const links: number[] = [];
    draw(nSurrogates, (matrices) => {
      for (let band = 0; band < N_BANDS; band++)
        for (const sink of [2, 3])
          for (const source of [0, 1]) links.push(matrices[(band * 4 + sink) * 4 + source]!);
    });
    return Float64Array.from(links);
  };
  const drawPlain = residualShufflePlain(windows, study);
  const plain = (): number[] => orders.slice(0, N_PLAIN).flatMap(drawPlain);
  const rivals = await pythonRivals(python, [
    {
      name: "numpy",
      note: `Products with the exchanged residuals; timed on ${N_PYTHON} draws, without the fits before them.`,
      case: "residual-shuffle",
      inputs: [
        { data: joinAll(set.windows), shape: [set.nWindows, N_CHANNELS, N_SAMPLES] },
        { data: joinAll(orders), shape: [N_PYTHON, set.nWindows] },
      ],
      parameters: { order: ORDER, bands: study.bands, rate: study.rate },
      part: 1 / N_SURROGATES,
    },
  ]);
  return {
    name: "residual-shuffle",
    title: "(e) 1000 draws of the residual null, one direction, of 10 minutes, 4 channels, order 8",
    work: `${N_SURROGATES} draws`,
    unit: "s",
    ours: [
      inProcess({
        name: "attune",
        note: "The fits before, ResidualShuffle (units of 4 windows, every pair of units computed once); draws included.",
        result: () => collect(N_PYTHON),
        run: () => {
          let sum = 0;
          draw(N_SURROGATES, (matrices) => {
            sum += matrices[8]!;
          });
          return sum;
        },
      }),
    ],
    peers: [
      inProcess({
        name: "plain arrays",
        note: `The textbook in arrays of arrays; timed on ${N_PLAIN} draws, without the fits before them.`,
        part: N_PLAIN / N_SURROGATES,
        isSlow: true,
        result: () => Float64Array.from(plain()),
        run: () => plain()[0]!,
      }),
      ...rivals.contenders,
    ],
    skipped: [...rivals.skipped, { peer: "SCoT", reason: "has no such null" }],
    targets: [],
    anchors: [],
    millisecondsPerRound: 500,
  };
}
