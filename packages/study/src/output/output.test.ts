import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exampleResult } from "../report/example-result.ts";
import type { StudyResult } from "../result.ts";
import { methodsText, toJsonDocument, writeJson, writeResults } from "./index.ts";
import { makeTable, tsvLines } from "./table.ts";
import { tablesOf } from "./tables.ts";
import { writeFolder } from "./write-folder.ts";

const FILES = [
  "result.json",
  "directions.tsv",
  "links.tsv",
  "contrasts.tsv",
  "windows.tsv",
  "nulls.tsv",
  "columns.json",
  "METHODS.md",
  "report.html",
];

describe("the JSON document", () => {
  test("says null where a number does not exist, and parses back to itself", () => {
    const result = exampleResult();
    const first = result.conditions[0]!;
    const broken = { ...result, conditions: [{ ...first, cleanSeconds: Number.NaN, reason: undefined }] };
    const document = toJsonDocument(broken);
    const parsed = JSON.parse(writeJson(document));
    expect(parsed).toEqual(document);
    expect(parsed.conditions[0]).toMatchObject({ cleanSeconds: null, reason: null });
  });

  test("has the fields that other programs rely on", () => {
    const document = JSON.parse(writeJson(toJsonDocument(exampleResult())));
    expect(document).toMatchObject({ format: "attune-study", settings: { seed: expect.any(Number) } });
    const reported = document.conditions.find(({ reported }: { reported: boolean }) => reported);
    expect(Object.keys(reported.directions[0])).toEqual(
      expect.arrayContaining([
        "from",
        "to",
        "band",
        "measure",
        "value",
        "nullMean",
        "nullSd",
        "corrected",
        "z",
        "p",
      ]),
    );
    expect(Object.keys(reported.links[0])).toEqual(expect.arrayContaining(["fromChannel", "toChannel"]));
  });

  test("keeps every digit of a number", () => {
    const value = 0.1 + 0.2;
    expect(JSON.parse(writeJson({ value: [value, 5e-324, -0.25] }))).toEqual({
      value: [value, 5e-324, -0.25],
    });
  });
});

