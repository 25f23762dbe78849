import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";
import { defaultDyadSettings } from "./request.ts";
import type { CovariationResult, DyadResult, SplitResult } from "./result.ts";

type Known = Parameters<typeof answerOf>[0];

const chance = {
  kind: "circularShift",
  observed: 0.05,
  mean: 0,
  sd: 0.1,
  z: 0.5,
  p: 0.4,
  low: -0.1,
  high: 0.1,
  upper: 0.08,
  nSurrogates: 199,
} as const;
const primary = {
  id: "primary",
  description: "",
  value: 0.05,
  nWindows: 57,
  windowSeconds: 30,
  starts: [],
  z: [],
  nulls: [chance],
  p: 0.4,
  decidedBy: "circularShift",
  crossCorrelation: { lags: [], values: [], peakLag: 3, peak: 0.1, nullLow: [-0.3], nullHigh: [0.3] },
} as const;
const measure = {
  id: "ibi-ccf",
  series: "ibi",
  description: "",
  unit: "|r|",
  value: 0.1,
  lagSeconds: 3,
  nulls: [chance],
  p: 0.4,
  q: 0.4,
  canReach: true,
  decidedBy: "circularShift",
  descriptions: [],
} as const;
const side = { n: 20, mean: 0.3, median: 0.3, sd: 0.1 };
const split: SplitResult = {
  person: "adult",
  layer: "touch",
  state: "any",
  isDeclared: true,
  inside: side,
  outside: { ...side, mean: 0 },
  nMixed: 0,
  nWithoutValue: 0,
  difference: 0.3,
  hedgesG: 1,
  p: 0.01,
  q: 0.01,
  nShifts: 99,
  canReach: true,
  insideWindows: [],
  outsideWindows: [],
  insideNull: { low: 0, high: 0 },
  outsideNull: { low: 0, high: 0 },
  insideLagSeconds: 3,
};

const said = (
  changes: {
    primary?: object;
    measures?: readonly object[];
    splits?: readonly object[];
    behaviour?: object[];
    verdict?: string;
  } = {},
): string[] =>
  answerOf({
    people: [{ id: "adult" }, { id: "infant" }],
    settings: defaultDyadSettings,
    crossTalk: { verdict: changes.verdict ?? "none-found", reasons: [], stretches: [] },
    covariation: {
      primary: { ...primary, ...changes.primary },
      exploratory: (changes.measures ?? [{}]).map((each) => ({ ...measure, ...each })),
      familySize: (changes.measures ?? [{}]).length,
    } as unknown as CovariationResult,
    splits: (changes.splits ?? []).map((each) => ({ ...split, ...each })),
    behaviour: (changes.behaviour ?? []) as unknown as DyadResult["behaviour"],
    together: [],
  } as unknown as Known);

describe("the answer in words", () => {
  test("from three windows nothing can be said, neither of the declared measure nor of the others", () => {
    const words = said({ primary: { nWindows: 3, p: 0.01 } });
    expect(words[0]).toMatch(/cannot be said: 3 windows of 30 s have a value, and 10 are needed/);
    expect(words[1]).toMatch(/describe 3 windows and are no evidence either way/);
    expect(words.join(" ")).not.toContain("No evidence");
  });

  test("a null result names no lag", () => {
    expect(said()[0]).toMatch(/^No evidence that the hearts/);
    expect(said()[0]).not.toContain("leads");
  });

  test("where the surrogates do not suffice, silence says nothing", () => {
    expect(said({ measures: [{ canReach: false }, { canReach: false }] })[1]).toMatch(
      /None of 2 .* For all of them the surrogates do not suffice \(199; one of 2 alone needs 39\)/,
    );
    expect(said({ primary: { nulls: [{ ...chance, nSurrogates: 9 }] } })[0]).toMatch(
      /cannot be said: 9 circular shifts can give no p below 0.100/,
    );
    expect(said({ splits: [{ q: 0.2, canReach: false, nShifts: 5 }] })[1]).toMatch(
      /cannot be said: .* 5 shifts/,
    );
    expect(said({ splits: [{ q: 0.2 }] })[1]).toMatch(/^No evidence/);
  });

  test("a side of a split with few windows cannot be compared, and says where to look", () => {
    expect(said({ splits: [{ outside: { ...side, n: 3 } }] })[1]).toMatch(
      /cannot be said: 20 windows in it and 3 without any of it, and 5 of each are needed.*panels around events/,
    );
  });

  test("under a leak everything about covariation is on paper", () => {
    const words = said({
      verdict: "leak",
      primary: { p: 0.001 },
      splits: [{}],
      measures: [{ q: 0.01 }],
    });
    expect(words[0]).toContain("NOT evidence");
    for (const sentence of words.slice(1)) expect(sentence).toContain("on paper");
    expect(words).toHaveLength(4);
  });

  test("touch of both people is told apart by name", () => {
    const words = said({ splits: [{}, { person: "infant" }] });
    expect(words[1]).toContain("During adult's touch");
    expect(words[2]).toContain("During infant's touch");
  });

  test("few acts are no contingency and no lack of it; answers both ways carry their caveat", () => {
    const answers = (from: string, to: string, n: number) => ({
      measure: "delta P",
      null: "circular-shift",
      detail: `${to} answers ${from}'s voice, within 2 s of its end`,
      from,
      to,
      n,
      value: 0.3,
      expected: 0,
      p: 0.001,
    });
    expect(said({ behaviour: [answers("infant", "adult", 6)] }).at(-1)).toMatch(
      /cannot be said, 6 acts are too few/,
    );
    const both = said({ behaviour: [answers("infant", "adult", 50), answers("adult", "infant", 50)] });
    expect(both.at(-1)).toMatch(/one of them may not/);
    expect(said({ behaviour: [answers("infant", "adult", 50)] }).at(-1)).toMatch(/more often than chance/);
  });
});
