import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const root = join(import.meta.dirname, "../..");

/** Lines of the shell blocks of a document, without comments. */
function commandsOf(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap((block) => block[1]!.split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}

const isAttune = (line: string): boolean => line.startsWith("pnpm attune ");

describe("every command in the documents works as it stands", () => {
  const bench = new Bench();
  afterAll(() => bench.remove());

  beforeAll(async () => {
    // `pnpm attune` in a checkout runs the workspace's own bin; here the person is in another folder.
    const bin = join(root, "packages/cli/bin/attune.mjs");
    bench.write("pnpm", `#!/bin/sh\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`);
    chmodSync(bench.path("pnpm"), 0o755);
    await bench.attune("simulate --out recording.xdf --duration 90 --seed 4");
    bench.writeTable("table", { seed: 6, durationSeconds: 90 });
    const table = readFileSync(bench.path("table.csv"), "utf8").replace(/^.*\n/, "C3,C4,C3i,C4i\n");
    bench.write("table.csv", table);
    bench.write("gaze.tsv", readFileSync(bench.path("table.tsv")));
  });

  const documents = ["README.md", "CONTRIBUTING.md"];
  const commands = documents.flatMap(commandsOf);

  test("there are commands to run", () => {
    expect(commands.filter(isAttune).length).toBeGreaterThan(4);
  });

  for (const line of commands.filter(isAttune)) {
    test(line, () => {
      const ended = spawnSync("sh", ["-c", line], {
        cwd: bench.folder,
        env: { ...process.env, PATH: `${bench.folder}:${process.env.PATH}`, CI: "true" },
        encoding: "utf8",
      });
      expect(ended.stderr).toBe("");
      expect(ended.status).toBe(0);
      const folder = line.match(/--out (results\S*)/)?.[1];
      if (folder !== undefined) expect(existsSync(bench.path(folder, "report.html"))).toBe(true);
    });
  }

  test("every other command is a script of the workspace", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const names = commands
      .filter((line) => !isAttune(line))
      .flatMap((line) => line.split("&&"))
      .map((part) => part.trim().match(/^(?:npx -y pnpm@10|pnpm) ([\w-]+)/)?.[1]);
    for (const name of names) expect(Object.keys(scripts)).toContain(name);
  });
});
