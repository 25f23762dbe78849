import { startEnvironment } from "../harness/environment.ts";
import { medianOf, quantileOfSorted } from "../harness/quantile.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";
import type { Side } from "./side.ts";
import { hasLiblsl, reservePorts, type Started, startOurs, startTheirs } from "./sides.ts";

const N_ROUNDS = 5;
const N_VALUES = 16e6;
const SHAPES = [
  { channelCount: 8, chunkSamples: 100 },
  { channelCount: 64, chunkSamples: 32 },
];
/** Buffers of this length hold a whole flood, so that nobody drops anything. */
const RATE = 10_000;
const BUFFER_SECONDS = 360;
const N_PACED = 4000;
const PACE_SECONDS = 0.001;

interface Direction {
  readonly name: string;
  readonly from: Started;
  readonly to: Started;
}

let nStreams = 0;
const environment = startEnvironment();
const ports = await reservePorts();
const started: Started[] = [];
const keep = <T extends Started>(side: T): T => {
  started.push(side);
  return side;
};
try {
  const [sendUs, receiveUs] = [keep(await startOurs(ports)), keep(await startOurs(ports))];
  const theirs = (await hasLiblsl())
    ? { send: keep(await startTheirs(ports)), receive: keep(await startTheirs(ports)) }
    : undefined;
  const us = { name: "attune to attune", from: sendUs, to: receiveUs };
  const directions: Direction[] =
    theirs === undefined
      ? [us]
      : [
          us,
          { name: "attune to liblsl", from: sendUs, to: theirs.receive },
          { name: "liblsl to attune", from: theirs.send, to: receiveUs },
          { name: "liblsl to liblsl", from: theirs.send, to: theirs.receive },
        ];
  const figures: Figure[] = [];
  for (const shape of SHAPES) figures.push(...(await throughputFigures(directions, shape)));
  for (const direction of directions) figures.push(...(await latencyFigures(direction)));
  const ratio = figures.find(
    ({ name }) => name.startsWith("8 channels") && name.endsWith("over liblsl to liblsl"),
  );
  const result: BenchmarkResult = {
    name: "lsl",
    title: "Lab Streaming Layer on loopback, two processes: our protocol against liblsl's",
    environment: environment.finish(),
    figures,
    targets: [
      ratio === undefined
        ? { text: "as fast as liblsl to liblsl, 8 channels" }
        : {
            text: "as fast as liblsl to liblsl, 8 channels",
            measured: ratio.value,
            isMet: ratio.value >= 1,
          },
    ],
    designTextAnchors: [
      "another machine, liblsl 1.17.7, M values/s, 8 channels in chunks of 100: liblsl to liblsl 26.6, liblsl to Node 26.2, Node to liblsl 46.0, Node to Node 47.5",
      "64 channels in chunks of 32: 75.8, 82.6, 43.9, 80.8; latency at 1 kHz p50 0.03 to 0.09 ms",
    ],
    skipped:
      theirs === undefined
        ? [{ peer: "liblsl", reason: "no binary for this machine; ATTUNE_LIBLSL can name one" }]
        : [],
  };
  await writeResult(result);
  if (theirs !== undefined) console.log(`liblsl ${theirs.send.library}`);
} finally {
  await Promise.all(started.map((side) => side.kill()));
  await ports.release();
}

/** Every direction takes its turn in every round; ratios are formed inside a round. */
async function throughputFigures(
  directions: readonly Direction[],
  shape: (typeof SHAPES)[number],
): Promise<Figure[]> {
  const speeds = new Map(directions.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < N_ROUNDS; round++)
    for (let k = 0; k < directions.length; k++) {
      const direction = directions[(round + k) % directions.length]!;
      speeds.get(direction.name)!.push(await throughput(direction, shape));
    }
  const what = `${shape.channelCount} channels float32, chunks of ${shape.chunkSamples}`;
  const reference = speeds.get("liblsl to liblsl");
  return directions.flatMap(({ name }): Figure[] => {
    const own = speeds.get(name)!;
    const [low, high] = [Math.min(...own), Math.max(...own)];
    const speed = {
      name: `${what}: ${name}`,
      value: medianOf(own),
      unit: "M values/s",
      note: `median of ${own.length} rounds (${low.toPrecision(3)}-${high.toPrecision(3)}), ${N_VALUES / 1e6} M values each`,
    };
    if (reference === undefined || name === "liblsl to liblsl") return [speed];
    const ratios = own.map((value, round) => value / reference[round]!);
    return [
      speed,
      {
        name: `${what}: ${name} over liblsl to liblsl`,
        value: medianOf(ratios),
        unit: "times",
        note: `inside each round (${Math.min(...ratios).toPrecision(3)}-${Math.max(...ratios).toPrecision(3)})`,
      },
    ];
  });
}

async function connected<T>(
  { from, to }: Direction,
  channelCount: number,
  work: (outlet: number, inlet: number) => Promise<T>,
): Promise<T> {
  const name = `bench-${++nStreams}`;
  const outlet = await from.createOutlet({
    name,
    type: "EEG",
    channelCount,
    nominalSamplingRate: RATE,
    channelFormat: "float32",
    sourceId: name,
    maxBuffered: BUFFER_SECONDS,
  });
  const inlet = await to.openInlet({ predicate: `name='${name}'`, maxBuffered: BUFFER_SECONDS });
  await untilConsumer(from, outlet);
  try {
    return await work(outlet, inlet);
  } finally {
    await to.closeInlet(inlet);
    await from.destroyOutlet(outlet);
  }
}

/** M values per second from the first push to the last arrival. Every sample has to arrive. */
async function throughput(
  direction: Direction,
  { channelCount, chunkSamples }: (typeof SHAPES)[number],
): Promise<number> {
  const nChunks = Math.round(N_VALUES / (channelCount * chunkSamples));
  const nSamples = nChunks * chunkSamples;
  return connected(direction, channelCount, async (outlet, inlet) => {
    const draining = direction.to.drain(inlet, nSamples, chunkSamples, 60);
    const { startedAt } = await direction.from.flood(outlet, nChunks, chunkSamples);
    const got = await draining;
    if (got.nSamples !== nSamples)
      throw new Error(`${direction.name}: ${nSamples} samples were sent and ${got.nSamples} arrived`);
    return (nSamples * channelCount) / (got.endedAt - startedAt) / 1e6;
  });
}

async function latencyFigures(direction: Direction): Promise<Figure[]> {
  const lags = await connected(direction, 8, async (outlet, inlet) => {
    const measuring = direction.to.lags(inlet, N_PACED, 60);
    await direction.from.pace(outlet, N_PACED, PACE_SECONDS);
    return measuring;
  });
  if (lags.length !== N_PACED) throw new Error(`${direction.name}: ${lags.length} of ${N_PACED} arrived`);
  const sorted = lags.sort();
  return [0.5, 0.99].map((q) => ({
    name: `push to receiver at 1 kHz: ${direction.name}, p${100 * q}`,
    value: 1000 * quantileOfSorted(sorted, q),
    unit: "ms",
    note: `${N_PACED} single samples of 8 channels`,
  }));
}

async function untilConsumer(side: Side, outlet: number): Promise<void> {
  const until = performance.now() + 10_000;
  while (!(await side.hasConsumers(outlet))) {
    if (performance.now() > until) throw new Error("The receiver did not connect.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
