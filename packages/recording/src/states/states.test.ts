import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordingError } from "../errors.ts";
import { parseStates, stateIntervalsToChanges } from "./state-table.ts";
import { statesFromEvents } from "./states-from-events.ts";

const table = (...rows: string[]): string => ["onset\tduration\tperson\tlayer\tstate", ...rows].join("\n");

describe("states tables", () => {
  test("are read in any column order, ordered by onset, other columns ignored", () => {
    const text =
      "state\tcoder\tlayer\tperson\tduration\tonset\r\naverted\tA\tgaze\tadult\t2\t15.5\r\ndirect\tA\tgaze\tadult\t3.1\t12.4\r\n";
    expect(parseStates(text, "s.tsv")).toEqual([
      { person: "adult", layer: "gaze", state: "direct", onset: 12.4, duration: 3.1 },
      { person: "adult", layer: "gaze", state: "averted", onset: 15.5, duration: 2 },
    ]);
  });

  test.each([
    [table("x\t1\tadult\tgaze\tdirect"), 's.tsv, line 2: onset "x" is not a number of seconds.'],
    [table("1\t1\tadult\tgaze\tdirect", "3\tn/a\tadult\tgaze\tdirect"), "line 3: duration"],
    [table("1\t-1\tadult\tgaze\tdirect"), "line 2: the duration -1 s is negative"],
    [table("1\t1\t\tgaze\tdirect"), "line 2: person is missing"],
    [table("1\t1\tadult"), "s.tsv"],
    ["onset\tduration\tperson\tstate\n1\t1\ta\tb", 'line 1: the column "layer" is missing'],
    ["", "line 1"],
  ])("a mistake names its line: %j", (text, message) => {
    expect(() => parseStates(text, "s.tsv")).toThrow(RecordingError);
    expect(() => parseStates(text, "s.tsv")).toThrow(message);
  });

  test("overlap in one layer of one person is an error that names both lines; elsewhere it is fine", () => {
    const rows = ["5\t2\tadult\tgaze\taverted", "1\t2\tadult\tgaze\tdirect", "2.5\t1\tadult\tgaze\taverted"];
    expect(() => parseStates(table(...rows), "s.tsv")).toThrow("lines 3 and 4");
    expect(
      parseStates(
        table("1\t2\tadult\tgaze\tdirect", "2\t2\tinfant\tgaze\tpartner", "2\t2\tadult\tvoice\tspeech"),
        "s",
      ),
    ).toHaveLength(3);
    expect(parseStates(table("1\t2\tadult\tgaze\tdirect", "3\t2\tadult\tgaze\taverted"), "s")).toHaveLength(
      2,
    );
  });

  test("become changes that give the same state at every moment, and unknown between", () => {
    const steps = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("direct", "averted"),
      ),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (plan) => {
        let at = 0;
        const intervals = plan.map(([pause, duration, state]) => {
          const onset = at + pause;
          at = onset + duration;
          return { person: "adult", layer: "gaze", state, onset, duration };
        });
        const changes = stateIntervalsToChanges(intervals);
        for (let t = intervals[0]!.onset + 0.5; t < at + 2; t++) {
          const inside = intervals.find((i) => t >= i.onset && t < i.onset + i.duration)?.state ?? "unknown";
          expect(changes.filter((c) => c.at <= t).at(-1)?.state).toBe(inside);
        }
      }),
    );
  });
});

test("markers become states by their labels, repeats left out", () => {
  const event = (label: string, at: number) => ({ kind: "event" as const, label, at, source: "m" });
  const rules = [
    { label: "infant_voc/onset", person: "infant", layer: "voice", state: "vocalising" },
    { label: "infant_voc/offset", person: "infant", layer: "voice", state: "silent" },
    { label: "pause", person: "infant", layer: "voice", state: "unknown" },
    { label: "pause", person: "adult", layer: "gaze", state: "unknown" },
  ];
  const events = [
    event("pause", 9),
    event("infant_voc/onset", 1),
    event("infant_voc/onset", 1.5),
    event("noise", 2),
    event("infant_voc/offset", 3),
  ];
  expect(statesFromEvents(events, rules).map((c) => [c.at, c.person, c.layer, c.state])).toEqual([
    [1, "infant", "voice", "vocalising"],
    [3, "infant", "voice", "silent"],
    [9, "infant", "voice", "unknown"],
    [9, "adult", "gaze", "unknown"],
  ]);
});
