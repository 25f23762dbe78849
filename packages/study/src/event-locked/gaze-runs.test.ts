import type { StateInterval } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { isSteady, stateAt, stateRuns } from "./gaze-runs.ts";

/** Half a millisecond, exact in binary. */
const ROUNDING = 2 ** -11;

const gaze = (state: string, onset: number, duration: number): StateInterval => ({
  person: "adult",
  layer: "gaze",
  state,
  onset,
  duration,
});
const runsOf = (states: StateInterval[], bridgeSeconds = 0.1, latencySeconds = 0) =>
  stateRuns(states, "adult", "gaze", { bridgeSeconds, latencySeconds });

describe("runs of a coded state", () => {
  test("a hole in the coding is unknown, a hole of rounding is none", () => {
    expect(runsOf([gaze("averted", 0, 1), gaze("direct", 1 + ROUNDING, 1), gaze("averted", 3, 1)])).toEqual([
      { state: "averted", onset: 0, end: 1 + ROUNDING },
      { state: "direct", onset: 1 + ROUNDING, end: 2 + ROUNDING },
      { state: "unknown", onset: 2 + ROUNDING, end: 3 },
      { state: "averted", onset: 3, end: 4 },
    ]);
  });

  test("a short unknown between equal states is bridged, a long one and one between different states are not", () => {
    const short = runsOf([gaze("direct", 0, 1), gaze("unknown", 1, 0.1), gaze("direct", 1.1, 1)]);
    expect(short).toEqual([{ state: "direct", onset: 0, end: 2.1 }]);
    expect(runsOf([gaze("direct", 0, 1), gaze("unknown", 1, 0.2), gaze("direct", 1.2, 1)])).toHaveLength(3);
    expect(runsOf([gaze("direct", 0, 1), gaze("unknown", 1, 0.1), gaze("averted", 1.1, 1)])).toHaveLength(3);
  });

  test("the next interval ends one that was coded too long, and the order of the table does not matter", () => {
    const states = [gaze("direct", 2, 1), gaze("averted", 0, 5)];
    expect(runsOf(states).map(({ state, end }) => [state, end])).toEqual([
      ["averted", 2],
      ["direct", 3],
    ]);
  });

  test("the coder's latency is taken off, other layers and people are not read", () => {
    const states = [
      gaze("direct", 2, 1),
      { ...gaze("averted", 0, 2), layer: "head" },
      { ...gaze("averted", 0, 2), person: "infant" },
    ];
    expect(runsOf(states, 0, 0.25)).toEqual([{ state: "direct", onset: 1.75, end: 2.75 }]);
  });

  test("a state holds from its onset until just before its end, and nothing is known outside", () => {
    const runs = runsOf([gaze("averted", 1, 1), gaze("direct", 2, 1)]);
    expect([0.9, 1, 1.999, 2, 2.999, 3].map((time) => stateAt(runs, time))).toEqual([
      "unknown",
      "averted",
      "averted",
      "direct",
      "direct",
      "unknown",
    ]);
    expect(isSteady(runs, 1, 2)).toBe(true);
    expect(isSteady(runs, 1.5, 2.1)).toBe(false);
    expect(isSteady(runs, 0.9, 1.5)).toBe(false);
    expect(isSteady(runsOf([gaze("unknown", 0, 5)]), 1, 2)).toBe(false);
  });
});
