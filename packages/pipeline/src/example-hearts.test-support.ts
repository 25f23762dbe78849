/** Electrocardiograms with known beats, and pairs of hearts of which one follows the other. */
import { counterRandom, ECG_SHAPES, normal, ecgAt as wavesAt } from "@attune/core";
import type {
  Beat,
  Covariation,
  HeartOutput,
  Role,
  SampleChunk,
  SessionInput,
  StateChange,
} from "@attune/signal";
import { outputs } from "./example-data.test-support.ts";
import { followHearts } from "./hearts.ts";
import type { BeltMontage, HeartMontage, HeartSettings } from "./settings.ts";

/** A slow random walk around 0 that both hearts can have: sums of sines between 0.02 and 0.12 Hz, about -1 to 1. */
export function slowDrive(seed: number): (seconds: number) => number {
  const uniform = counterRandom("drive", seed);
  const waves = Array.from({ length: 8 }, () => [0.02 + 0.1 * uniform(), 2 * Math.PI * uniform()] as const);
  return (seconds) =>
    waves.reduce((sum, [hertz, phase]) => sum + Math.sin(2 * Math.PI * hertz * seconds + phase), 0) / 3;
}

/** Beat times up to `seconds`, with breathing and a slow drive. */
export function beatTimes(
  seconds: number,
  role: Role,
  drive: (seconds: number) => number = () => 0,
  from = 0,
): Float64Array {
  const [interval, breathHertz] = role === "adult" ? [0.85, 0.22] : [0.46, 0.6];
  const times: number[] = [];
  for (let at = from + 0.4; at < from + seconds - 0.3; ) {
    times.push(at);
    at += interval * (1 + 0.04 * drive(at) + 0.025 * Math.sin(2 * Math.PI * breathHertz * at));
  }
  return Float64Array.from(times);
}

/** Millivolts at rising moments. */
export function ecgAt(
  moments: Float64Array,
  beats: Float64Array,
  role: Role,
  noise = 0.02,
  seed = 1,
): Float64Array {
  const draw = normal(counterRandom("ecg", seed));
  return moments.map((at) => wavesAt(at, beats, ECG_SHAPES[role]) + noise * draw());
}

/** One channel as a device with a good clock delivers it, in one chunk. */
export function ecgChunk(
  streamId: string,
  rate: number,
  seconds: number,
  beats: Float64Array,
  role: Role,
  from = 0,
): SampleChunk {
  const nSamples = Math.round(rate * seconds);
  const time = Float64Array.from({ length: nSamples }, (_, n) => from + n / rate);
  const data = ecgAt(time, beats, role, 0.02, streamId.length);
  return { kind: "samples", streamId, firstSample: 0, nSamples, data, deviceTime: time, sessionTime: time };
}

/** A belt with a little noise that breathes at a rate in Hz, which may change. */
export function beltChunk(
  person: string,
  samplingRate: number,
  seconds: number,
  hertz: (seconds: number) => number,
): SampleChunk {
  const draw = normal(counterRandom("belt", person));
  const nSamples = Math.round(samplingRate * seconds);
  const time = Float64Array.from({ length: nSamples }, (_, n) => n / samplingRate);
  let cycles = 0;
  const data = time.map((at) => {
    cycles += hertz(at) / samplingRate;
    return Math.sin(2 * Math.PI * cycles) + 0.02 * draw();
  });
  return {
    kind: "samples",
    streamId: `${person}-belt`,
    firstSample: 0,
    nSamples,
    data,
    deviceTime: time,
    sessionTime: time,
  };
}

export const beltOf = (id: string, role: Role, rate: number): BeltMontage => ({
  person: { id, role },
  streamId: `${id}-belt`,
  nominalSamplingRate: rate,
  row: 0,
});

export const heartOf = (id: string, role: Role, rate: number): HeartMontage => ({
  person: { id, role },
  streamId: `${id}-ecg`,
  nominalSamplingRate: rate,
  row: 0,
});

/** The declared primary measure, and RSA. */
export const exampleHearts: HeartSettings = {
  people: [heartOf("adult", "adult", 500), heartOf("infant", "infant", 500)],
  seriesRate: 5,
  rsaWindowSeconds: 15,
  rmssdWindowSeconds: 10,
  measures: [
    {
      id: "wlcc-mean-z-ibi-1hz-lag-3s",
      series: "interbeat-interval",
      windowSeconds: 30,
      stepSeconds: 10,
      maxLagSeconds: 3,
      removeLine: true,
      nullSeconds: 600,
    },
    {
      id: "wlcc-mean-z-rsa-1hz-lag-15s",
      series: "rsa",
      windowSeconds: 60,
      stepSeconds: 10,
      maxLagSeconds: 15,
      removeLine: false,
      nullSeconds: 600,
    },
  ],
  layers: [{ person: "adult", layer: "touch" }],
  running: { person: "session", layer: "pause", state: "running" },
  statesKnownWithinSeconds: 0.5,
  latencySeconds: 0,
};

/** From the nearest true beat, seconds. */
export function distanceTo(truth: Float64Array, at: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const beat of truth) if (Math.abs(at - beat) < Math.abs(nearest)) nearest = at - beat;
  return nearest;
}
export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;

/** Hz, of the hearts of the example dyad. */
export const RATE = 250;
export const dyadHearts = {
  ...exampleHearts,
  people: [heartOf("adult", "adult", RATE), heartOf("infant", "infant", RATE)],
};
/** By how many seconds the infant follows. */
export const LAG = 2;

/** A dyad of which the infant does what the adult did two seconds before. */
export function dyad(seconds: number, seed = 3): SampleChunk[] {
  const drive = slowDrive(seed);
  return [
    ecgChunk("adult-ecg", RATE, seconds, beatTimes(seconds, "adult", drive), "adult"),
    ecgChunk(
      "infant-ecg",
      RATE,
      seconds,
      beatTimes(seconds, "infant", (at) => drive(at - LAG)),
      "infant",
    ),
  ];
}

export const runHearts = (inputs: readonly SessionInput[], given = dyadHearts): HeartOutput[] =>
  outputs(inputs, (source) => followHearts(source, given));
export const change = (person: string, layer: string, state: string, at: number): StateChange => ({
  kind: "state",
  person,
  layer,
  state,
  at,
});
export const covariationsOf = (all: HeartOutput[], series: Covariation["series"] = "interbeat-interval") =>
  all.filter((item): item is Covariation => item.kind === "covariation" && item.series === series);
export const beatsOf = (all: HeartOutput[], person: string) =>
  all.filter((item): item is Beat => item.kind === "beat" && item.person === person);
