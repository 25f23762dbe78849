import { describe, expect, it } from "vitest";
import type { ConditionResult, StudyResult } from "../result.ts";
import { answerSentences, conditionPhrase, contrastSentence, notReportedSentences } from "./answer.ts";
import { exampleResult } from "./example-result.ts";
import { texts } from "./texts.ts";

const plain = (text: string | undefined) => text?.replace(/\u00a0/g, " ");

/** The example with p and q of one number replaced. */
function withProbabilities(
  change: (condition: string, from: string, band: string) => { p: number; q: number },
): StudyResult {
  const result = exampleResult();
  return {
    ...result,
    conditions: result.conditions.map((condition) => ({
      ...condition,
      directions: condition.directions.map((item) => ({
        ...item,
        ...change(condition.condition, item.from, item.band),
      })),
    })),
  };
}

describe("the answer", () => {
  it("says where coupling was above chance and where it was not, with p and q", () => {
    const result = withProbabilities((condition, from, band) =>
      condition === "direct" && from === "adult" && band === "theta"
        ? { p: 0.001, q: 0.004 }
        : { p: 0.41, q: 0.5 },
    );
    expect(answerSentences(result).map(plain)).toEqual([
      "Adult → infant coupling in theta (3–6 Hz) was above chance under direct gaze (p = .001, q = .004), not under averted gaze (p = .410, q = .500).",
      "Not above chance in any condition: infant → adult in theta (3–6 Hz) and alpha (6–9 Hz), adult → infant in alpha (6–9 Hz) (smallest p = .410).",
      "No usable number under indirect gaze: model is unstable.",
    ]);
  });

  it("goes by q in the declared family: a small p alone is not above chance", () => {
    const sentences = answerSentences(withProbabilities(() => ({ p: 0.03, q: 0.12 })));
    expect(sentences[0]).toMatch(/^Not above chance in any condition: /);
    expect(sentences.join(" ")).not.toContain("was above chance");
  });

  it("goes by the level that the settings name", () => {
    const result = withProbabilities(() => ({ p: 0.02, q: 0.03 }));
    const strict = { ...result, settings: { ...result.settings, alpha: 0.01 } };
    expect(answerSentences(result)[0]).toContain("was above chance");
    expect(answerSentences(strict).join(" ")).not.toContain("was above chance");
  });

  it("names every direction that is above chance", () => {
    const [first] = answerSentences(withProbabilities(() => ({ p: 0.001, q: 0.001 })));
    for (const part of [
      "Adult → infant coupling in theta",
      "infant → adult coupling in theta",
      "adult → infant coupling in alpha",
      "infant → adult coupling in alpha",
    ])
      expect(first).toContain(part);
    expect(first).toContain("under direct gaze (p = .001, q = .001) and under averted gaze");
    expect(first).not.toContain("indirect");
  });

  it("leaves bands out that were not declared", () => {
    expect(answerSentences(withProbabilities(() => ({ p: 0.001, q: 0.001 }))).join(" ")).not.toContain(
      "delta",
    );
  });

  it("says that nothing was tested when there is no null", () => {
    const [first] = answerSentences(withProbabilities(() => ({ p: Number.NaN, q: Number.NaN })));
    expect(first).toMatch(/^Not tested against chance: adult → infant in theta/);
  });

  it("leaves the question open when no condition is reported, and says why", () => {
    const [, , third] = exampleResult().conditions as [unknown, unknown, ConditionResult];
    const result = exampleResult({ conditions: [third], contrasts: [] });
    expect(answerSentences(result)).toEqual([texts.answer.nothingReported]);
    expect(notReportedSentences(result)).toEqual([
      "Not reported: direct-oblique (only 6.0 s of clean data in 3 episodes, 10 s are needed).",
    ]);
    expect(contrastSentence(result)).toBeUndefined();
  });

  it("names conditions as the layer of states asks for", () => {
    const result = exampleResult();
    const phase = {
      ...result,
      settings: { ...result.settings, states: { ...result.settings.states, layer: "phase" } },
    };
    expect(conditionPhrase(result, "direct")).toBe("under direct gaze");
    expect(conditionPhrase(result, "all")).toBe("over the whole recording");
    expect(conditionPhrase(phase, "song")).toBe("in the condition “song”");
  });
});

describe("the comparison of conditions", () => {
  it("reports reliable differences with their size and sums up the others", () => {
    expect(plain(contrastSentence(exampleResult()))).toBe(
      "Compared directly: adult → infant in theta (3–6 Hz) differed between direct and averted (+0.033, p = .002, q = .008); no other declared coupling differed reliably (smallest p = .183).",
    );
  });

  it("warns against reading a difference out of two separate tests when none was made", () => {
    expect(contrastSentence(exampleResult({ contrasts: [] }))).toBe(texts.answer.noContrast);
  });

  it("does not use a contrast with a condition whose model is unusable", () => {
    const contrasts = exampleResult().contrasts.map((contrast) => ({ ...contrast, conditionB: "indirect" }));
    expect(contrastSentence(exampleResult({ contrasts }))).toBe(texts.answer.noContrast);
  });
});
