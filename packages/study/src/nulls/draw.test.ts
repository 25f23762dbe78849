import { permutationP } from "@attune/core";
import { describe, expect, test } from "vitest";
import type { ConditionData } from "../condition-data.ts";
import { Estimator } from "../estimator.ts";
import {
  conditionOf,
  contextOf,
  type Dyad,
  dyadWindows,
  quickSettings,
  ROWS,
} from "../example-windows.test-support.ts";
import type { StudySettings } from "../settings.ts";
import type { NullDraws } from "./context.ts";
import { drawNull } from "./draw.ts";

const ids = [
  "residualShuffle",
  "blockShuffle",
  "circularShift",
  "allChannelShuffle",
  "phaseRand",
  "jointShuffle",
] as const;
type Id = (typeof ids)[number];

const settings = quickSettings({ nSurrogates: 20 });
const direct = conditionOf("direct", dyadWindows({ seed: 1, nWindows: 40, strength: 0.1 }));
const averted = conditionOf("averted", dyadWindows({ seed: 2, nWindows: 40 }));

function drawn(
  id: Id,
  used: StudySettings = settings,
  data: ConditionData = direct,
  everything: readonly ConditionData[] = [data, averted],
): NullDraws {
  const result = drawNull(id, contextOf(data, used, everything));
  if (typeof result === "string") throw new Error(result);
  return result;
}

/** Entries between two channels of one head, of every band. */
const withinHeads = (matrices: Float64Array) =>
  [0, 1].flatMap((band) =>
    [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ].map(([i, j]) => matrices[(band * 4 + i!) * 4 + j!]!),
  );

const pOf = ({ observed, draws }: NullDraws, direction: number, used = settings): number => {
  const estimator = new Estimator(used, ROWS);
  const at = direction * 2 + 1;
  return permutationP(
    estimator.means(observed)[at]!,
    draws.map((draw) => estimator.means(draw)[at]!),
  );
};

describe.each(ids)("%s", (id) => {
  test("has the same bits for the same seed and others for another", () => {
    expect(drawn(id)).toEqual(drawn(id));
    expect(drawn(id, { ...settings, seed: 2 }).draws).not.toEqual(drawn(id).draws);
  });

  test("does not depend on which other nulls are drawn, or on their order", () => {
    const alone = drawn(id);
    const context = contextOf(direct, settings, [direct, averted]);
    for (const other of ids) if (other !== id) drawNull(other, context);
    expect(drawNull(id, context)).toEqual(alone);
  });

  test("has the same surrogate 17 whether 20 or 40 are drawn", () => {
    const more = drawn(id, { ...settings, nSurrogates: 40 });
    expect(more.draws[17]).toEqual(drawn(id).draws[17]);
    expect(new Set(more.draws.map((draw) => draw.join(" "))).size).toBeGreaterThan(20);
  });

  test("is keyed by the condition", () => {
    const renamed = { ...direct, condition: "oblique" };
    expect(drawn(id, settings, renamed).draws).not.toEqual(drawn(id).draws);
  });

  test("holds its draws against the value of the windows as they are", () => {
    const estimator = new Estimator(settings, ROWS);
    const observed = estimator.means(drawn(id).observed);
    const value = estimator.means(estimator.ofWindows(direct.set.windows));
    observed.forEach((each, i) => {
      expect(each).toBeCloseTo(value[i]!, 10);
    });
  });
});

describe("coupling from adult to infant", () => {
  const many = { ...settings, nSurrogates: 60 };

  test.each(["residualShuffle", "blockShuffle", "circularShift", "allChannelShuffle", "phaseRand"] as const)(
    "exceeds %s",
    (id) => {
      const result = drawn(id, many);
      expect(pOf(result, 0, many)).toBe(1 / (1 + result.draws.length));
    },
  );

  test("exceeds jointShuffle where the other condition has none", () => {
    expect(pOf(drawn("jointShuffle", many), 0, many)).toBeLessThan(0.05);
  });

  test.each(["residualShuffle", "blockShuffle"] as const)(
    "is found in units of several windows by %s",
    (id) => {
      const long = conditionOf(
        "direct",
        dyadWindows({ seed: 3, nWindows: 331, nSamples: 60, strength: 0.1 }),
      );
      const result = drawn(id, settings, long);
      expect(pOf(result, 0)).toBe(1 / 21);
    },
  );

  test("windows that do not fill a unit are left out of what is observed, too", () => {
    const windows = dyadWindows({ seed: 3, nWindows: 331, nSamples: 60, strength: 0.1 });
    const estimator = new Estimator(settings, ROWS);
    const whole = estimator.means(estimator.ofWindows(windows.slice(0, 330)));
    const observed = estimator.means(
      drawn("blockShuffle", settings, conditionOf("direct", windows)).observed,
    );
    observed.forEach((each, i) => {
      expect(each).toBeCloseTo(whole[i]!, 10);
    });
  });
});

