import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counterRandom } from "@attune/core";
import { afterAll, describe, expect, test } from "vitest";
import { poolDyads } from "./pool-dyads.ts";
import { writePooled } from "./write-pooled.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-pool-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A dyad whose infant's lnRSA follows the adult's by a slope of the same epoch, on a level of its own. */
function epochsOf(name: string, slope: number, nEpochs: number): string {
  const uniform = counterRandom(7, name, 0);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const level = 2 * normal();
  const lines = ["dyad,role,person,epoch,condition,lnRSA,IBI"];
  for (let k = 0; k < nEpochs; k++) {
    const adult = normal();
    const infant = level + slope * adult + 0.3 * normal();
    const condition = k < nEpochs / 2 ? "baseline" : "play";
    // One epoch is left out of one person only.
    lines.push(
      `"${name}, first",adult,mother,${k},${condition},${k === 3 ? "NA" : adult},${800 + 30 * normal()}`,
    );
    lines.push(`"${name}, first",infant,baby,${k},${condition},${infant},${450 + 10 * normal()}`);
  }
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, "epochs.csv"), `${lines.join("\n")}\n`);
  return join(path, "epochs.csv");
}

describe("many dyads", () => {
  const paths = Array.from({ length: 12 }, (_, k) => epochsOf(`dyad-${k}`, 0.6, 20));

  test("have the planted covariation by both estimators, with levels of their own", async () => {
    const result = await poolDyads(paths);
    expect(result.dyads).toHaveLength(12);
    expect(result.referenceCondition).toBe("baseline");
    const adult = result.rows.filter(
      ({ measure, model, name }) => measure === "lnRsa" && model === "covariation" && name === "adult",
    );
    expect(adult.map(({ estimator }) => estimator)).toEqual(["within, CR1", "random intercept, REML"]);
    for (const row of adult) {
      expect(row).toMatchObject({ status: "ok", nDyads: 12, nObservations: 12 * 19 });
      expect(row.low).toBeLessThan(0.6);
      expect(row.high).toBeGreaterThan(0.6);
      expect(row.p).toBeLessThan(0.001);
    }
    expect(result.measures[0]!.intraclassCorrelation).toBeGreaterThan(0.5);
    const influence = result.rows.find(
      ({ measure, model, outcome, name }) =>
        measure === "lnRsa" &&
        model === "stability-influence" &&
        outcome === "infant" &&
        name === "adult(t-1)",
    )!;
    expect(influence.low).toBeLessThan(0);
    expect(influence.high).toBeGreaterThan(0);
    expect(result.warnings).toEqual([expect.stringMatching(/^12 dyads: errors clustered/)]);
  });

  test("with few epochs are said to bias stability", async () => {
    const few = Array.from({ length: 4 }, (_, k) => epochsOf(`short-${k}`, 0, 6));
    const { warnings, measures } = await poolDyads(few);
    expect(measures.every(({ tooFewEpochs }) => tooFewEpochs)).toBe(true);
    expect(warnings.filter((text) => text.includes("Nickell"))).toHaveLength(2);
  });

  test("are written as tables with a dictionary, byte for byte the same", async () => {
    const out = join(folder, "pooled");
    expect(await writePooled(await poolDyads(paths), out)).toEqual([
      "pooled.json",
      "models.tsv",
      "columns.json",
    ]);
    const once = readFileSync(join(out, "models.tsv"), "utf8");
    await writePooled(await poolDyads(paths), out, { overwrite: true });
    expect(readFileSync(join(out, "models.tsv"), "utf8")).toBe(once);
    expect(once.split("\n")[0]).toBe(
      "measure\tmodel\testimator\toutcome\tterm\testimate\tse\tt\tdf\tp\tlow\thigh\tn_dyads\tn\tstatus",
    );
  });

  test("count once: the same table, and the same epochs under another name, are refused", async () => {
    await expect(poolDyads([paths[0]!, paths[0]!])).rejects.toThrow(/twice/);
    const copy = join(folder, "copy.csv");
    writeFileSync(copy, readFileSync(paths[0]!));
    await expect(poolDyads([paths[0]!, copy])).rejects.toThrow(/same epochs/);
    await expect(poolDyads([paths[0]!])).rejects.toThrow(/two dyads or more/);
    writeFileSync(copy, "a,b\n1,2\n");
    await expect(poolDyads([copy])).rejects.toThrow(/lacks the columns dyad, role/);
  });
});
