import { hashSeed, mulberry32, normal } from "@attune/core";
import type { PersonMontage, SessionSettings } from "@attune/pipeline";
import type { StateInterval } from "@attune/signal";
import type { EventsInput } from "../event-locked.ts";
import { profileNamed } from "../profiles.ts";
import type { StudySettings } from "../settings.ts";

/** What the tests of event-locked coupling run on: two heads of two channels whose coupling can follow the adult's gaze. */
export interface SimulatedGaze {
  readonly seed: number;
  readonly nEvents: number;
  /** Adult to infant, 10 ms, while the adult looks or always. */
  readonly strength?: number;
  readonly isAlwaysCoupled?: boolean;
  /** Height of a response that both heads have to the onset, in standard deviations of the noise. */
  readonly evoked?: number;
  /** Coded states beside the adult's gaze. */
  readonly states?: readonly StateInterval[];
  readonly settings?: Partial<StudySettings>;
}

export const RATE = 200;
const NOISE = 0.1;
const DELAY = 2;

const montage = (id: string, role: "adult" | "infant"): PersonMontage => ({
  person: { id, role },
  streamId: id,
  nominalSamplingRate: RATE,
  channels: ["C3", "C4"].map((label, row) => ({ label, row })),
  toMicrovolts: 1,
  averageRows: [],
});

export const PEOPLE = [montage("adult", "adult"), montage("infant", "infant")];

/** Averted and direct in turn, each 3 to 5 s; the onsets of direct are `onsets`. */
export function gazeScript(
  seed: number,
  nEvents: number,
): { states: StateInterval[]; onsets: number[]; end: number } {
  const uniform = mulberry32(hashSeed(seed, "gaze"));
  const states: StateInterval[] = [];
  const onsets: number[] = [];
  let at = 0;
  for (let k = 0; k < 2 * nEvents + 1; k++) {
    const state = k % 2 === 0 ? "averted" : "direct";
    const duration = 3 + 2 * uniform();
    if (state === "direct") onsets.push(at);
    states.push({ person: "adult", layer: "gaze", state, onset: at, duration });
    at += duration;
  }
  return { states, onsets, end: at };
}

/** x_c = AR(2) at 10 Hz (adult) or 7 Hz (infant), radius .95; adult C3 drives adult C4, and infant C3 infant C4. */
export function simulateGaze(options: SimulatedGaze): EventsInput {
  const { seed, nEvents, strength = 0, isAlwaysCoupled = false, evoked = 0 } = options;
  const { states, onsets, end } = gazeScript(seed, nEvents);
  const nSamples = Math.floor(end * RATE);
  const gaussian = normal(mulberry32(hashSeed(seed, "noise")));
  const x = Array.from({ length: 4 }, () => new Float64Array(nSamples));
  const radius = 0.95;
  const first = [10, 10, 7, 7].map((hz) => 2 * radius * Math.cos((2 * Math.PI * hz) / RATE));
  let episode = -1;
  for (let t = 3; t < nSamples; t++) {
    while (episode + 1 < onsets.length && onsets[episode + 1]! * RATE <= t) episode++;
    const since = episode < 0 ? Number.NEGATIVE_INFINITY : t / RATE - onsets[episode]!;
    const isDirect = episode >= 0 && since < (states[2 * episode + 1]?.duration ?? 0);
    const gain = isDirect || isAlwaysCoupled ? strength : 0;
    const response = since >= 0.05 && since < 0.25 ? evoked : 0;
    for (let c = 0; c < 4; c++) {
      const own = x[c]!;
      let value = first[c]! * own[t - 1]! - radius * radius * own[t - 2]! + NOISE * (gaussian() + response);
      if (c % 2 === 1) value += 0.15 * x[c - 1]![t - 3]!;
      if (c >= 2) value += gain * x[c - 2]![t - DELAY]!;
      own[t] = value;
    }
  }
  const settings = { ...profileNamed("recommended").settings, nSurrogates: 200, ...options.settings };
  const records = PEOPLE.map(({ person }, p) => {
    const data = new Float64Array(2 * nSamples);
    data.set(x[2 * p]!, 0);
    data.set(x[2 * p + 1]!, nSamples);
    return {
      person: person.id,
      firstIndex: 0,
      nSamples,
      nChannels: 2,
      data,
      mask: new Uint16Array(nSamples),
    };
  });
  const session: SessionSettings = {
    people: PEOPLE,
    gridRate: RATE,
    analysisRate: RATE,
    filter: settings.filter,
    artefacts: settings.artefacts,
    window: settings.window,
    states: undefined,
    model: settings.model,
    bands: settings.bands,
    frequencyBins: settings.frequencyBins,
    live: undefined,
    seed: settings.seed,
  };
  return { settings, people: PEOPLE, records, states: [...states, ...(options.states ?? [])], session };
}
