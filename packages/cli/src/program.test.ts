import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mulberry32, normal } from "@attune/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-program-"));
const table = "analyze table.csv --sampling-rate 200 --adult A3,A4 --infant I3,I4 --surrogates 19";
let stderr = "";
let stdout = "";

beforeAll(() => {
  const gaussian = normal(mulberry32(1));
  const rows = Array.from({ length: 2000 }, () => [1, 2, 3, 4].map(() => gaussian().toFixed(3)).join(","));
  writeFileSync(join(folder, "table.csv"), `A3,A4,I3,I4\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "empty.csv"), "");
  writeFileSync(
    join(folder, "foreign.dat"),
    new Uint8Array(2000).map((_, i) => (i * 37) % 256),
  );
  mkdirSync(join(folder, "full"));
});
beforeEach(() => {
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  stderr = "";
  stdout = "";
  // What the program says is what is under test; it is kept from the terminal, not replaced.
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cases: readonly (readonly [what: string, args: string, code: number, says: RegExp])[] = [
  ["an unknown verb", "analyse table.csv", 2, /unknown command 'analyse'.*analyze/],
  ["a missing states file", `${table} --json --states nothing.tsv`, 2, /no file nothing\.tsv/],
  ["a folder for a file", "info full", 2, /is a folder/],
  [
    "no channels for a table",
    "analyze table.csv --sampling-rate 200 --json",
    2,
    /--adult A,B --infant C,D.*A3, A4, I3, I4/,
  ],
  ["info on a table without a rate", "info table.csv", 2, /--sampling-rate/],
  ["one channel twice", table.replace("I3,I4", "I3,I3").concat(" --json"), 2, /I3 is named twice for infant/],
  ["a band beyond the rate", `${table} --json --bands gamma:60-140`, 2, /gamma \(60-140 Hz\).*100 Hz/],
  ["a band upside down", `${table} --json --bands theta:6-3`, 2, /--bands.*name:low-high/],
  ["an unknown profile", `${table} --json --profile best`, 2, /recommended, leong2017, babble/],
  ["an unknown estimator", `${table} --json --estimator magic`, 2, /ols, nuttall-strand/],
  [
    "a null that tests something else",
    `${table} --json --null jointShuffle`,
    2,
    /does not test coupling itself/,
  ],
  [
    "a null that the model does not allow",
    `${table} --json --null residualShuffle --overlap 0.5`,
    2,
    /--overlap 0/,
  ],
  ["too few surrogates", `${table} --json --surrogates 5`, 2, /at least 19/],
  ["nowhere to write", table, 2, /--out FOLDER, or --json/],
  ["a folder without a parent", `${table} --out no/such`, 2, /no folder .*make it first/],
  ["a file for a folder", `${table} --out table.csv`, 2, /it is a file/],
  [
    "one person's epochs only",
    "analyze --adult-epochs a.json --json",
    2,
    /both --adult-epochs and --infant-epochs/,
  ],
  ["a speed that is none", "replay dyad.xdf --speed fast", 2, /max, or a number above 0/],
  ["two kinds of output", "replay dyad.xdf --json --jsonl", 2, /choose one/],
  ["a simulation without a name", "simulate", 2, /--out/],
  ["coupling that cannot be read", "simulate --out new.xdf --coupling strong", 2, /from->to:strength/],
  ["coupling between nobody", "simulate --out new.xdf --coupling adult->dog:0.1", 2, /adult->dog/],
  ["a foreign file to analyse", "analyze foreign.dat --json", 1, /not a recording that can be read/],
  ["an empty file", "info empty.csv", 1, /is empty/],
];

describe("a command line that cannot be carried out", () => {
  test.each(cases)(
    "%s is answered in one sentence and the right exit code",
    async (_what, args, code, says) => {
      expect(await runProgram(args.split(" "))).toBe(code);
      expect(stderr).toMatch(says);
      expect(stderr).toMatch(/^attune: [^\n]+\n$/);
    },
  );
});

describe("help", () => {
  test.each(["", "demo", "info", "analyze", "replay", "simulate"])(
    "attune %s --help shows an example",
    async (verb) => {
      expect(await runProgram([...(verb === "" ? [] : [verb]), "--help"])).toBe(0);
      expect(stdout).toMatch(/Examples?[^\n]*:\n {2}attune /);
      expect(stderr).toBe("");
    },
  );

  test("is shown on stderr when no verb is given, which is misuse", async () => {
    expect(await runProgram([])).toBe(2);
    expect(stderr).toMatch(/^Usage: attune/);
    expect(stdout).toBe("");
  });
});
