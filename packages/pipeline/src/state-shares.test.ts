import type { StateChange } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { LayerGathering } from "./gather-by-layer.ts";
import { StateShares } from "./state-shares.ts";

const touch = (state: string, at: number): StateChange => ({
  kind: "state",
  person: "adult",
  layer: "touch",
  state,
  at,
});
const sharesOf = (changes: readonly StateChange[], latencySeconds = 0): StateShares => {
  const shares = new StateShares("adult", "touch", latencySeconds);
  for (const change of changes) shares.add(change);
  return shares;
};

describe("shares of the states of a layer", () => {
  test("are those of the time in which each held; other layers and people change nothing", () => {
    const shares = sharesOf([
      touch("none", 0),
      { ...touch("static", 3), layer: "gaze" },
      { ...touch("static", 4), person: "infant" },
      touch("static", 15),
      touch("none", 18),
    ]);
    expect([...shares.shares(10, 20)]).toEqual([
      ["none", 0.7],
      ["static", 0.3],
    ]);
    expect([...shares.shares(0, 10)]).toEqual([["none", 1]]);
    expect([...shares.shares(20, 30)]).toEqual([
      ["none", 1],
      ["static", 0],
    ]);
  });

  test("unknown time makes a state that does not occur unknown, never absent", () => {
    const shares = sharesOf([touch("none", 5), touch("static", 8), touch("unknown", 9), touch("none", 11)]);
    expect(shares.shares(0, 4).size).toBe(0);
    expect([...shares.shares(9, 13)]).toEqual([
      ["none", 0.5],
      ["static", Number.NaN],
    ]);
    expect([...shares.shares(12, 14)]).toEqual([
      ["none", 1],
      ["static", 0],
    ]);
  });

  test("the coder's latency moves changes back", () => {
    const shares = sharesOf([touch("none", 0.5), touch("static", 10.5)], 0.5);
    expect(shares.shares(8, 12).get("static")).toBe(0.5);
  });

  test("a state is broken by any other within the stretch, and not by one at its end", () => {
    const shares = sharesOf([touch("running", 1), touch("paused", 10), touch("running", 12)]);
    expect(shares.isBroken("running", -1, 1)).toBe(false);
    expect(shares.isBroken("running", 0, 10)).toBe(false);
    expect(shares.isBroken("running", 9, 10.1)).toBe(true);
    expect(shares.isBroken("running", 10.5, 11)).toBe(true);
    expect(shares.isBroken("running", 11.9, 20)).toBe(true);
    expect(shares.isBroken("running", 12, 20)).toBe(false);
  });
});

describe("windows gathered by a layer", () => {
  test("a state that comes late has the windows before it outside, but not those of which something is unknown", () => {
    const gathering = new LayerGathering("adult", "touch", 0);
    gathering.change(touch("none", 10));
    gathering.window(1, 0, 10);
    gathering.window(2, 10, 20);
    gathering.window(3, 20, 30);
    gathering.window(Number.NaN, 30, 40);
    gathering.change(touch("static", 44));
    gathering.window(6, 40, 50);
    const { states, mixed } = gathering.summary();
    expect(states.map(({ state, inside, outside }) => [state, inside.n, outside.n])).toEqual([
      ["none", 2, 0],
      ["static", 1, 2],
    ]);
    expect(states[0]!.inside.mean).toBe(2.5);
    expect(states[1]!.difference).toBeNaN();
    // The first window, in which nobody knows anything.
    expect(mixed).toMatchObject({ n: 1, mean: 1 });
  });
});
