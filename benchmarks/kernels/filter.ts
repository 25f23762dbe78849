import { biquadCoefficients, filterBiquads, SosCascade } from "@attune/core";
import { bandpassFilter, notchFilter } from "@neurosity/pipes";
import fili from "fili";
import { Subject } from "rxjs";
import type { KernelBenchmark } from "../harness/compare.ts";
import { inProcess } from "../harness/contender.ts";
import { type PythonPeers, pythonRivals } from "../harness/python.ts";
import { joinAll, simulateEeg, toRows } from "../inputs/eeg.ts";
import { PlainCascade } from "../peers/plain-filter.ts";

const N_CHANNELS = 64;
const N_SAMPLES = 32;
const RATE = 500;
const BAND: [number, number] = [1, 40];
const MAINS = 50;

interface Epoch {
  readonly data: number[][];
}

/**
 * (c): one chunk of 64 channels through five second-order sections, with the state kept. High-pass 1 Hz, low-pass 40 Hz
 * (two sections each) and a notch at 50 Hz, as fili designs them, because two rivals can only take those.
 */
export async function filterKernel(python: PythonPeers | string): Promise<KernelBenchmark> {
  const chunk = simulateEeg(N_CHANNELS, N_SAMPLES, 5);
  const rows = toRows(chunk, N_CHANNELS);
  const design = designSections();
  const sections = Float64Array.from(
    design.flatMap(({ a, b, k }) => [k * b[0], k * b[1], k * b[2], 1, a[0], a[1]]),
  );
  const asRows = toRows(sections, design.length);
  const out = new Float64Array(chunk.length);
  const attune = () => {
    const cascade = new SosCascade(sections, N_CHANNELS);
    return () => {
      cascade.execute(out, chunk, N_SAMPLES);
      return out;
    };
  };
  const coefficients = biquadCoefficients(sections);
  const attuneInScript = () => {
    const state = new Float64Array(N_CHANNELS * design.length * 2);
    return () => {
      filterBiquads(out, chunk, N_CHANNELS, N_SAMPLES, coefficients, state);
      return out;
    };
  };
  const plain = () => {
    const cascade = new PlainCascade(asRows, N_CHANNELS);
    return () => cascade.filter(rows);
  };
  const byFili = () => {
    const filters = rows.map(() => new fili.IirFilter(design));
    return () => rows.map((channel, c) => filters[c]!.multiStep(channel));
  };
  const timed = (name: string, note: string, make: () => () => number[][]) => {
    const filter = make();
    return inProcess({
      name,
      note,
      result: () => {
        const fresh = make();
        return Float64Array.from([...fresh().flat(), ...fresh().flat()]);
      },
      run: () => filter()[0]![0]!,
    });
  };
  const ours = (name: string, note: string, make: () => () => Float64Array) => {
    const running = make();
    return inProcess({
      name,
      note,
      result: () => {
        const fresh = make();
        return joinAll([fresh().slice(), fresh().slice()]);
      },
      run: () => running()[0]!,
    });
  };
  const rivals = await pythonRivals(python, [
    {
      name: "scipy",
      note: "sosfilt with zi over all channels at once.",
      case: "sections",
      inputs: [
        { data: sections, shape: [design.length, 6] },
        { data: chunk, shape: [N_CHANNELS, N_SAMPLES] },
      ],
      needs: "scipy",
    },
  ]);
  return {
    name: "filter",
    title: "(c) Filter: 64 channels, 32 samples, 5 second-order sections",
    work: "one chunk",
    unit: "us",
    ours: [
      ours("attune", "SosCascade, which takes WebAssembly here: two channels a vector.", attune),
      ours("attune, plain twin", "The same in JavaScript, to the bit.", attuneInScript),
    ],
    peers: [
      timed("plain arrays", "Transposed direct form II with map over arrays.", plain),
      ...rivals.contenders,
      timed("fili", "One IirFilter a channel, multiStep.", byFili),
      timed(
        "@neurosity/pipes",
        "bandpassFilter and notchFilter as RxJS operators on epochs of arrays.",
        byPipes(rows),
      ),
    ],
    skipped: rivals.skipped,
    targets: [
      rivals.contenders.length > 0
        ? { text: "at least 1.9 times scipy", peer: "scipy", atLeast: 1.9 }
        : { text: "at least 1.9 times scipy" },
      { text: "at least 6 times fili", peer: "fili", atLeast: 6 },
    ],
    anchors: [
      "scipy 38.5 us, fili 124 us, @neurosity/pipes 141-415 us, typed JS 19.8 us, wasm SIMD 11.2 us, C (SSE) 11.6 us, C (AVX-512) 4.6 us",
    ],
  };
}

function designSections() {
  const calculator = new fili.CalcCascades();
  const common = { characteristic: "butterworth", Fs: RATE } as const;
  // bandpassFilter of @neurosity/pipes passes a band width on to both designs.
  return [
    ...calculator.highpass({ ...common, order: 2, Fc: BAND[0], BW: 1 }),
    ...calculator.lowpass({ ...common, order: 2, Fc: BAND[1], BW: 1 }),
    ...calculator.bandstop({ ...common, order: 1, Fc: MAINS, BW: 1 }),
  ];
}

function byPipes(rows: number[][]): () => () => number[][] {
  return () => {
    const epochs = new Subject<Epoch>();
    let filtered: number[][] = [];
    epochs
      .pipe(
        bandpassFilter({ nbChannels: N_CHANNELS, order: 2, cutoffFrequencies: BAND, samplingRate: RATE }),
        notchFilter({
          nbChannels: N_CHANNELS,
          order: 1,
          cutoffFrequency: MAINS,
          samplingRate: RATE,
          bandWidth: 1,
        }),
      )
      .subscribe(({ data }: Epoch) => {
        filtered = data;
      });
    return () => {
      epochs.next({ data: rows });
      return filtered;
    };
  };
}
