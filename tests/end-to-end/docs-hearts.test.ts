import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DyadResult } from "@attune/study";
import { afterAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";
import { commandsOf, root } from "./document-blocks.ts";

const page = "docs/hearts-voices-touch.md";
const bench = new Bench();
afterAll(() => bench.remove());

/** A line of the page as a person types it, in a folder of its own; `pnpm attune` is the workspace's program. */
function run(line: string): Promise<{ code: number | null; output: string }> {
  const attune = join(root, "packages/cli/bin/attune.mjs");
  const pnpm = `pnpm() { shift; exec "${process.execPath}" "${attune}" "$@"; }`;
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", `${pnpm}; ${line}`], {
      cwd: bench.folder,
      env: { ...process.env, CI: "true" },
    });
    let output = "";
    const keep = (part: Buffer): void => {
      output += String(part);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

const result = (folder: string): DyadResult =>
  JSON.parse(readFileSync(bench.path(folder, "result.json"), "utf8")) as DyadResult;

describe(`${page}, command by command`, () => {
  const lines = commandsOf(page, "sh");

  test("every command works, in their order", async () => {
    expect(lines.length).toBeGreaterThanOrEqual(6);
    for (const line of lines) {
      const { code, output } = await run(line);
      expect({ line, code, output: code === 0 ? "" : output }).toEqual({ line, code: 0, output: "" });
    }
  }, 120_000);

  test("covariation by touch is what was planted", () => {
    const { splits, covariation, behaviour, crossTalk } = result("results");
    const touch = splits.find(({ isDeclared }) => isDeclared)!;
    expect(touch).toMatchObject({ person: "adult", layer: "touch", state: "any" });
    expect(touch.p).toBeLessThanOrEqual(0.05);
    expect(touch.inside.mean).toBeGreaterThan(touch.outside.mean + 0.1);
    expect([2, 3, 4]).toContain(covariation.primary.crossCorrelation.peakLag);
    expect(crossTalk.verdict).not.toBe("leak");
    const answers = behaviour.find(
      ({ measure, detail }) =>
        measure === "delta P" && detail.startsWith("adult answers infant's protophone, within 2 s"),
    )!;
    expect(answers.value).toBeGreaterThan(0.3);
  });

  test("imported beats give the same covariation to within what corrections change", () => {
    const [own, imported] = [result("results"), result("from-beats")];
    // The times that both hearts share begin and end with the first and last beat, not with the first and last sample.
    expect(Math.abs(imported.covariation.primary.value - own.covariation.primary.value)).toBeLessThan(0.03);
    expect(imported.crossTalk.verdict).toBe("not-checked");
  });

  test("where nothing was planted nothing declared is found", () => {
    const { covariation, behaviour } = result("null-results");
    expect(covariation.primary.p).toBeGreaterThan(0.05);
    const answers = behaviour.find(
      ({ measure, detail, null: kind }) =>
        measure === "delta P" &&
        kind === "circular-shift" &&
        detail.startsWith("adult answers infant's protophone, within 2 s"),
    )!;
    expect(answers.p).toBeGreaterThan(0.05);
  });

  test("every file that the page names is there", () => {
    const text = readFileSync(join(root, page), "utf8");
    const names = [...text.matchAll(/`([\w-]+\.(?:json|csv|tsv|md|html|MD))`/g)].map(([, name]) => name!);
    const written = names.filter((name) => !/^dyad\./.test(name));
    expect(written.length).toBeGreaterThan(8);
    for (const name of written) expect(existsSync(bench.path("results", name)), name).toBe(true);
  });
});
