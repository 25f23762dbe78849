import type { StateInterval } from "@attune/signal";

/** `unknown` is a coded state: nobody could see. It is neither the partner nor away. */
export const UNKNOWN = "unknown";

/** One unbroken state of a layer, `[onset, end)`, seconds. */
export interface StateRun {
  readonly state: string;
  readonly onset: number;
  readonly end: number;
}

/** Tables are rounded to milliseconds: a smaller hole between two intervals is no hole. */
const ROUNDING_SECONDS = 1e-3;
const TOLERANCE_SECONDS = 1e-9;

/**
 * One layer of one person as runs without holes: what was not coded is `unknown`, equal neighbours are one run, and
 * `unknown` spans of at most `bridgeSeconds` that return to the same state belong to it. Times are moved back by the
 * coder's latency.
 */
export function stateRuns(
  states: readonly StateInterval[],
  person: string,
  layer: string,
  { bridgeSeconds, latencySeconds }: { readonly bridgeSeconds: number; readonly latencySeconds: number },
): StateRun[] {
  const intervals = states
    .filter((each) => each.person === person && each.layer === layer && each.duration > 0)
    .sort((a, b) => a.onset - b.onset);
  const runs: { state: string; onset: number; end: number }[] = [];
  const append = (state: string, onset: number, end: number): void => {
    const last = runs.at(-1);
    const before = runs.at(-2);
    if (last?.state === state) last.end = end;
    else if (
      last?.state === UNKNOWN &&
      before?.state === state &&
      onset - last.onset <= bridgeSeconds + TOLERANCE_SECONDS
    ) {
      runs.pop();
      before.end = end;
    } else runs.push({ state, onset, end });
  };
  intervals.forEach(({ state, onset, duration }, i) => {
    // A layer holds one state at a time: the next interval ends this one.
    const next = intervals[i + 1]?.onset ?? Number.POSITIVE_INFINITY;
    const start = onset - latencySeconds;
    const end = Math.min(onset + duration, next) - latencySeconds;
    if (!(end > start)) return;
    const last = runs.at(-1);
    if (last !== undefined && start - last.end > ROUNDING_SECONDS) append(UNKNOWN, last.end, start);
    else if (last !== undefined) last.end = start;
    append(state, start, end);
  });
  return runs;
}

/** The state that held at a time; `unknown` where nothing was coded. */
export function stateAt(runs: readonly StateRun[], time: number): string {
  return runAt(runs, time)?.state ?? UNKNOWN;
}

/** Whether one known state held throughout `[from, to]`. */
export function isSteady(runs: readonly StateRun[], from: number, to: number): boolean {
  const run = runAt(runs, from);
  return run !== undefined && run.state !== UNKNOWN && to <= run.end + TOLERANCE_SECONDS;
}

/** Whether the run is long enough, rounding aside. */
export const lasts = ({ onset, end }: StateRun, seconds: number): boolean =>
  end - onset >= seconds - TOLERANCE_SECONDS;

function runAt(runs: readonly StateRun[], time: number): StateRun | undefined {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.onset <= time) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run !== undefined && time < run.end ? run : undefined;
}
