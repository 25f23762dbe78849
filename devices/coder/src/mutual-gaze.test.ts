import type { StateChange } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveMutualGaze, mutualGazeOf } from "./mutual-gaze.ts";

const gaze = (person: string, state: string, at: number): StateChange => ({
  kind: "state",
  person,
  layer: "gaze",
  state,
  at,
});
const said = (changes: readonly StateChange[]): string[] => changes.map(({ state, at }) => `${at} ${state}`);

describe("mutual gaze", () => {
  test("is adult direct and infant partner at the same time, for all three values of knowing", () => {
    const changes = [
      gaze("adult", "direct", 1),
      gaze("infant", "partner", 2),
      gaze("infant", "away", 4),
      gaze("infant", "partner", 6),
      gaze("adult", "unknown", 7),
      gaze("infant", "object", 8),
      gaze("adult", "averted", 9),
      gaze("infant", "unknown", 10),
    ];
    expect(said(mutualGazeOf(changes, 20))).toEqual([
      "1 unknown",
      "2 mutual",
      "4 none",
      "6 mutual",
      "7 unknown",
      "8 none",
    ]);
    expect(mutualGazeOf(changes, 20)[1]).toEqual({
      kind: "state",
      person: "session",
      layer: "mutual-gaze",
      state: "mutual",
      at: 2,
    });
  });

  test("breaks and meetings shorter than the tolerance never happened; of exactly its length they did", () => {
    const meet = [gaze("adult", "direct", 1), gaze("infant", "partner", 1)];
    const brief = (length: number): StateChange[] => [
      ...meet,
      gaze("infant", "away", 3),
      gaze("infant", "partner", 3 + length),
    ];
    expect(said(mutualGazeOf(brief(0.09), 9))).toEqual(["1 mutual"]);
    expect(said(mutualGazeOf(brief(0.1), 9))).toEqual(["1 mutual", "3 none", "3.1 mutual"]);
    const glance = [
      gaze("adult", "averted", 0),
      gaze("infant", "partner", 0),
      gaze("adult", "direct", 2),
      gaze("adult", "averted", 2.05),
    ];
    expect(said(mutualGazeOf(glance, 9))).toEqual(["0 none"]);
    expect(said(mutualGazeOf(glance, 9, { toleranceSeconds: 0 }))).toEqual([
      "0 none",
      "2 mutual",
      "2.05 none",
    ]);
  });

  test("is announced when it has lasted, with the time at which it began", () => {
    const mutual = deriveMutualGaze({ toleranceSeconds: 0.1 });
    mutual.push(gaze("adult", "direct", 1));
    mutual.push(gaze("infant", "partner", 1));
    expect(mutual.advance(1.05)).toEqual([]);
    expect(said(mutual.advance(1.1))).toEqual(["1 mutual"]);
  });

  test("two changes at one moment make no moment in between", () => {
    const changes = [
      gaze("adult", "averted", 1),
      gaze("infant", "partner", 1),
      gaze("adult", "direct", 2),
      gaze("infant", "away", 2),
    ];
    expect(said(mutualGazeOf(changes, 9, { toleranceSeconds: 0 }))).toEqual(["1 none"]);
  });

  test("other people, layers and their own states are passed over", () => {
    const options = {
      adult: "mother",
      infant: "twin-1",
      adultStates: ["direct", "direct-oblique"],
      infantStates: ["partner"],
    };
    const changes = [
      gaze("mother", "direct-oblique", 1),
      gaze("infant", "away", 1),
      gaze("twin-1", "partner", 2),
      { ...gaze("twin-1", "away", 3), layer: "voice" },
    ];
    expect(said(mutualGazeOf(changes, 9, options))).toEqual(["1 unknown", "2 mutual"]);
  });

  test("any order of arrival between the two and any steps of knowing give the same", () => {
    const states = (names: readonly string[]) =>
      fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 40 })), { maxLength: 25 });
    fc.assert(
      fc.property(
        states(["direct", "averted", "unknown"]),
        states(["partner", "away", "unknown"]),
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 1200 }), { maxLength: 30 }),
        (adult, infant, choices, steps) => {
          const line = (person: string, list: readonly (readonly [string, number])[]): StateChange[] => {
            let at = 0;
            return list.map(([state, wait]) => {
              at += wait;
              return gaze(person, state, at / 100);
            });
          };
          const a = line("adult", adult);
          const b = line("infant", infant);
          const truth = mutualGazeOf([...a, ...b], 15);
          const shuffled: StateChange[] = [];
          const [restA, restB] = [[...a], [...b]];
          for (const first of choices) {
            const next = (first ? restA : restB).shift();
            if (next) shuffled.push(next);
          }
          expect(mutualGazeOf([...shuffled, ...restA, ...restB], 15)).toEqual(truth);
          const mutual = deriveMutualGaze();
          const all = [...a, ...b].sort((x, y) => x.at - y.at);
          const got: StateChange[] = [];
          for (const step of [...steps].sort((x, y) => x - y)) {
            while (all.length > 0 && all[0]!.at <= step / 100) mutual.push(all.shift()!);
            got.push(...mutual.advance(step / 100));
          }
          for (const rest of all) mutual.push(rest);
          expect([...got, ...mutual.finish(15)]).toEqual(truth);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a negative tolerance is refused", () => {
    expect(() => deriveMutualGaze({ toleranceSeconds: -1 })).toThrow(/at least 0/);
  });
});
