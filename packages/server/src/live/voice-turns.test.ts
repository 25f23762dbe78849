import { describe, expect, test } from "vitest";
import { VoiceTurns } from "./voice-turns.ts";

/** `person state at`, one a line. */
function turnsOf(lines: readonly (readonly [person: string, state: string, at: number])[]): VoiceTurns {
  const turns = new VoiceTurns(["adult", "infant"]);
  for (const [person, state, at] of lines) {
    const layer = person === "session" ? "pause" : "voice";
    turns.change({ kind: "state", person, layer, state, at });
  }
  return turns;
}
const beginning = [
  ["adult", "silent", 0],
  ["infant", "silent", 0],
] as const;

describe("turns of two voices", () => {
  test("switches each way, offsets and overlaps are those of the coded times", () => {
    const turns = turnsOf([
      ...beginning,
      ["infant", "vocalising", 10],
      ["infant", "silent", 11],
      ["adult", "speaking", 11.5],
      ["adult", "silent", 13],
      ["infant", "vocalising", 14],
      ["adult", "speaking", 14.8],
      ["infant", "silent", 15],
      ["adult", "silent", 16],
      // Too late to be a turn.
      ["infant", "vocalising", 19],
      ["infant", "silent", 19.5],
    ]);
    const [pair] = turns.pairs(30);
    expect(pair).toMatchObject({
      first: "adult",
      second: "infant",
      nFirst: 2,
      nSecond: 3,
      nCries: 0,
      firstToSecond: 1,
      secondToFirst: 2,
      observedSeconds: 30,
      nUnknown: 0,
    });
    // Offsets 0.5, 1 and -0.2.
    expect(pair!.medianTransferSeconds).toBeCloseTo(0.5, 12);
    expect(pair!.overlapShare).toBeCloseTo(1 / 3, 12);
  });

  test("what has not ended does not count yet, and no value is null, never 0", () => {
    const turns = turnsOf([...beginning, ["infant", "vocalising", 10]]);
    expect(turns.pairs(30)).toMatchObject([
      { nSecond: 0, observedSeconds: 10, medianTransferSeconds: null, overlapShare: null },
    ]);
    expect(turnsOf([["adult", "silent", 0]]).pairs(30)).toEqual([]);
    expect(turnsOf([["adult", "silent", 0]]).hasPair).toBe(false);
    expect(turnsOf(beginning).pairs(0)).toEqual([]);
  });

  test("a cry takes no turn and comes between", () => {
    const [pair] = turnsOf([
      ...beginning,
      ["infant", "vocalising", 10],
      ["infant", "silent", 10.5],
      ["infant", "cry", 10.8],
      ["infant", "silent", 11.4],
      ["adult", "speaking", 11.8],
      ["adult", "silent", 12.5],
    ]).pairs(20);
    expect(pair).toMatchObject({ nSecond: 1, nCries: 1, firstToSecond: 0, secondToFirst: 0 });
  });

  test("pauses and unknown times are not heard, and nothing is a turn across them", () => {
    const [pair] = turnsOf([
      ...beginning,
      ["session", "running", 0],
      ["infant", "vocalising", 10],
      ["infant", "silent", 10.5],
      ["session", "paused", 10.6],
      ["session", "running", 11],
      ["adult", "speaking", 11.5],
      ["adult", "silent", 12],
      ["infant", "unknown", 20],
    ]).pairs(30);
    expect(pair).toMatchObject({ secondToFirst: 0, nUnknown: 1, medianTransferSeconds: null });
    expect(pair!.observedSeconds).toBeCloseTo(19.6, 9);
  });
});
