import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
const table = "analyze table.csv --sampling-rate 200 --adult A3,A4 --infant I3,I4 --surrogates 19";

beforeAll(async () => {
  bench.writeTable("table", { seed: 4, durationSeconds: 20 });
  const rows = readFileSync(bench.path("table.csv"), "utf8").split("\n");
  bench.write("text.csv", [rows[0], rows[1], "1,2,three,4", ...rows.slice(2, 500)].join("\n"));
  const broken = rows.map((row, i) => (i > 0 && i % 100 === 0 ? row.replace(/^[^,]*/, "NaN") : row));
  bench.write("missing.csv", broken.join("\n"));
  bench.write(
    "foreign.dat",
    new Uint8Array(2000).map((_, i) => (i * 37) % 256),
  );
  bench.write("states.tsv", "onset\tduration\tperson\tlayer\tstate\nsoon\t3\tadult\tgaze\tdirect\n");
  bench.write("brief.tsv", "onset\tduration\tperson\tlayer\tstate\n5\t0.5\tadult\tgaze\tdirect\n");
  mkdirSync(bench.path("full"));
  bench.write("full/thesis.txt", "years of work");
  const made = await bench.attune("simulate --out dyad.xdf --duration 20");
  expect(made.code).toBe(0);
  bench.write("cut.xdf", readFileSync(bench.path("dyad.xdf")).subarray(0, 40));
}, 60_000);
afterAll(() => bench.remove());

/** What was typed, the exit code, and what the one sentence must say. */
const cases: readonly (readonly [what: string, args: string, code: number, says: RegExp])[] = [
  ["an unknown option", `${table} --json --ordr 5`, 2, /unknown option '--ordr'.*--order/],
  ["a missing file", "analyze nothing.csv --json", 2, /no file nothing\.csv/],
  [
    "an unknown channel",
    table.replace("A3,A4", "A3,Cz").concat(" --json"),
    2,
    /no channel "Cz" for adult.*A3, A4, I3, I4/,
  ],
  ["a table without a rate", "analyze table.csv --adult A3,A4 --infant I3,I4 --json", 2, /--sampling-rate/],
  [
    "two people with one channel",
    table.replace("I3,I4", "A4,I4").concat(" --json"),
    2,
    /A4 is given to both adult and infant/,
  ],
  [
    "a window shorter than the model allows",
    `${table} --json --window 0.08`,
    2,
    /0\.08 s has 16 samples.*at least/,
  ],
  ["an order too high for the samples", `${table} --json --order 120`, 2, /too few for order 120/],
  ["a folder that holds something", `${table} --out full`, 2, /full is not empty.*--overwrite/],
  [
    "a folder that cannot be written",
    `${table} --out /proc/attune`,
    2,
    /Results cannot go to \/proc\/attune/,
  ],
  [
    "a recording that is there already",
    "simulate --out dyad.xdf",
    2,
    /dyad\.xdf is there already.*--overwrite/,
  ],
  [
    "text in the data",
    "analyze text.csv --sampling-rate 200 --adult A3,A4 --infant I3,I4 --json",
    1,
    /row 3, column "I3": "three" is not a number/,
  ],
  [
    "a missing value in every window",
    `${table.replace("table.csv", "missing.csv")} --json`,
    1,
    /No condition can be reported.*not-a-number/,
  ],
  ["no window in any condition", `${table} --json --states brief.tsv`, 1, /No condition can be reported/],
  [
    "states that cannot be read",
    `${table} --json --states states.tsv`,
    1,
    /states\.tsv, line 2: onset "soon"/,
  ],
  ["a foreign file", "info foreign.dat", 1, /not a recording that can be read.*XDF/],
  ["a recording cut off in its first header", "analyze cut.xdf --json", 1, /no stream with a sampling rate/],
];

describe.concurrent("misuse", () => {
  test.each(cases)(
    "%s is answered in one sentence and the right exit code",
    async (_what, args, code, says) => {
      const ended = await bench.attune(args);
      const [sentence = "", ...more] = ended.stderr
        .trimEnd()
        .split("\n")
        .filter((line) => line.startsWith("attune: "))
        .reverse();
      expect(ended.stderr.trimEnd().split("\n"), ended.stderr).toHaveLength(1 + more.length);
      expect(sentence).toMatch(says);
      expect(ended.stderr).not.toMatch(/\n\s+at |Something went wrong/);
      expect(ended.code).toBe(code);
    },
  );

  test("--verbose adds where an error came from", async () => {
    const ended = await bench.attune("analyze foreign.dat --json --verbose");
    expect(ended.stderr).toMatch(/^attune: .*\nRecordingError: .*\n\s+at /);
    expect(ended.code).toBe(1);
  });
});

test("nothing that was there has been touched", () => {
  expect(readdirSync(bench.path("full"))).toEqual(["thesis.txt"]);
  expect(readdirSync(bench.folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
});