describe("the tables", () => {
  const tables = tablesOf(exampleResult());

  test("have one dictionary entry per column and one cell per column in every row", () => {
    for (const { header, rows, dictionary } of tables) {
      expect(Object.keys(dictionary)).toEqual(header);
      expect([...rows].length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
  });

  test("write n/a where a number does not exist, and never NaN or an empty cell", () => {
    const cells = tables.flatMap(({ rows }) => [...rows].flat());
    expect(cells).toContain("n/a");
    for (const cell of cells) expect(cell).not.toMatch(/^$|NaN|undefined|\t|\n/);
  });

  test("keep their columns when there is nothing to say", () => {
    const empty = { ...exampleResult(), conditions: [], contrasts: [] };
    expect(tablesOf(empty).map(({ header }) => header)).toEqual(tables.map(({ header }) => header));
  });

  test("hold one row for every direction and band of every condition, in the order of the result", () => {
    const result = exampleResult();
    const [header = "", ...lines] = [...tsvLines(tables[0]!)].join("").trimEnd().split("\n");
    const values = result.conditions.flatMap(({ directions }) => directions.map(({ value }) => value));
    const column = header.split("\t").indexOf("value");
    expect(lines.map((line) => Number(line.split("\t")[column]))).toEqual(values);
  });
});

describe("the methods text", () => {
  test("names every parameter, the version, the seed and the settings hash", () => {
    const result = exampleResult();
    const text = methodsText(result);
    const { settings, provenance } = result;
    for (const { name, low, high } of settings.bands) expect(text).toContain(`${name} (${low}–${high} Hz)`);
    for (const part of [
      `order ${settings.model.order}`,
      `windows of ${settings.window.seconds} s`,
      provenance.attuneVersion,
      provenance.settingsHash,
      `random seed ${provenance.seed}`,
      "Baccalá et al., 2007",
      "Benjamini & Hochberg, 1995",
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  test("lists every work that it cites, and cites Freedman and Lane only with their null", () => {
    const block = exampleResult();
    const residual: StudyResult = {
      ...block,
      settings: { ...block.settings, primaryNull: "residualShuffle", nulls: ["residualShuffle"] },
    };
    expect(methodsText(block)).not.toContain("Freedman");
    expect(methodsText(residual)).toMatch(/Freedman & Lane, 1983[\s\S]*## References[\s\S]*Freedman, D\./);
    const [body = "", list = ""] = methodsText(block).split("## References");
    for (const [, name] of body.matchAll(/([A-Z][\wéáü]+)(?: et al\.| & \w+), \d{4}/g))
      expect(list).toContain(name);
  });
});

describe("writing results", () => {
  let place = "";
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "attune-output-"));
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  test("makes the folder with every file, leaves nothing else behind, and gives the same bytes again", async () => {
    const [a, b] = [join(place, "a"), join(place, "b")];
    expect(await writeResults(exampleResult(), a)).toEqual(FILES);
    await writeResults(exampleResult(), b);
    expect((await readdir(place)).sort()).toEqual(["a", "b"]);
    expect((await readdir(a)).sort()).toEqual([...FILES].sort());
    for (const name of FILES) expect(await readFile(join(b, name))).toEqual(await readFile(join(a, name)));
  });

  test("takes an empty folder that is there already", async () => {
    await mkdir(join(place, "empty"));
    await writeResults(exampleResult(), join(place, "empty"));
    expect((await readdir(join(place, "empty"))).sort()).toEqual([...FILES].sort());
  });

  test("refuses a folder that holds something, in one sentence with the way out", async () => {
    await writeFile(join(place, "thesis.docx"), "years of work");
    const attempt = writeResults(exampleResult(), place);
    await expect(attempt).rejects.toMatchObject({ code: "ATTUNE_STUDY", misuse: true });
    await expect(attempt).rejects.toThrow(/is not empty.*--overwrite/);
    expect(await readdir(place)).toEqual(["thesis.docx"]);
  });

  test("replaces its own files when told to, and no others", async () => {
    await writeFile(join(place, "thesis.docx"), "years of work");
    await writeFile(join(place, "result.json"), "old");
    await writeResults(exampleResult(), place, { overwrite: true });
    expect(await readFile(join(place, "thesis.docx"), "utf8")).toBe("years of work");
    expect(await readFile(join(place, "result.json"), "utf8")).toContain("attune-study");
    expect((await readdir(place)).sort()).toEqual([...FILES, "thesis.docx"].sort());
  });

  test("a long file is written piece by piece, and its rows are made when they are written", async () => {
    const nRows = 60_000;
    let made = 0;
    const rows = {
      *[Symbol.iterator]() {
        for (let k = 0; k < nRows; k++) {
          made++;
          yield k;
        }
      },
    };
    const table = makeTable<number>("long", "Numbers.", rows, [
      { name: "k", description: "its number", cell: (k) => k },
      { name: "what", description: "text", cell: (k) => `row ${k} ä` },
    ]);
    expect(made).toBe(0);
    await writeFolder(join(place, "out"), [
      { name: "head.json", text: () => "{}\n" },
      { name: "long.tsv", text: () => tsvLines(table) },
    ]);
    expect(made).toBe(nRows);
    const lines = (await readFile(join(place, "out", "long.tsv"), "utf8")).split("\n");
    expect(lines).toHaveLength(nRows + 2);
    expect(lines[0]).toBe("k\twhat");
    expect(lines[nRows]).toBe(`${nRows - 1}\trow ${nRows - 1} ä`);
  });

  test("what fails half-way leaves nothing new, and what was there stays", async () => {
    const target = join(place, "out");
    const good = (text: string) => [
      { name: "result.json", text: () => text },
      { name: "rows.tsv", text: () => text },
    ];
    const broken = [
      { name: "result.json", text: () => "new" },
      {
        name: "rows.tsv",
        *text() {
          yield "x".repeat(200_000);
          throw new Error("the rows ended early");
        },
      },
    ];
    await expect(writeFolder(target, broken)).rejects.toThrow("the rows ended early");
    expect(await readdir(place)).toEqual([]);
    await writeFolder(target, good("old"));
    await expect(writeFolder(target, broken, { overwrite: true })).rejects.toThrow("the rows ended early");
    expect((await readdir(target)).sort()).toEqual(["result.json", "rows.tsv"]);
    expect(await readFile(join(target, "result.json"), "utf8")).toBe("old");
  });

  test("where a file cannot be replaced, the folder has no main document and so is no result", async () => {
    const target = join(place, "out");
    await mkdir(join(target, "rows.tsv", "inside"), { recursive: true });
    await writeFile(join(target, "result.json"), "old");
    const files = ["result.json", "rows.tsv"].map((name) => ({ name, text: () => "new" }));
    await expect(writeFolder(target, files, { overwrite: true })).rejects.toThrow(/Results cannot go to/);
    expect(await readdir(target)).toEqual(["rows.tsv"]);
  });

  test("says what is wrong with a missing parent and with a file of that name", async () => {
    await expect(writeResults(exampleResult(), join(place, "no", "such"))).rejects.toThrow(
      /no folder .*make it first/,
    );
    await writeFile(join(place, "file"), "");
    await expect(writeResults(exampleResult(), join(place, "file"))).rejects.toThrow(/it is a file/);
  });
});
