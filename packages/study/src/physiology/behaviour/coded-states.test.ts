import { describe, expect, test } from "vitest";
import { CodedStates, closedIntervals } from "./coded-states.ts";

const row = (person: string, layer: string, state: string, onset: number, duration: number) => ({
  person,
  layer,
  state,
  onset,
  duration,
});

describe("coded states", () => {
  test("time that is not coded is rest in a layer of touch, and unknown in a layer of gaze", () => {
    const coded = new CodedStates(
      [row("adult", "touch", "static", 10, 5), row("adult", "gaze", "direct", 10, 5)],
      0,
      100,
    );
    const touch = coded.layer("adult", "touch")!;
    const gaze = coded.layer("adult", "gaze")!;
    expect(Array.from(touch.observed.onsets)).toEqual([0]);
    expect(Array.from(touch.observed.offsets)).toEqual([100]);
    expect(Array.from(gaze.observed.onsets)).toEqual([10]);
    expect(Array.from(gaze.observed.offsets)).toEqual([15]);
  });

  test("unknown is not rest: it is not observed, and rest and unknown are no states", () => {
    const coded = new CodedStates(
      [
        row("adult", "touch", "unknown", 20, 10),
        row("adult", "touch", "none", 30, 10),
        row("adult", "touch", "static", 40, 5),
      ],
      0,
      50,
    );
    const { observed, states } = coded.layer("adult", "touch")!;
    expect([...states.keys()]).toEqual(["static"]);
    expect(Array.from(observed.onsets)).toEqual([0, 30]);
    expect(Array.from(observed.offsets)).toEqual([20, 50]);
  });

  test("a slit of a millisecond between two coded looks is no unknown time", () => {
    const coded = new CodedStates(
      [row("infant", "gaze", "partner", 0, 4.999), row("infant", "gaze", "away", 5, 5)],
      0,
      10,
    );
    expect(coded.layer("infant", "gaze")!.observed.onsets).toHaveLength(1);
  });

  test("changes become closed intervals; the last lasts to the end", () => {
    const change = (state: string, at: number) =>
      ({ kind: "state", person: "adult", layer: "touch", state, at }) as const;
    expect(closedIntervals([change("static", 3), change("none", 8)], 20)).toEqual([
      row("adult", "touch", "static", 3, 5),
      row("adult", "touch", "none", 8, 12),
    ]);
  });
});
