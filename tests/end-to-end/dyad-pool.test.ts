import { existsSync, readFileSync } from "node:fs";
import type { PooledResult } from "@attune/study";
import { afterAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

describe("many dyads", () => {
  test("epochs of two analyses become models with their warnings, in files and as a document", async () => {
    for (const seed of [1, 2]) {
      const name = `d${seed}`;
      const made = await bench.attune(
        `simulate --hearts --out ${name}.xdf --duration 300 --seed ${seed} --covariation-in-touch 0.9`,
      );
      expect(made.code, made.stderr).toBe(0);
      const analysed = await bench.attune(
        `dyad ${name}.xdf --adult-ecg ECG --infant-ecg ECG --surrogates 99 --out ${name}`,
      );
      expect(analysed.code, analysed.stderr).toBe(0);
    }
    const { code, stdout, stderr } = await bench.attune(
      "dyad --pool d1/epochs.csv d2/epochs.csv --out pooled --json",
    );
    expect(code, stderr).toBe(0);
    const pooled = JSON.parse(stdout) as PooledResult;
    expect(pooled.dyads).toHaveLength(2);
    expect(pooled.warnings.join(" ")).toContain("30");
    expect(new Set(pooled.rows.map(({ estimator }) => estimator))).toEqual(
      new Set(["within, CR1", "random intercept, REML"]),
    );
    expect(existsSync(bench.path("pooled", "pooled.json"))).toBe(true);
    const lines = readFileSync(bench.path("pooled", "models.tsv"), "utf8").trim().split("\n");
    expect(lines.length).toBe(1 + pooled.rows.length);
  }, 60_000);

  test("what cannot be pooled is one sentence", async () => {
    const recording = await bench.attune("dyad d1.xdf --pool d1/epochs.csv --out other");
    expect(recording).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^attune: .*leave FILE out\.\n$/),
    });
    const alone = await bench.attune("dyad --pool d1/epochs.csv --out other");
    expect(alone).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^attune: .*two dyads or more.*\n$/),
    });
    const twice = await bench.attune("dyad --pool d1/epochs.csv d1/epochs.csv --out other");
    expect(twice.stderr).toMatch(/^attune: .*given twice/);
    const missing = await bench.attune("dyad --pool d9/epochs.csv d1/epochs.csv --out other");
    expect(missing).toMatchObject({ code: 2 });
    expect(existsSync(bench.path("other"))).toBe(false);
  }, 30_000);
});
