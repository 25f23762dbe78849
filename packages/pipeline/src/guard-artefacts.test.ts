import type { RejectionReason, Window } from "@attune/signal";
import fc from "fast-check";
import { from, Subject } from "rxjs";
import { describe, expect, test } from "vitest";
import { valuesOf, windowOf } from "./example-data.test-support.ts";
import { guardArtefacts } from "./guard-artefacts.ts";

/** Windows of a second; those named have a problem. */
const windowsWith = (
  count: number,
  hop: number,
  problems: Readonly<Record<number, RejectionReason>>,
  person = "infant",
): Window[] =>
  Array.from({ length: count }, (_, index) => ({
    ...windowOf([new Float64Array(200)], { index, hop }),
    problems: problems[index] === undefined ? [] : [{ person, reason: problems[index] }],
  }));
const guarded = (windows: Window[], guardSeconds: number, hop: number) =>
  valuesOf(from(windows).pipe(guardArtefacts(guardSeconds, hop / 200)));
const rejected = (windows: Window[]) =>
  windows.filter(({ problems }) => problems.length > 0).map(({ index }) => index);

describe("guardArtefacts", () => {
  test("windows on both sides of an artefact are rejected for the person who had it", () => {
    const out = guarded(windowsWith(9, 200, { 4: "amplitude" }), 1, 200);
    expect(rejected(out)).toEqual([3, 4, 5]);
    expect(out[3]!.problems).toEqual([{ person: "infant", reason: "near-artefact" }]);
    expect(out[4]!.problems).toEqual([{ person: "infant", reason: "amplitude" }]);
  });

  test("a guard of zero rejects no neighbour", () => {
    expect(rejected(guarded(windowsWith(9, 200, { 4: "flat" }), 0, 200))).toEqual([4]);
  });

  test("with overlapping windows the guard reaches as far back as forward", () => {
    expect(rejected(guarded(windowsWith(13, 100, { 6: "amplitude" }), 0.25, 100))).toEqual([4, 5, 6, 7, 8]);
    expect(rejected(guarded(windowsWith(13, 100, { 6: "amplitude" }), 1, 100))).toEqual([
      3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  test("gaps, mains and clocks have no tails", () => {
    const problems = { 2: "gap", 5: "line-noise", 8: "clock" } as const;
    expect(rejected(guarded(windowsWith(11, 200, problems), 2, 200))).toEqual([2, 5, 8]);
  });

  test("a window leaves as soon as all that could reject it is known", () => {
    const source = new Subject<Window>();
    const out: number[] = [];
    source.pipe(guardArtefacts(1, 1)).subscribe(({ index }) => out.push(index));
    const [first, second, third] = windowsWith(3, 200, {}) as [Window, Window, Window];
    source.next(first);
    expect(out).toEqual([]);
    source.next(second);
    expect(out).toEqual([0]);
    source.next(third);
    source.complete();
    expect(out).toEqual([0, 1, 2]);
  });

  test("its verdict is that of the rule applied to the whole recording", () => {
    const artefacts = fc.dictionary(
      fc.nat(29).map(String),
      fc.constantFrom<RejectionReason>("amplitude", "gap", "railed"),
    );
    fc.assert(
      fc.property(
        artefacts,
        fc.constantFrom(200, 100, 60),
        fc.integer({ min: 0, max: 8 }),
        (problems, hop, quarters) => {
          const windows = windowsWith(30, hop, problems);
          const guard = quarters / 4;
          const known = windows.filter(
            ({ problems: [first] }) => first !== undefined && first.reason !== "gap",
          );
          const out = guarded(windows, guard, hop);
          expect(out.map(({ index }) => index)).toEqual(windows.map(({ index }) => index));
          for (const { index, start, problems: found } of out) {
            const near = known.filter((each) => Math.abs(each.start - start) < 1 + guard - 1e-9);
            expect(found.length === 0).toBe(near.length === 0 && windows[index]!.problems.length === 0);
          }
        },
      ),
    );
  });
});
