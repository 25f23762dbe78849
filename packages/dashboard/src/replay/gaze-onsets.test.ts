import { expect, test } from "vitest";
import { timeline } from "../session/documents.test-support.ts";
import { gazeOnsets, nextOnset, previousOnset } from "./gaze-onsets.ts";

const interval = (onset: number, state: string, person = "adult", layer = "gaze") => ({
  person,
  layer,
  state,
  onset,
  offset: onset + 1,
});
const known = timeline({
  intervals: [
    interval(1, "direct"),
    interval(2, "unknown"),
    interval(3, "averted"),
    interval(4, "partner", "infant"),
    interval(5, "vocalising", "adult", "voice"),
    interval(6, "direct"),
  ],
});

test("onsets are those of the layer that is asked for, and unknown is none", () => {
  expect(gazeOnsets(known, { person: "adult", layer: "gaze" })).toEqual([1, 3, 6]);
  expect(gazeOnsets(known, { person: "infant", layer: "gaze" })).toEqual([4]);
});

test("forward and back go from onset to onset, and end", () => {
  expect([0, 1, 3.01, 6].map((at) => nextOnset([1, 3, 6], at))).toEqual([1, 3, 6, undefined]);
  expect([7, 6, 3, 1].map((at) => previousOnset([1, 3, 6], at, false))).toEqual([6, 3, 1, undefined]);
});

test("while it plays, back means the onset before the one that has just passed", () => {
  expect(previousOnset([1, 3, 6], 6.4, true)).toBe(3);
  expect(previousOnset([1, 3, 6], 7.5, true)).toBe(6);
});
