import { describe, expect, test } from "vitest";
import { defaultDyadSettings } from "../request.ts";
import { strangersIn } from "./coded-people.ts";
import { CodedStates } from "./coded-states.ts";
import { lagRows } from "./lag-rows.ts";
import { touchRows } from "./touch-rows.ts";
import { behaviourOf } from "./vocabulary.ts";

const row = (person: string, layer: string, state: string, onset: number, duration: number) => ({
  person,
  layer,
  state,
  onset,
  duration,
});
const settings = { ...defaultDyadSettings, nSurrogates: 19 };

describe("touch of both people", () => {
  const coded = new CodedStates(
    [
      row("adult", "touch", "static", 10, 20),
      row("infant", "touch", "grasp", 20, 30),
      row("infant", "voice", "cry", 5, 10),
      row("infant", "voice", "cry", 60, 10),
      row("adult", "touch", "static", 65, 5),
    ],
    0,
    100,
  );
  const rows = touchRows(behaviourOf(coded, "adult", "infant"), settings);
  const share = (from: string, detail: string) =>
    rows.find((each) => each.from === from && each.detail === detail && each.measure === "share of time");

  test("is counted by the person who touches, with that person's kinds; either is named so", () => {
    expect(share("adult", "any touch")).toMatchObject({ to: "infant", value: 0.25, n: 2 });
    expect(share("infant", "any touch")).toMatchObject({ to: "adult", value: 0.3, n: 1 });
    expect(share("adult", "static")).toBeDefined();
    expect(share("adult", "grasp")).toBeUndefined();
    expect(share("infant", "grasp")).toMatchObject({ value: 0.3 });
    expect(share("either", "touch by either person")).toMatchObject({ to: "both", value: 0.45 });
  });

  test("cries are answered by the adult's touch alone", () => {
    expect(rows.filter(({ measure }) => measure === "cries answered by touch")).toMatchObject([
      { from: "infant", to: "adult", n: 2, value: 1 },
    ]);
  });

  test("enters lag tables under the person's own name", () => {
    const acts = new Set(
      lagRows(behaviourOf(coded, "adult", "infant")).map(({ from, act }) => `${from} ${act}`),
    );
    expect(acts).toContain("adult touch");
    expect(acts).toContain("infant touch");
  });

  test("of one person alone has no union", () => {
    const one = new CodedStates([row("adult", "touch", "static", 10, 20)], 0, 100);
    expect(
      touchRows(behaviourOf(one, "adult", "infant"), settings).filter(({ from }) => from === "either"),
    ).toEqual([]);
  });
});

describe("people whom nobody knows", () => {
  test("are refused when nobody in the table is known, and named when somebody is", () => {
    const others = [row("Mother", "touch", "static", 1, 2), row("Baby", "voice", "cry", 1, 2)];
    expect(() => strangersIn(new CodedStates(others, 0, 10), ["adult", "infant"])).toThrow(
      /of Mother and Baby, and the people are adult and infant.*--adult Mother --infant Baby/,
    );
    const some = new CodedStates([...others, row("adult", "gaze", "direct", 0, 5)], 0, 10);
    expect(strangersIn(some, ["adult", "infant"])).toEqual(["Mother", "Baby"]);
  });

  test("may own phases", () => {
    const phase = new CodedStates([row("session", "phase", "play", 0, 10)], 0, 10);
    expect(strangersIn(phase, ["adult", "infant"])).toEqual([]);
  });
});
