import type { StateChange } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BehaviourCoder } from "./behaviour-coder.ts";
import { codedIntervals } from "./coded-intervals.ts";
import { adultGaze, infantGaze, make } from "./coding.test-support.ts";
import { decodeRow, encodeRow } from "./coding-log.ts";
import { CoderError } from "./errors.ts";
import { type CodedLayer, dyadLayers } from "./layers.ts";

describe("the log", () => {
  test("declares the human latency and leaves the times alone", () => {
    const coder = make({ humanLatencySeconds: 0.35 });
    const { rows, changes } = coder.keyDown("f", 7.25);
    expect(rows[0]).toMatchObject({ at: 7.25, humanLatencySeconds: 0.35, key: "f" });
    expect(changes[0]!.at).toBe(7.25);
    expect(make().rows[0]!.humanLatencySeconds).toBe(0.3);
  });

  test("a key reported earlier than the last is moved up to it and says so", () => {
    const coder = make();
    coder.keyDown("f", 5);
    const { rows } = coder.keyDown("a", 4.9);
    expect(rows[0]).toMatchObject({ at: 5, reportedAt: 4.9 });
    expect(coder.keyDown("f", 6).rows).toEqual([]);
  });

  test("a time that is no number is our mistake", () => {
    expect(() => make().keyDown("f", Number.NaN)).toThrow(CoderError);
  });

  test("rows survive as text, and are no states to a reader of markers", () => {
    const coder = make();
    const { rows } = coder.keyDown("f", 1);
    expect(decodeRow(encodeRow(rows[0]!))).toEqual(rows[0]);
    expect(decodeRow("hello")).toBeUndefined();
    expect(decodeRow('{"coding":{}}')).toBeUndefined();
  });

  test("intervals: as coded with the mistake in it, applied as if it had never been made", () => {
    const coder = make({ layers: [adultGaze] });
    coder.keyDown("a", 1);
    coder.keyDown("f", 4);
    coder.undo(6);
    coder.stop(10);
    const list = (corrections: "applied" | "as-coded"): string[] =>
      codedIntervals(coder.rows, { coder: "coder", corrections }).map(
        (i) => `${i.onset}+${i.duration} ${i.state}`,
      );
    expect(list("as-coded")).toEqual(["0+1 unknown", "1+3 averted", "4+2 direct", "6+4 averted"]);
    expect(list("applied")).toEqual(["0+1 unknown", "1+9 averted"]);
  });
});

describe("the table of layers", () => {
  test("contradictions are refused by name", () => {
    const bad = (layers: CodedLayer[]) => () => new BehaviourCoder({ layers });
    expect(bad([adultGaze, adultGaze])).toThrow(/adult\.gaze stands twice/);
    expect(bad([adultGaze, { ...infantGaze, states: [{ state: "partner", keys: ["F"] }] }])).toThrow(
      /key "f" codes both adult\.gaze "direct" and infant\.gaze "partner"/,
    );
    expect(bad([{ ...infantGaze, states: [] }])).toThrow(/has no states/);
    expect(
      bad([
        {
          ...infantGaze,
          states: [
            { state: "a", keys: ["x"] },
            { state: "a", keys: ["y"] },
          ],
        },
      ]),
    ).toThrow(/state "a" twice/);
    expect(() => new BehaviourCoder({ layers: [adultGaze], coders: ["a", "a"] })).toThrow(CoderError);
  });

  test("the standard one fits together and holds the five categories of the adult's gaze", () => {
    const coder = new BehaviourCoder({ layers: dyadLayers() });
    const gaze = coder.layers.find(({ person, layer }) => person === "adult" && layer === "gaze")!;
    expect(gaze.states.map(({ state }) => state)).toEqual([
      "direct",
      "indirect",
      "direct-oblique",
      "averted",
      "unknown",
    ]);
  });
});

describe("whatever is pressed", () => {
  const action = fc.record({
    what: fc.constantFrom("down", "up", "undo", "blur"),
    key: fc.constantFrom("j", "k", "l", "f", "a", "x"),
    coder: fc.constantFrom("first", "second"),
    wait: fc.double({ min: 0, max: 4, noNaN: true }),
  });

  test("changes are the primary's rows, in order of time, each different from the one before in its layer", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const coder = new BehaviourCoder({ layers: [adultGaze, infantGaze], coders: ["first", "second"] });
        const changes: StateChange[] = [...coder.start(0).changes];
        let at = 0;
        for (const { what, key, coder: who, wait } of actions) {
          at += wait;
          const coded =
            what === "down"
              ? coder.keyDown(key, at, who)
              : what === "up"
                ? coder.keyUp(key, at, who)
                : what === "undo"
                  ? coder.undo(at, who)
                  : coder.blur(at, who);
          changes.push(...coded.changes);
        }
        changes.push(...coder.stop(at + 1).changes);
        const primary = coder.rows.filter(({ coder: who }) => who === "first");
        expect(changes.map(({ state, at: t }) => [state, t])).toEqual(
          primary.map(({ state, at: t }) => [state, t]),
        );
        const last = new Map<string, string>();
        let time = 0;
        for (const { person, state, at: t } of changes) {
          expect(t).toBeGreaterThanOrEqual(time);
          time = t;
          expect(last.get(person)).not.toBe(state);
          last.set(person, state);
        }
        expect([...last.values()]).toEqual(["unknown", "unknown"]);
        for (const corrections of ["applied", "as-coded"] as const)
          for (const { coder: who } of [{ coder: "first" }, { coder: "second" }]) {
            const total = codedIntervals(coder.rows, { coder: who, corrections, until: at + 1 })
              .filter(({ person }) => person === "infant")
              .reduce((sum, { duration }) => sum + duration, 0);
            expect(total).toBeCloseTo(at + 1, 9);
          }
      }),
      { numRuns: 300 },
    );
  });
});
