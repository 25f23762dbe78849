import { counterRandom, normal, permutationP, simulateVar } from "@attune/core";
import type { StateInterval } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { layerKey, sessionSettings } from "../collect.ts";
import { Estimator } from "../estimator.ts";
import {
  conditionOf,
  contextOf,
  dyadTerms,
  N_SAMPLES,
  PEOPLE,
  quickSettings,
  RATE,
  ROWS,
} from "../example-windows.test-support.ts";
import type { NullDraws } from "./context.ts";
import { drawNull } from "./draw.ts";
import { drawRepetitionSwap, type RepetitionInput } from "./repetition-swap.ts";

const SONG_SECONDS = 12;
/** Longer than the model looks back; the infant answers 10 ms after the adult. */
const LATENCY = [10, 10, 12, 12];
const settings = quickSettings({ nSurrogates: 99 });

interface Recording {
  readonly seed: number;
  readonly coupling?: number;
  readonly drive?: number;
  readonly nSongs?: number;
  readonly pauseSeconds?: number;
}

/** Both heads hear one song again and again; the adult may also drive the infant. */
function record({ seed, coupling = 0, drive = 4, nSongs = 10, pauseSeconds = 1 }: Recording) {
  const length = SONG_SECONDS * RATE;
  const period = length + pauseSeconds * RATE;
  const nSamples = nSongs * period;
  const x = simulateVar({
    nChannels: 4,
    coefficients: dyadTerms(coupling),
    nSamples,
    burnIn: 300,
    normal: normal(counterRandom("repetition", seed)),
  });
  const song = simulateVar({
    nChannels: 1,
    coefficients: [
      [1, 0, 0, 1.8 * Math.cos((2 * Math.PI * 5) / RATE)],
      [2, 0, 0, -0.81],
    ],
    nSamples: length,
    normal: normal(counterRandom("song", seed)),
  });
  for (let c = 0; c < 4; c++) {
    for (let t = 0; t < nSamples; t++) {
      const heard = (t % period) - LATENCY[c]!;
      if (heard >= 0 && heard < length) x[c * nSamples + t]! += drive * song[heard]!;
    }
  }
  // Well below the limit of amplitude.
  for (let i = 0; i < x.length; i++) x[i]! *= 0.2;
  const records = PEOPLE.map(({ person }, p) => ({
    person: person.id,
    firstIndex: 0,
    nSamples,
    nChannels: 2,
    data: x.slice(2 * p * nSamples, 2 * (p + 1) * nSamples),
    mask: new Uint16Array(nSamples),
  }));
  const states = Array.from({ length: nSongs }, (_, k) => [
    stimulus("song", (k * period) / RATE, SONG_SECONDS),
    stimulus("none", (k * period) / RATE + SONG_SECONDS, pauseSeconds),
  ]).flat();
  const windows = Array.from({ length: Math.floor(nSamples / N_SAMPLES) }, (_, w) => {
    const window = new Float64Array(4 * N_SAMPLES);
    for (let c = 0; c < 4; c++)
      window.set(x.subarray(c * nSamples + w * N_SAMPLES, c * nSamples + (w + 1) * N_SAMPLES), c * N_SAMPLES);
    return window;
  });
  return { records, states, data: conditionOf("all", windows) };
}

const stimulus = (state: string, onset: number, duration: number, person = "session"): StateInterval => ({
  person,
  layer: "stimulus",
  state,
  onset,
  duration,
});

const inputOf = ({ records, states }: Pick<RepetitionInput, "records" | "states">): RepetitionInput => {
  const layers = new Set(states.map(({ person, layer }) => layerKey(person, layer)));
  return { records, states, session: sessionSettings(settings, PEOPLE, layers, undefined) };
};

function swap(recorded: ReturnType<typeof record>, used = settings): NullDraws | string {
  return drawRepetitionSwap(contextOf(recorded.data, used), inputOf(recorded));
}

function drawnFrom(recorded: ReturnType<typeof record>, used = settings): NullDraws {
  const drawn = swap(recorded, used);
  if (typeof drawn === "string") throw new Error(drawn);
  return drawn;
}

/** Adult to infant, theta. */
function pOf({ observed, draws }: NullDraws): number {
  const estimator = new Estimator(settings, ROWS);
  return permutationP(
    estimator.means(observed)[0]!,
    draws.map((draw) => estimator.means(draw)[0]!),
  );
}

const blockShuffled = ({ data }: ReturnType<typeof record>) =>
  pOf(drawNull("blockShuffle", contextOf(data, settings)) as NullDraws);

