import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWithShared, sharedPath } from "../support/shared.ts";
import { Bench, type Ended } from "./attune-process.ts";

interface Directed {
  readonly from: string;
  readonly to: string;
  readonly band: string;
  readonly measure: string;
  readonly value: number;
  readonly p: number;
  readonly corrected: number;
}
interface Document {
  readonly profile: string;
  readonly settings: {
    readonly primaryNull: string;
    readonly nulls: readonly string[];
    readonly alignment: string;
  };
  readonly conditions: readonly {
    readonly condition: string;
    readonly nWindows: number;
    readonly directions: readonly Directed[];
    readonly links: readonly (Directed & { readonly fromChannel: string; readonly toChannel: string })[];
  }[];
  readonly diagnostics: object;
}

const bench = new Bench();
const people = "--sampling-rate 200 --adult A3,A4 --infant I3,I4 --order 5 --surrogates 49";

beforeAll(() => {
  bench.writeTable("coupled", {
    seed: 11,
    durationSeconds: 100,
    coupling: [{ from: "adult", to: "infant", strength: 0.2, gazeState: "direct" }],
  });
});
afterAll(() => bench.remove());

const parsed = (ended: Ended): Document => {
  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  return JSON.parse(ended.stdout);
};

const directionOf = (document: Document, condition: string, from: string): Directed => {
  const found = document.conditions.find((each) => each.condition === condition);
  return found!.directions.find((each) => each.from === from && each.band === "alpha")!;
};

describe("attune analyze of a table", () => {
  let printed = "";

  test("finds what was planted, where it was planted, in the promised shape", async () => {
    const ended = await bench.attune(`analyze coupled.csv ${people} --states coupled.tsv --json`);
    const document = parsed(ended);
    printed = ended.stdout;
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining(["profile", "settings", "conditions", "diagnostics"]),
    );
    expect(document.conditions.map(({ condition }) => condition).sort()).toEqual(["averted", "direct"]);
    const planted = directionOf(document, "direct", "adult");
    expect(planted).toMatchObject({ to: "infant", measure: "gpdcSquared", p: 0.02 });
    expect(planted.corrected).toBeGreaterThan(0.1);
    expect(directionOf(document, "averted", "adult").corrected).toBeLessThan(0.05);
    expect(directionOf(document, "direct", "infant").corrected).toBeLessThan(0.05);
    const [link] = document.conditions[0]!.links;
    expect(link).toMatchObject({ from: "adult", to: "infant", fromChannel: "A3", toChannel: "I3" });
  });

  test("writes files that hold what is printed, refuses to write twice, and overwrites when told to", async () => {
    const args = `analyze coupled.csv ${people} --states coupled.tsv --out results`;
    const first = await bench.attune(args);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/\| direct +\| adult->infant \| alpha/);
    expect(first.stdout).toContain("Written to results: result.json");
    const files = readdirSync(bench.path("results"));
    expect(files).toEqual(
      expect.arrayContaining(["result.json", "directions.tsv", "METHODS.md", "report.html"]),
    );
    const bytes = readFileSync(bench.path("results", "result.json"), "utf8");
    expect(bytes).toBe(printed);
    const [header = "", ...rows] = readFileSync(bench.path("results", "directions.tsv"), "utf8")
      .trimEnd()
      .split("\n");
    const column = header.split("\t").indexOf("value");
    expect(rows.map((row) => Number(row.split("\t")[column]))).toEqual(
      (JSON.parse(bytes) as Document).conditions.flatMap(({ directions }) =>
        directions.map(({ value }) => value),
      ),
    );
    expect(await bench.attune(args)).toMatchObject({ code: 2, stdout: "" });
    expect(await bench.attune(`${args} --overwrite --seed 2`)).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(bench.path("results", "result.json"), "utf8")).not.toBe(bytes);
  });

  test("has one condition without states, reads a file of another folder, and names a changed null", async () => {
    const ended = await bench.attune(`analyze ${bench.path("coupled.csv")} ${people} --overlap 0.5 --json`);
    expect(ended.stderr).toMatch(/^attune: residualShuffle needs .* blockShuffle decides instead\.\n$/);
    const { settings, conditions } = JSON.parse(ended.stdout) as Document;
    expect(conditions.map(({ condition }) => condition)).toEqual(["all"]);
    expect(settings.primaryNull).toBe("blockShuffle");
    expect(settings.nulls).not.toContain("residualShuffle");
  });

  test("ends in silence when its reader has seen enough", async () => {
    const ended = await bench.attune(`analyze coupled.csv ${people} --json`, { reads: false });
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("attune replay", () => {
  const options = "--order 5 --surrogates 19";
  let analysed = "";

  beforeAll(async () => {
    const made = await bench.attune("simulate --out dyad.xdf --seed 5 --duration 60");
    expect(made.code).toBe(0);
    const ended = await bench.attune(`analyze dyad.xdf ${options} --json`);
    expect(parsed(ended).conditions.length).toBe(2);
    analysed = ended.stdout;
  });

  test("at full speed prints the document of analyze, byte for byte", async () => {
    const ended = await bench.attune(`replay dyad.xdf --speed max ${options} --json`);
    expect(ended).toEqual({ code: 0, stdout: analysed, stderr: "" });
  });

  test("at a set speed takes the time it says, tells running estimates, and ends in the same numbers", async () => {
    const begun = performance.now();
    const ended = await bench.attune(`replay dyad.xdf --speed 20 ${options} --jsonl`);
    expect((performance.now() - begun) / 1000).toBeGreaterThan(59 / 20);
    const lines = ended.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines.slice(0, -1)) expect(line).toMatchObject({ kind: "coupling", scope: "pooled" });
    expect(lines.at(-1)).toEqual({ kind: "result", ...JSON.parse(analysed) });
  });

  test("names the offline result differently", async () => {
    const document = parsed(await bench.attune(`analyze dyad.xdf ${options} --offline --json`));
    expect(document).toMatchObject({
      profile: "recommended (offline)",
      settings: { alignment: "offline" },
    });
  });
});

describeWithShared("real recordings", () => {
  test("the composite null dyad: streams, gaps and no coupling", async () => {
    const file = sharedPath("recordings", "composite-null-dyad", "composite-null-dyad.xdf");
    const [info, analysed] = await Promise.all([
      bench.attune(["info", file, "--json"]),
      bench.attune(["analyze", file, "--surrogates", "199", "--json"]),
    ]);
    const { streams } = JSON.parse(info.stdout);
    expect(streams).toHaveLength(5);
    const gaps = streams.find(({ name }: { name: string }) => name === "Infant-EEG").gaps;
    expect(gaps.map(({ kind }: { kind: string }) => kind)).toEqual(["loss", "break"]);
    for (const { q } of JSON.parse(analysed.stdout).conditions[0].directions) expect(q).toBeGreaterThan(0.05);
  });

  test("epochs of two adults are windows of their own", async () => {
    const sidecar = (person: string) => sharedPath("recordings", "derived", `hypyp_preproc_${person}.json`);
    const ended = await bench.attune([
      ...["analyze", "--adult-epochs", sidecar("S1"), "--infant-epochs", sidecar("S2")],
      ...["--adult", "C3,C4", "--infant", "C3,C4", "--surrogates", "19", "--json"],
    ]);
    const document = parsed(ended);
    expect(document.conditions).toMatchObject([{ condition: "all", nWindows: 33 }]);
  });
});
