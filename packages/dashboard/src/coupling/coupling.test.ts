import type { Comparison, DirectedEvidence, Evidence, Timeline } from "@attune/wire/page";
import { describe, expect, test } from "vitest";
import { findingSentence } from "../texts/drawing.ts";
import { couplingSeries } from "./coupling-series.ts";
import { decimals, findingOf, nullBand, verdictOf } from "./read-evidence.ts";

const value = (part: Partial<DirectedEvidence>): DirectedEvidence => ({
  condition: "direct",
  from: "adult",
  to: "infant",
  band: "theta",
  measure: "gpdcSquared",
  value: 0.08,
  nullMean: 0.02,
  nullSd: 0.01,
  corrected: 0.06,
  z: 6,
  p: 0.001,
  caveat: null,
  nWindows: 80,
  cleanSeconds: 80,
  ...part,
});
const comparison = (part: Partial<Comparison>): Comparison => ({
  from: "adult",
  to: "infant",
  band: "theta",
  measure: "gpdcSquared",
  condition: "direct",
  reference: "averted",
  difference: 0.04,
  low: 0.01,
  high: 0.07,
  level: 0.95,
  n: 8,
  nReference: 8,
  windowsToGo: 20,
  ...part,
});
const back = { from: "infant", to: "adult" } as const;
const values = (part: Partial<DirectedEvidence> = {}): DirectedEvidence[] =>
  [{}, back].flatMap((way) => [
    value({ ...way, ...part }),
    value({ ...way, condition: "averted", value: 0.03, ...part }),
  ]);
const evidence = (comparisons: Comparison[], all = values()): Evidence => ({
  kind: "evidence",
  at: 100,
  condition: "direct",
  values: all,
  comparisons,
});
const said = (e: Evidence | undefined): string =>
  findingSentence(findingOf(e, "theta"), (p) => (p === "adult" ? "Adult" : "Infant"));

describe("what the numbers may be read as", () => {
  test("above means above the band that is drawn, and a caveat outweighs everything", () => {
    expect(nullBand(value({}))).toEqual([0, 0.04]);
    expect(verdictOf(value({}))).toBe("above");
    expect(verdictOf(value({ value: 0.04 }))).toBe("inside");
    expect(verdictOf(value({ value: -0.01 }))).toBe("below");
    expect(verdictOf(value({ nullSd: null }))).toBe("unknown");
    expect(verdictOf(value({ caveat: "too few windows" }))).toBe("untrusted");
  });

  test("the sentence says only what intervals without zero say", () => {
    expect(said(evidence([comparison({}), comparison({ ...back, low: -0.01 })]))).toBe(
      "During direct gaze the adult's brain predicts the infant's more strongly than during averted gaze.",
    );
    expect(said(evidence([comparison({}), comparison(back)]))).toBe(
      "During direct gaze the two brains predict each other more strongly than during averted gaze.",
    );
    expect(
      said(evidence([comparison({ low: -0.07, high: -0.01 })], values({ condition: "averted" }))),
    ).toContain("too early");
    const flipped = comparison({
      condition: "averted",
      reference: "direct",
      difference: -0.04,
      low: -0.07,
      high: -0.01,
    });
    expect(said(evidence([flipped]))).toBe(
      "During direct gaze the adult's brain predicts the infant's more strongly than during averted gaze.",
    );
    expect(said(evidence([comparison({}), comparison({ ...back, low: -0.07, high: -0.01 })]))).toContain(
      "the infant's brain predicts the adult's less strongly",
    );
    expect(said(evidence([comparison({ low: -0.01 }), comparison({ ...back, low: -0.02 })]))).toBe(
      "So far direct and averted gaze cannot be told apart.",
    );
  });

  test("chance and too early are said as such", () => {
    expect(said(undefined)).toBe("It is too early to say what gaze does to the two brains.");
    expect(said(evidence([]))).toContain("too early");
    expect(said(evidence([comparison({ low: null, high: null })]))).toContain("too early");
    expect(said(evidence([comparison({})], values({ caveat: "31 of 45 windows" })))).toBe(
      "It is too early to say what gaze does to the two brains: 31 of 45 windows.",
    );
    expect(said(evidence([comparison({ low: -0.01 })], values({ value: 0.03 })))).toContain("within chance");
    expect(said(evidence([comparison({})], values({ value: 0.03 })))).toContain("still within chance");
    expect(findingOf(evidence([comparison({})]), "alpha").kind).toBe("too-early");
  });

  test("numbers keep their digits and their sign", () => {
    expect([decimals(0.0796), decimals(-0.006), decimals(null), decimals(3.26, 1)]).toEqual([
      "0.080",
      "−0.006",
      "–",
      "3.3",
    ]);
  });
});

describe("columns of the chart", () => {
  const point = (
    at: number,
    condition: string,
    v: number | null,
    isTrusted = true,
  ): Timeline["couplings"][number] => ({
    at,
    condition,
    from: "adult",
    to: "infant",
    band: "theta",
    value: v,
    nullMean: 0.02,
    nullSd: 0.01,
    corrected: null,
    isTrusted,
  });

  test("conditions known at different times share one axis, and nothing is made up between", () => {
    const { times, conditions } = couplingSeries(
      [
        point(12, "direct", 0.05),
        point(11, "averted", 0.03),
        point(13, "direct", 0.06, false),
        { ...point(12, "direct", 9), band: "alpha" },
      ],
      { band: "theta", from: "adult", to: "infant" },
      10,
    );
    expect(times).toEqual([1, 2, 3]);
    expect(conditions.map(({ condition }) => condition)).toEqual(["direct", "averted"]);
    expect(conditions[0]!.trusted).toEqual([null, 0.05, null]);
    expect(conditions[0]!.untrusted).toEqual([null, null, 0.06]);
    expect(conditions[1]!.trusted).toEqual([0.03, null, null]);
    expect(conditions[0]!.nullLow).toEqual([null, 0, 0]);
    expect(conditions[1]!.nullHigh[0]).toBeCloseTo(0.04, 12);
  });

  test("of two estimates at one time the later row counts", () => {
    const { conditions } = couplingSeries(
      [point(1, "direct", 0.1), point(1, "direct", 0.2)],
      { band: "theta", from: "adult", to: "infant" },
      0,
    );
    expect(conditions[0]!.trusted).toEqual([0.2]);
  });
});
