import type { StateChange } from "@attune/signal";

/** `unknown` is a coded state: nobody could see. It is neither the partner nor away. */
const UNKNOWN = "unknown";

export type StateSpan =
  | { readonly kind: "steady"; readonly state: string; readonly episode: number }
  | { readonly kind: "state-switch" }
  | { readonly kind: "state-unknown" };

/** What is known so far about every layer of every person. */
export class StateTimeline {
  readonly #layers = new Map<string, { at: number; state: string }[]>();
  readonly #bridgeSeconds: number;
  readonly #latencySeconds: number;

  constructor(bridgeSeconds: number, latencySeconds: number) {
    this.#bridgeSeconds = bridgeSeconds;
    this.#latencySeconds = latencySeconds;
  }

  /** Takes a change in; its time is moved back by the coder's latency. Repeats of the current state are ignored. */
  add(change: StateChange): void {
    const key = layerKey(change.person, change.layer);
    const changes = this.#layers.get(key) ?? [];
    this.#layers.set(key, changes);
    if (changes.at(-1)?.state === change.state) return;
    changes.push({ at: change.at - this.#latencySeconds, state: change.state });
  }

  /**
   * The state that held throughout `[start, end)`, or what spoilt it. Episodes are counted over the layer's
   * changes with bridged unknowns left out, so that a blink of the tracker does not start a new one.
   */
  span(person: string, layer: string, start: number, end: number): StateSpan {
    const runs = bridged(this.#layers.get(layerKey(person, layer)) ?? [], this.#bridgeSeconds, end);
    let current = -1;
    while (current + 1 < runs.length && runs[current + 1]!.at <= start) current++;
    const next = runs[current + 1];
    const state = current < 0 ? UNKNOWN : runs[current]!.state;
    if (next !== undefined && next.at < end) {
      return { kind: state === UNKNOWN || next.state === UNKNOWN ? "state-unknown" : "state-switch" };
    }
    if (state === UNKNOWN) return { kind: "state-unknown" };
    return { kind: "steady", state, episode: current };
  }
}

const layerKey = (person: string, layer: string): string => `${person}\u0000${layer}`;

/** Changes before `end`, without unknown spans of at most `bridge` seconds between two spans of one state. */
function bridged(
  changes: readonly { at: number; state: string }[],
  bridge: number,
  end: number,
): { at: number; state: string }[] {
  const runs: { at: number; state: string }[] = [];
  for (const change of changes) {
    if (change.at >= end) break;
    const gap = runs.at(-1);
    const before = runs.at(-2);
    const bridges =
      gap?.state === UNKNOWN && before?.state === change.state && change.at - gap.at <= bridge + 1e-9;
    if (bridges) runs.pop();
    else runs.push(change);
  }
  return runs;
}
