import { counterRandom, normal } from "@attune/core";
import type { LabelledWindow } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { labelled, N_SAMPLES, PEOPLE, quickSettings } from "./example-windows.test-support.ts";
import { rejectOutliers } from "./reject-outliers.ts";
import type { StudySettings } from "./settings.ts";

const withArtefacts = (overrides: Partial<StudySettings["artefacts"]>): StudySettings => {
  const settings = quickSettings();
  return { ...settings, artefacts: { ...settings.artefacts, ...overrides } };
};
const settings = withArtefacts({ outlierZ: 4, guardSeconds: 0 });
const INFANT = 3;

/** Noise of unit power; `loud` scales one channel of one window. */
function noise(w: number, loud: { readonly channel: number; readonly gain: number }[] = []): Float64Array {
  const draw = normal(counterRandom("outliers", w));
  return Float64Array.from({ length: 4 * N_SAMPLES }, (_, i) => {
    const channel = Math.floor(i / N_SAMPLES);
    return draw() * (loud.find((each) => each.channel === channel)?.gain ?? 1);
  });
}

const windows = (
  gains: Record<number, number>,
  channel = INFANT,
  condition = "direct",
  n = 40,
): LabelledWindow[] =>
  Array.from({ length: n }, (_, w) =>
    labelled(w * N_SAMPLES, { condition, data: noise(w, [{ channel, gain: gains[w] ?? 1 }]) }),
  );

const rejectedIn = (all: readonly LabelledWindow[]) =>
  all.flatMap((each, w) => (each.kind === "rejected" ? [[w, each.reasons] as const] : []));

describe("windows of extraordinary power", () => {
  test("are rejected with the person whose channel it was", () => {
    expect(rejectedIn(rejectOutliers(windows({ 7: 3 }), PEOPLE, settings))).toEqual([
      [7, [{ person: "infant", reason: "outlier" }]],
    ]);
    expect(rejectedIn(rejectOutliers(windows({ 7: 3 }, 0), PEOPLE, settings))).toEqual([
      [7, [{ person: "adult", reason: "outlier" }]],
    ]);
  });

  test("keep their condition, so that it stays in the list", () => {
    const [rejected] = rejectOutliers(windows({ 0: 3 }), PEOPLE, settings);
    expect(rejected).toMatchObject({ kind: "rejected", condition: "direct" });
  });

  test("are those above only: a quiet window is no artefact", () => {
    expect(rejectedIn(rejectOutliers(windows({ 7: 0.1 }), PEOPLE, settings))).toEqual([]);
  });

  test("take their neighbours within the guard with them", () => {
    const guarded = withArtefacts({ outlierZ: 4, guardSeconds: 0.5 });
    const all = windows({ 7: 3 });
    expect(rejectedIn(rejectOutliers(all, PEOPLE, guarded))).toEqual([
      [6, [{ person: "infant", reason: "near-artefact" }]],
      [7, [{ person: "infant", reason: "outlier" }]],
      [8, [{ person: "infant", reason: "near-artefact" }]],
    ]);
  });

  test("a guard of 0 spares windows that only touch", () => {
    expect(rejectedIn(rejectOutliers(windows({ 7: 3 }), PEOPLE, settings)).map(([w]) => w)).toEqual([7]);
  });

  test("are judged within their condition: a louder state is no artefact", () => {
    const quiet = windows({});
    const loud = Array.from({ length: 40 }, (_, w) =>
      labelled((40 + w) * N_SAMPLES, {
        condition: "averted",
        data: noise(
          40 + w,
          [0, 1, 2, 3].map((channel) => ({ channel, gain: 5 })),
        ),
      }),
    );
    expect(rejectedIn(rejectOutliers([...quiet, ...loud], PEOPLE, settings))).toEqual([]);
  });

  test("do not make others fall that were rejected already", () => {
    const reasons = [{ person: "adult", reason: "gap" as const }];
    const all = windows({ 7: 3 });
    all[6] = labelled(6 * N_SAMPLES, { condition: "direct", reasons });
    const guarded = withArtefacts({ outlierZ: 4, guardSeconds: 1 });
    expect(rejectOutliers(all, PEOPLE, guarded)[6]).toEqual(all[6]);
  });

  test("stay where the settings switch the rule off", () => {
    const all = windows({ 7: 100 });
    expect(rejectOutliers(all, PEOPLE, withArtefacts({ outlierZ: 0 }))).toEqual(all);
  });

  test("cannot be told among windows that are all alike", () => {
    const same = noise(1);
    const all = Array.from({ length: 9 }, (_, w) => labelled(w * N_SAMPLES, { data: same }));
    expect(rejectedIn(rejectOutliers(all, PEOPLE, settings))).toEqual([]);
  });
});
