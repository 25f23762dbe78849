import { mkdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

describe("attune demo", () => {
  test("recovers what it planted, writes a report, and may write over what it wrote itself", async () => {
    const ended = await bench.attune("demo --surrogates 59");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/\| direct +\| adult->infant \| theta \| +0\.\d+/);
    expect(ended.stdout).toMatch(
      /\nThe planted effect was recovered: adult->infant .* infant->adult stays within chance\.\n/,
    );
    const report = readFileSync(bench.path("attune-demo", "report.html"), "utf8");
    expect(report).toMatch(/^<!doctype html>/);
    expect(ended.stdout).toContain("attune-demo/report.html");

    const json = await bench.attune("demo --surrogates 19 --duration 90 --json");
    expect(json).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      profile: "recommended",
      recovery: { recovered: expect.any(Boolean) },
    });
    expect(readFileSync(bench.path("attune-demo", "report.html"), "utf8")).not.toBe(report);
  });

  test("leaves a folder of that name alone when somebody else made it", async () => {
    const other = new Bench();
    try {
      mkdirSync(other.path("attune-demo"));
      other.write("attune-demo/thesis.txt", "years of work");
      const ended = await other.attune("demo");
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/^attune: attune-demo holds files that the demo did not make.*\n$/);
    } finally {
      other.remove();
    }
  });
});
