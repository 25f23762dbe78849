import { type Uniform, WindowSet } from "@attune/core";
import {
  labelWindow,
  type ScreenPerson,
  type SessionSettings,
  StateTimeline,
  screenWindow,
} from "@attune/pipeline";
import type { StateInterval, Window } from "@attune/signal";
import type { ConditionedRecord } from "../collect.ts";
import { prepared } from "../condition-data.ts";
import { pairedStatistic } from "../estimator.ts";
import type { StudySettings } from "../settings.ts";
import { type NullContext, type NullDraws, uniformFor } from "./draw.ts";

/** The layer of person `session` whose states are presentations of a stimulus: one state a song. */
export const STIMULUS_LAYER = "stimulus";

/** A clean window at a known place of a stimulus. */
interface PlacedWindow {
  readonly place: string;
  readonly condition: string;
  readonly data: Float64Array;
}

export interface RepetitionInput {
  readonly records: readonly ConditionedRecord[];
  readonly states: readonly StateInterval[];
  readonly session: SessionSettings;
}

/**
 * Pairs each adult window with the infant's window at the same place of another presentation of the same stimulus. What both
 * heads owe to the stimulus stays aligned, so coupling that is nothing but a common drive does not exceed this null.
 *
 * Windows are cut anew from the start of each presentation; windows at the same place and in the same
 * condition change partners by a random rotation, so every window is used once.
 */
export function drawRepetitionSwap(context: NullContext, input: RepetitionInput): NullDraws | string {
  const { settings, estimator, data } = context;
  const placed = cutByPresentation(input, settings).filter(({ condition }) => condition === data.condition);
  const groups = [...groupByPlace(placed).values()].filter((members) => members.length >= 2);
  const windows = groups.flatMap((members) => members.map((w) => placed[w]!.data));
  if (groups.length === 0) return "no stimulus was presented twice with clean windows at the same place";
  const people = data.set.people.map(({ id, nChannels }) => ({ id, nChannels }));
  const set = new WindowSet(people, data.set.nSamples, windows);
  const rows = set.nWindows * (set.nSamples - estimator.order);
  if (rows < 2 * set.nChannels * estimator.order)
    return "too few clean windows share a place in repeated stimuli";
  const statistic = pairedStatistic(estimator, set, 1);
  const sizes = groups.map((members) => members.length);
  const identity = Int32Array.from(windows, (_, w) => w);
  const observed = statistic.of(people.map(() => identity)).slice();
  const draws: Float64Array[] = [];
  for (let s = 0; s < settings.nSurrogates; s++) {
    const uniform = uniformFor(settings, data.condition, "repetitionSwap", s);
    const rotated = rotateWithin(sizes, uniform);
    draws.push(statistic.of(people.map((_, person) => (person === 0 ? identity : rotated))).slice());
  }
  return { id: "repetitionSwap", observed, draws };
}

/** Every group of consecutive places turned by its own random step, never by zero. */
function rotateWithin(sizes: readonly number[], uniform: Uniform): Int32Array {
  const order: number[] = [];
  let first = 0;
  for (const size of sizes) {
    const step = 1 + Math.floor(uniform() * (size - 1));
    for (let k = 0; k < size; k++) order.push(first + ((k + step) % size));
    first += size;
  }
  return Int32Array.from(order);
}

function groupByPlace(placed: readonly PlacedWindow[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  placed.forEach(({ place }, w) => {
    groups.set(place, [...(groups.get(place) ?? []), w]);
  });
  return groups;
}

function cutByPresentation(
  { records, states, session }: RepetitionInput,
  settings: StudySettings,
): PlacedWindow[] {
  const timeline = new StateTimeline(settings.states.bridgeSeconds, settings.states.latencySeconds);
  for (const { person, layer, state, onset } of states)
    timeline.add({ kind: "state", person, layer, state, at: onset });
  const people: ScreenPerson[] = session.people.map(({ person, channels }) => ({
    id: person.id,
    role: person.role,
    nChannels: channels.length,
  }));
  const rate = settings.analysisRate;
  const nSamples = Math.round(settings.window.seconds * rate);
  const placed: PlacedWindow[] = [];
  for (const { layer, state: song, onset, duration } of states) {
    if (layer !== STIMULUS_LAYER) continue;
    const first = Math.ceil(onset * rate - 1e-6);
    for (let k = 0; (k + 1) * nSamples <= duration * rate; k++) {
      const window = cutFrom(records, people, first + k * nSamples, nSamples, rate);
      if (window === undefined) continue;
      const labelled = labelWindow(
        screenWindow(window, people, settings.artefacts),
        timeline,
        session.states,
      );
      if (labelled.kind === "rejected") continue;
      const data = prepared(window.data, people, nSamples, settings.model.demean);
      placed.push({ place: `${song}#${k}`, condition: labelled.condition, data });
    }
  }
  return placed;
}

/** The same stretch of everybody's conditioned samples, or undefined where somebody has none. */
export function cutFrom(
  records: readonly ConditionedRecord[],
  people: readonly ScreenPerson[],
  firstIndex: number,
  nSamples: number,
  samplingRate: number,
): Window | undefined {
  const nChannels = people.reduce((sum, person) => sum + person.nChannels, 0);
  const data = new Float64Array(nChannels * nSamples);
  let row = 0;
  for (const person of people) {
    const record = records.find((each) => each.person === person.id);
    if (record === undefined) return undefined;
    const from = firstIndex - record.firstIndex;
    if (from < 0 || from + nSamples > record.nSamples) return undefined;
    for (let n = 0; n < nSamples; n++) if (record.mask[from + n] !== 0) return undefined;
    for (let c = 0; c < record.nChannels; c++, row++) {
      const start = c * record.nSamples + from;
      data.set(record.data.subarray(start, start + nSamples), row * nSamples);
    }
  }
  const start = firstIndex / samplingRate;
  return {
    kind: "window",
    index: 0,
    firstIndex,
    nSamples,
    samplingRate,
    start,
    data,
    unfiltered: data,
    problems: [],
  };
}
