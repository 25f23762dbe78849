import {
  bridgePauses,
  type Intervals,
  observedTime,
  STATE_WORDS,
  subtractIntervals,
  tidyIntervals,
  uniteIntervals,
} from "@attune/core";
import type { StateChange, StateInterval } from "@attune/signal";

/** One layer of one person: who does what when, and when nobody could tell. */
export interface CodedLayer {
  readonly person: string;
  readonly layer: string;
  /** By state, rest and unknown left out, in the order of first appearance. */
  readonly states: ReadonlyMap<string, Intervals>;
  /** When the layer was known. */
  readonly observed: Intervals;
}

/** Coded behaviour on session time. */
export class CodedStates {
  readonly layers: readonly CodedLayer[];
  readonly rows: readonly StateInterval[];

  /** @param rows cut to `[start, end)` */
  constructor(rows: readonly StateInterval[], start: number, end: number) {
    this.rows = rows.filter(({ onset, duration }) => onset < end && onset + duration >= start);
    const byLayer = new Map<string, StateInterval[]>();
    for (const row of this.rows) {
      const key = JSON.stringify([row.person, row.layer]);
      byLayer.set(key, [...(byLayer.get(key) ?? []), row]);
    }
    this.layers = [...byLayer.values()].map((own) => layerOf(own, start, end));
  }

  layer(person: string, layer: string): CodedLayer | undefined {
    return this.layers.find((each) => each.person === person && each.layer === layer);
  }

  /** Layers of this name of anybody. */
  named(layer: string): CodedLayer[] {
    return this.layers.filter((each) => each.layer === layer);
  }
}

function layerOf(rows: readonly StateInterval[], start: number, end: number): CodedLayer {
  const { person, layer } = rows[0]!;
  const byState = new Map<string, StateInterval[]>();
  for (const row of rows) byState.set(row.state, [...(byState.get(row.state) ?? []), row]);
  const tidied = (own: readonly StateInterval[]): Intervals =>
    tidyIntervals(
      own.map(({ onset }) => onset),
      own.map(({ onset, duration }) => onset + duration),
      { start, end },
    ).intervals;
  const all = [...byState].map(([state, own]) => ({ state, intervals: tidied(own) }));
  const unknown = all
    .filter(({ state }) => STATE_WORDS.unknown.test(state))
    .map(({ intervals }) => intervals);
  const known = all.filter(({ state }) => !STATE_WORDS.unknown.test(state));
  const session = observedTime(start, end);
  // Coders round to milliseconds: a slit of that width between two states is not unknown time.
  const uncoded = STATE_WORDS.alwaysLayer.test(layer)
    ? [
        subtractIntervals(
          session,
          bridgePauses(uniteIntervals(...known.map(({ intervals }) => intervals)), 0.0021),
        ),
      ]
    : [];
  const gone = uniteIntervals(...unknown, ...uncoded);
  return {
    person,
    layer,
    states: new Map(
      known
        .filter(({ state }) => !STATE_WORDS.rest.test(state))
        .map(({ state, intervals }) => [state, intervals]),
    ),
    observed: subtractIntervals(session, gone),
  };
}

/** Changes of state as closed intervals; what holds at the end lasts until then. */
export function closedIntervals(changes: readonly StateChange[], endSeconds: number): StateInterval[] {
  const open = new Map<string, StateChange>();
  const intervals: StateInterval[] = [];
  const close = ({ person, layer, state, at }: StateChange, end: number): void => {
    if (end > at) intervals.push({ person, layer, state, onset: at, duration: end - at });
  };
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const key = JSON.stringify([change.person, change.layer]);
    const before = open.get(key);
    if (before !== undefined) close(before, change.at);
    open.set(key, change);
  }
  for (const change of open.values()) close(change, Math.max(endSeconds, change.at));
  return intervals.sort((a, b) => a.onset - b.onset);
}

/** Time in which one of the states holds whose name fits. */
export function statesLike(layer: CodedLayer | undefined, fits: (state: string) => boolean): Intervals {
  const streams =
    layer === undefined ? [] : [...layer.states].filter(([state]) => fits(state)).map(([, each]) => each);
  return uniteIntervals(...streams);
}

export const isEmpty = (stream: Intervals): boolean => stream.onsets.length === 0;
