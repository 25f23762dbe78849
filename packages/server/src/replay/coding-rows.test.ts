import { describe, expect, test } from "vitest";
import { CODING_COLUMNS, cellsOf, intervalsOf, parseRows, type ReplayRow } from "./coding-rows.ts";
import { ReplayCoder } from "./replay-coder.ts";

const coding = {
  latencySeconds: 0.3,
  layers: [
    {
      person: "adult",
      layer: "gaze",
      mode: "toggle",
      initial: "unknown",
      states: { direct: "d", averted: "a" },
    },
    { person: "infant", layer: "voice", mode: "hold", initial: "silent", states: { vocalising: "v" } },
  ],
} as const;

function coder(): { sheet: ReplayCoder; table: () => string } {
  const rows: ReplayRow[] = [];
  const sheet = new ReplayCoder({ ...coding, layers: [...coding.layers] }, (row) => rows.push(row));
  sheet.join("kim");
  const table = (): string =>
    [CODING_COLUMNS.join("\t"), ...rows.map((row) => cellsOf(row).join("\t"))].join("\n");
  return { sheet, table };
}

const shown = (rows: readonly ReplayRow[], until: number): string[] =>
  intervalsOf(rows, "kim", until)
    .filter(({ layer }) => layer === "gaze")
    .map(({ state, onset, duration }) => `${state} ${onset}-${onset + duration}`);

describe("coding over a recording", () => {
  test("where passes meet the later one holds, and only from its first key to its end", () => {
    const { sheet } = coder();
    sheet.press("d", 10, "kim");
    sheet.release("d", 10.1, "kim");
    sheet.press("a", 20, "kim");
    sheet.endPasses(30);
    expect(shown(sheet.rows, 0)).toEqual(["direct 10-20", "averted 20-30"]);
    // Gone back: only the voice is coded at first, which says nothing of gaze.
    sheet.press("v", 12, "kim");
    sheet.release("v", 13, "kim");
    expect(shown(sheet.rows, 14)).toEqual(["direct 10-20", "averted 20-30"]);
    sheet.press("a", 15, "kim");
    expect(shown(sheet.rows, 18)).toEqual(["direct 10-15", "averted 15-18", "direct 18-20", "averted 20-30"]);
  });

  test("a table is read back as it was written, and lines that are torn are left out", () => {
    const { sheet, table } = coder();
    sheet.press("d", 10.123456789, "kim");
    sheet.undo(11, "kim");
    sheet.endPasses(12);
    expect(parseRows(table())).toEqual(sheet.rows);
    expect(parseRows(`${table()}\n7\t1\tstate\tkim\tadu`)).toEqual(sheet.rows);
    expect(parseRows("something\telse\n1\t2")).toEqual([]);
    expect(parseRows("")).toEqual([]);
  });

  test("keys that mean nothing begin no pass, and a coder who never joined codes nothing", () => {
    const { sheet } = coder();
    expect(sheet.press("x", 1, "kim")).toBeUndefined();
    expect(sheet.release("d", 1, "kim")).toBeUndefined();
    expect(sheet.press("d", 1, "lee")).toBeUndefined();
    sheet.endPasses(2);
    expect(sheet.rows).toEqual([]);
  });

  test("what a key held when the recording jumped is released without a row", () => {
    const { sheet } = coder();
    sheet.press("v", 5, "kim");
    sheet.endPasses(6);
    expect(sheet.release("v", 40, "kim")).toBeUndefined();
    expect(sheet.states("kim")).toEqual([]);
    expect(sheet.rows.at(-1)).toMatchObject({ kind: "auto-close", state: "silent", at: 6 });
  });
});
