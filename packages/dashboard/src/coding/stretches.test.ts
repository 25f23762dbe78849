import type { Coding } from "@attune/wire/page";
import { expect, test } from "vitest";
import { codersOf, stretchesOf } from "./stretches.ts";

type Row = Coding["rows"][number];
const row = (index: number, at: number, state: string, change: Partial<Row> = {}): Row => ({
  index,
  coder: "a",
  kind: "state",
  person: "adult",
  layer: "gaze",
  state,
  previous: "unknown",
  at,
  corrects: null,
  ...change,
});
const gaze = { person: "adult", layer: "gaze" };
const told = (rows: readonly Row[], until = 10) =>
  stretchesOf(rows, "a", gaze, until).map(({ from, until: to, state }) => [from, to, state]);

test("a coder's rows are stretches, and the last one holds until now", () => {
  const rows = [
    row(0, 1, "direct"),
    row(1, 2, "partner", { person: "infant" }),
    row(2, 3, "averted", { coder: "b" }),
    row(3, 4, "averted"),
  ];
  expect(told(rows)).toEqual([
    [1, 4, "direct"],
    [4, 10, "averted"],
  ]);
  expect(codersOf(rows)).toEqual(["a", "b"]);
});

test("what was taken back never happened", () => {
  const undo = row(2, 5, "direct", { kind: "correction", corrects: 1 });
  expect(told([row(0, 1, "direct"), row(1, 4, "averted"), undo])).toEqual([[1, 10, "direct"]]);
});

test("a correction of a stretch lies over what was coded, and its end is the beginning of the rest", () => {
  const rows = [
    row(0, 1, "direct"),
    row(1, 4, "averted"),
    row(2, 9, "averted", { kind: "correction", corrects: 0, span: { from: 2, until: 5 } }),
  ];
  expect(told(rows)).toEqual([
    [1, 2, "direct"],
    [2, 5, "averted"],
    [5, 10, "averted"],
  ]);
  expect(stretchesOf(rows, "a", gaze, 10).map(({ isCorrected }) => isCorrected)).toEqual([
    false,
    true,
    false,
  ]);
});

test("the rows under a correction come back when the correction is taken back", () => {
  const rows = [
    row(0, 1, "direct"),
    row(1, 9, "averted", { kind: "correction", corrects: 0, span: { from: 2, until: 5 } }),
    row(2, 9.5, "direct", { kind: "correction", corrects: 1 }),
  ];
  expect(told(rows)).toEqual([[1, 10, "direct"]]);
});

test("a recording that is played again from an earlier time makes no stretch that ends before it begins", () => {
  expect(told([row(0, 6, "direct"), row(1, 2, "averted", { kind: "start" }), row(2, 3, "direct")])).toEqual([
    [2, 3, "averted"],
    [3, 10, "direct"],
  ]);
});