describe("what stays inside a head", () => {
  // Another partner changes the fit a little: what a head's own links can move by without coupling.
  const tolerance = 0.05;
  // One long run: new phases make ends meet that did not, which costs short runs some of their spectrum.
  const uncoupled = conditionOf("direct", dyadWindows({ seed: 5, nWindows: 60 }), { windowsPerEpisode: 60 });
  const change = (id: Id) => {
    const { observed, draws } = drawn(id, settings, uncoupled);
    const own = withinHeads(observed);
    const means = own.map(
      (_, i) => draws.reduce((sum, draw) => sum + withinHeads(draw)[i]!, 0) / draws.length,
    );
    return Math.max(...own.map((value, i) => Math.abs(means[i]! - value)));
  };
  const planted = Math.max(...withinHeads(drawn("blockShuffle", settings, uncoupled).observed));

  test.each(["blockShuffle", "circularShift", "phaseRand"] as const)("is kept by %s", (id) => {
    expect(planted).toBeGreaterThan(0.3);
    expect(change(id)).toBeLessThan(tolerance * planted);
  });

  test("is destroyed by allChannelShuffle", () => {
    expect(change("allChannelShuffle")).toBeGreaterThan(0.8 * planted);
  });

  test("is not spoken of by residualShuffle, which has numbers between heads only", () => {
    for (const draw of drawn("residualShuffle", settings, uncoupled).draws)
      for (const value of withinHeads(draw)) expect(value).toBeNaN();
  });
});

describe("what cannot be drawn", () => {
  const few = (nWindows: number) => conditionOf("direct", dyadWindows({ seed: 6, nWindows }));

  test.each([0, 1, 2, 4])("%d windows are a reason, not an exception", (nWindows) => {
    const data = few(nWindows);
    for (const id of ["residualShuffle", "blockShuffle"] as const) {
      expect(drawNull(id, contextOf(data, settings))).toBe(
        `too few windows to exchange: ${nWindows}, and 5 are the least`,
      );
    }
    expect(drawNull("circularShift", contextOf(data, settings))).toMatch(/^too few windows to move one head/);
  });

  test("five windows can be exchanged", () => {
    expect(drawn("blockShuffle", settings, few(5)).draws).toHaveLength(20);
  });

  test("a shift of 5 s asks for enough different shifts, and none of them is drawn twice", () => {
    expect(drawNull("circularShift", contextOf(few(27), settings))).toMatch(/in many ways$/);
    const { draws } = drawn("circularShift", { ...settings, nSurrogates: 1000 }, few(28));
    expect(draws).toHaveLength(19);
    expect(new Set(draws.map((draw) => draw.join(" "))).size).toBe(19);
  });

  test("labels cannot be exchanged where there is one condition", () => {
    expect(drawNull("jointShuffle", contextOf(direct, settings, [direct]))).toBe(
      "there is one condition only, so there are no labels to exchange",
    );
  });

  test.each([
    ["windows that overlap", { window: { seconds: 1, overlap: 0.5 } }],
    ["a mean over windows", { model: { ...settings.model, pooling: "perWindowMean" as const } }],
    ["another estimator", { model: { ...settings.model, estimator: "biosig7" as const } }],
  ])("%s do not allow to exchange residuals", (_, overrides) => {
    expect(drawNull("residualShuffle", contextOf(direct, { ...settings, ...overrides }))).toMatch(
      /^residuals are exchangeable only/,
    );
  });

  test("nulls that rebuild every window stop at 99", () => {
    const many = { ...settings, nSurrogates: 1000 };
    const short = conditionOf("direct", dyadWindows({ seed: 7, nWindows: 8, nSamples: 40 }));
    expect(drawn("allChannelShuffle", many, short).draws).toHaveLength(99);
    expect(drawn("phaseRand", many, short).draws).toHaveLength(99);
    expect(drawn("blockShuffle", many, short).draws).toHaveLength(1000);
  });
});

describe("windows that overlap", () => {
  const overlapping = quickSettings({ nSurrogates: 20, window: { seconds: 1, overlap: 0.5 } });
  const cut = (dyad: Dyad) =>
    conditionOf("direct", dyadWindows({ ...dyad, hop: 100 }), { hop: 100, windowsPerEpisode: 100 });

  test.each(["blockShuffle", "circularShift", "phaseRand"] as const)("couple beyond %s", (id) => {
    const result = drawn(id, overlapping, cut({ seed: 8, nWindows: 80, strength: 0.1 }));
    expect(pOf(result, 0, overlapping)).toBeLessThanOrEqual(1 / 20);
  });
});