describe("a common drive without coupling", () => {
  test("exceeds blockShuffle in every recording and repetitionSwap in about 5 % of them", () => {
    const recordings = Array.from({ length: 24 }, (_, seed) => record({ seed }));
    const swapped = recordings.map((each) => pOf(drawnFrom(each)));
    for (const each of recordings.slice(0, 6)) expect(blockShuffled(each)).toBe(0.01);
    // 24 at 5 %: more than 4 in 0.6 % of runs; the median of 24 uniform numbers lies in .2-.8 in 99.9 %.
    expect(swapped.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(4);
    const median = swapped.sort((a, b) => a - b)[12]!;
    expect(median).toBeGreaterThan(0.2);
    expect(median).toBeLessThan(0.8);
  });

  test("does not exceed repetitionSwap more often where a song came twice only", () => {
    const values = Array.from({ length: 40 }, (_, seed) =>
      pOf(drawnFrom(record({ seed: 100 + seed, nSongs: 2 }))),
    );
    // 40 at 5 %: more than 6 in 0.3 % of runs. Partners that always change would give p = .01 in half of them.
    expect(values.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(6);
  });
});

describe("coupling beyond a common drive", () => {
  test("is found", () => {
    for (const seed of [1, 2, 3]) expect(pOf(drawnFrom(record({ seed, coupling: 0.15 })))).toBe(0.01);
  });
});

describe("the windows of repetitions", () => {
  const one = record({ seed: 1 });

  test("have the same bits again, and surrogate 17 whether 20 or 40 are drawn", () => {
    const twenty = drawnFrom(one, { ...settings, nSurrogates: 20 });
    expect(drawnFrom(one, { ...settings, nSurrogates: 20 })).toEqual(twenty);
    expect(drawnFrom(one, { ...settings, nSurrogates: 40 }).draws[17]).toEqual(twenty.draws[17]);
  });

  test("are those of the songs: what happens in the pauses does not matter", () => {
    const records = one.records.map((each) => ({ ...each, data: each.data.slice() }));
    for (const { state, onset, duration } of one.states) {
      if (state !== "none") continue;
      for (const { data, nSamples } of records)
        for (let c = 0; c < 2; c++)
          data.fill(5, c * nSamples + onset * RATE, c * nSamples + (onset + duration) * RATE);
    }
    expect(drawnFrom({ ...one, records }).observed).toEqual(drawnFrom(one).observed);
  });

  test("are left out where a sample is masked, where an artefact is seen, and where a record ends", () => {
    const masked = one.records.map((each) => ({ ...each, mask: each.mask.slice(), data: each.data.slice() }));
    masked[0]!.mask[50] = 1;
    masked[1]!.data[13 * RATE + 50] = 1e4;
    const short = masked.map((each) => ({ ...each, nSamples: each.nSamples - 2 * RATE }));
    const cut = short.map((each, p) => ({
      ...each,
      data: Float64Array.from([
        ...masked[p]!.data.subarray(0, each.nSamples),
        ...masked[p]!.data.subarray(masked[p]!.nSamples, masked[p]!.nSamples + each.nSamples),
      ]),
    }));
    const kept = one.states.filter(({ state }) => state === "song").map(({ onset }) => onset);
    // The same windows by hand: without second 0 of the first two songs and the last second of the last song.
    const estimator = new Estimator(settings, ROWS);
    const { nSamples } = one.records[0]!;
    const windows = Array.from({ length: SONG_SECONDS }, (_, place) => place).flatMap((place) =>
      kept.flatMap((onset, k) => {
        if ((place === 0 && k < 2) || (place === 11 && k === 9)) return [];
        const from = (onset + place) * RATE;
        return [
          Float64Array.from(
            one.records.flatMap(({ data }) => [
              ...data.subarray(from, from + RATE),
              ...data.subarray(nSamples + from, nSamples + from + RATE),
            ]),
          ),
        ];
      }),
    );
    const expected = estimator.ofWindows(windows);
    drawnFrom({ ...one, records: cut }).observed.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 9);
    });
  });

  test("count for the condition that was coded, and for none where nothing was", () => {
    const gaze = (state: string, onset: number, duration: number): StateInterval => ({
      person: "adult",
      layer: "gaze",
      state,
      onset,
      duration,
    });
    // Songs 1-4 direct, nothing coded under 5-6, songs 7-10 averted.
    const coded = [gaze("direct", 0, 52), gaze("averted", 78, 52)];
    const used = quickSettings({
      nSurrogates: 19,
      states: { ...settings.states, require: [], guardSeconds: 0 },
    });
    const states = [...one.states, ...coded];
    const session = sessionSettings(used, PEOPLE, new Set([layerKey("adult", "gaze")]), undefined);
    const under = (condition: string, from: number, to: number) => {
      const songs = one.states.filter(({ state }) => state === "song").slice(from, to);
      const only = inputOf({ ...one, states: songs });
      const all = { ...one.data, condition: "all" };
      const expected = drawRepetitionSwap(contextOf(all, used), only) as NullDraws;
      const found = drawRepetitionSwap(contextOf({ ...one.data, condition }, used), {
        records: one.records,
        states,
        session,
      }) as NullDraws;
      expect(found.observed).toEqual(expected.observed);
    };
    under("direct", 0, 4);
    under("averted", 6, 10);
  });
});

describe("what cannot be drawn", () => {
  const never = "no stimulus was presented twice with clean windows at the same place";
  const recorded = record({ seed: 1, nSongs: 4 });
  const withStates = (states: readonly StateInterval[]) => swap({ ...recorded, states: [...states] });

  test("a recording without a stimulus, or with each of them once, gives a reason", () => {
    expect(withStates([])).toBe(never);
    expect(withStates([stimulus("song-1", 0, 12), stimulus("song-2", 13, 12)])).toBe(never);
  });

  test.each(["none", "unknown"])("stretches of %s are no stimulus, however often they come", (state) => {
    expect(withStates([0, 13, 26].map((onset) => stimulus(state, onset, 12)))).toBe(never);
  });

  test("states of that layer that are a person's are no presentation", () => {
    expect(withStates([0, 13, 26].map((onset) => stimulus("song", onset, 12, "adult")))).toBe(never);
  });

  test("stimuli shorter than a window give a reason", () => {
    expect(withStates([0, 13, 26].map((onset) => stimulus("beep", onset, 0.9)))).toBe(never);
  });

  test("two windows that share a place are too few", () => {
    expect(withStates([0, 13].map((onset) => stimulus("tune", onset, 1)))).toBe(
      "too few clean windows share a place in repeated stimuli",
    );
  });
});
