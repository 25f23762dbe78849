import { describe, expect, test } from "vitest";
import { groupByCondition, prepared } from "./condition-data.ts";
import { dyadWindows, labelled, N_SAMPLES, PEOPLE, quickSettings } from "./example-windows.test-support.ts";

const settings = quickSettings();
const demeaning = quickSettings({ model: { ...settings.model, demean: true } });
const half = quickSettings({ window: { seconds: 1, overlap: 0.5 } });

describe("windows by condition", () => {
  test("conditions come in alphabetical order, windows in the order of time", () => {
    const data = dyadWindows({ seed: 1, nWindows: 4 });
    const groups = groupByCondition(
      [
        labelled(0, { condition: "direct", episode: 3, data: data[0]! }),
        labelled(200, { condition: "averted", episode: 4, data: data[1]! }),
        labelled(600, { condition: "direct", episode: 5, data: data[2]! }),
        labelled(800, { condition: "direct", episode: 5, data: data[3]! }),
      ],
      PEOPLE,
      settings,
    );
    expect(groups.map(({ condition }) => condition)).toEqual(["averted", "direct"]);
    expect(groups[1]).toMatchObject({ episodes: [3, 5, 5], firstIndices: [0, 600, 800] });
    expect(groups[1]!.set.windows).toEqual([data[0], data[2], data[3]]);
    expect(groups[1]!.set.people.map(({ id, firstChannel }) => [id, firstChannel])).toEqual([
      ["adult", 0],
      ["infant", 2],
    ]);
  });

  test("a condition that was seen but never clean stays in the list, empty", () => {
    const reasons = [{ person: "infant", reason: "amplitude" as const }];
    const groups = groupByCondition(
      [labelled(0, { condition: "direct" }), labelled(200, { condition: "averted", reasons })],
      PEOPLE,
      settings,
    );
    expect(groups.map(({ condition, set }) => [condition, set.nWindows])).toEqual([
      ["averted", 0],
      ["direct", 1],
    ]);
    expect(groups[0]!.cleanSeconds).toBe(0);
  });

  test("windows whose state is not known belong to no condition", () => {
    const reasons = [{ person: "adult", reason: "state-unknown" as const }];
    const groups = groupByCondition(
      [labelled(0, { condition: "direct" }), labelled(200, { condition: undefined, reasons })],
      PEOPLE,
      settings,
    );
    expect(groups.map(({ condition }) => condition)).toEqual(["direct"]);
  });

  test("without any window there is one empty condition, all", () => {
    expect(
      groupByCondition([], PEOPLE, settings).map(({ condition, set }) => [condition, set.nWindows]),
    ).toEqual([["all", 0]]);
  });

  test("the windows of a recording in which nothing was coded are all", () => {
    const groups = groupByCondition(
      [0, 200].map((at) => labelled(at, { condition: "all" })),
      PEOPLE,
      settings,
    );
    expect(groups.map(({ condition, set }) => [condition, set.nWindows])).toEqual([["all", 2]]);
  });
});

describe("clean seconds", () => {
  const seconds = (firstIndices: readonly number[]) =>
    groupByCondition(
      firstIndices.map((at) => labelled(at, {})),
      PEOPLE,
      half,
    )[0]!.cleanSeconds;

  test("add up where windows do not overlap", () => expect(seconds([0, 200, 1000])).toBe(3));
  test("count once what two windows share", () => expect(seconds([0, 100, 200])).toBe(2));
  test("start anew after a hole", () => expect(seconds([0, 100, 500, 600])).toBe(3));
  test("are those of a slow walk over every sample", () => {
    const starts = [3, 10, 60, 259, 460, 461, 900];
    const covered = new Set(starts.flatMap((at) => Array.from({ length: N_SAMPLES }, (_, n) => at + n)));
    expect(seconds(starts)).toBeCloseTo(covered.size / 200, 12);
  });
});

describe("what the model gets", () => {
  const [window] = dyadWindows({ seed: 2, nWindows: 1 });
  const shifted = window!.map((value, i) => value + 10 * (1 + Math.floor(i / N_SAMPLES)));

  test("each channel's mean is taken out where the settings say so, the window as recorded is kept", () => {
    const [group] = groupByCondition([labelled(0, { data: shifted })], PEOPLE, demeaning);
    for (let c = 0; c < 4; c++) {
      const row = group!.set.windows[0]!.subarray(c * N_SAMPLES, (c + 1) * N_SAMPLES);
      expect(row.reduce((sum, value) => sum + value, 0) / N_SAMPLES).toBeCloseTo(0, 12);
    }
    expect(group!.recorded[0]).toBe(shifted);
  });

  test("means stay where the settings leave them", () => {
    const people = [{ nChannels: 2 }, { nChannels: 2 }];
    expect(prepared(shifted, people, N_SAMPLES, false)).toBe(shifted);
  });
});
