import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { blocksOf, root } from "./document-blocks.ts";

const page = "docs/adding-a-device.md";
const blocks = blocksOf(page);
const files = new Map(
  blocks.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const])),
);
/** An adapter with the dependencies that the page's has. */
const model = join(root, "devices/modeeg-p2");

// Within the repository, so that the workspace's packages are found; no name that another test run would collect.
const folder = mkdtempSync(join(root, "tests/.adding-a-device-"));
const remove = (): void => rmSync(folder, { recursive: true, force: true });
process.once("exit", remove);
afterAll(remove);

const placeOf = (file: string): string => join(folder, file.replace(/\.test\.ts$/, ".page-test.ts"));
mkdirSync(join(folder, "src"));
for (const [file, text] of files) if (file.startsWith("src/")) writeFileSync(placeOf(file), text);
symlinkSync(join(model, "node_modules"), join(folder, "node_modules"));
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../../tsconfig.base.json",
    include: ["src"],
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      emitDeclarationOnly: false,
      noEmit: true,
    },
  }),
);

const parsed = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, "utf8"));

describe("the page for who adds a device", () => {
  test("every block of code says which file it is, and every file of the folder is there", () => {
    const unnamed = blocks.filter(({ language, file }) => /^(ts|json)$/.test(language) && file === undefined);
    expect(unnamed).toEqual([]);
    const listing = blocks.find(({ text }) => text.startsWith("devices/beacon/"))!.text;
    const listed = listing.match(/(?:src\/)?[\w.-]+\.(?:ts|json)/g)!;
    expect([...files.keys()].sort()).toEqual(listed.sort());
  });

  test("its package and compiler settings are those of the other adapters", () => {
    const { name, description, ...own } = JSON.parse(files.get("package.json")!);
    const { name: _, description: __, ...others } = parsed(join(model, "package.json"));
    expect(name).toBe("@attune/device-beacon");
    expect(description).toMatch(/Beacon/);
    expect(own).toEqual(others);
    const settings = files.get("tsconfig.json")!.replaceAll("device-beacon", "device-modeeg-p2");
    expect(JSON.parse(settings)).toEqual(parsed(join(model, "tsconfig.json")));
  });

  test("its files pass the compiler with the settings of the workspace", () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(
      process.execPath,
      [compiler, "-p", ".", "--pretty", "false", "--listFiles"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    const lines = stdout.split("\n");
    // The packages that it imports are compiled here as well; some have settings of their own, and a build of their own.
    expect(lines.filter((line) => /^src\/.*error TS/.test(line))).toEqual([]);
    for (const file of files.keys()) if (file.endsWith(".ts")) expect(lines).toContain(placeOf(file));
  });

  test("its files pass the linter", () => {
    const linter = join(root, "node_modules/@biomejs/biome/bin/biome");
    const { formatter, linter: rules } = parsed(join(root, "biome.json"));
    writeFileSync(join(folder, "biome.json"), JSON.stringify({ root: true, formatter, linter: rules }));
    // Dependencies are the business of the test above.
    const options = ["check", "--skip=correctness/noUndeclaredDependencies", "src"];
    const ended = spawnSync(process.execPath, [linter, ...options], { cwd: folder, encoding: "utf8" });
    const complaint = ended.status === 0 ? "" : ended.stderr;
    expect({ status: ended.status, complaint }).toEqual({ status: 0, complaint: "" });
  });

  test("every path that it names in the workspace exists, and the registry has the line that it shows", () => {
    const text = readFileSync(join(root, page), "utf8");
    const named = [...text.matchAll(/`((?:packages|tests)\/[\w./-]+|tsconfig\.json)`/g)].map(
      (match) => match[1]!,
    );
    expect(named.length).toBeGreaterThan(3);
    for (const path of named) expect(readFileSync(join(root, path), "utf8")).not.toBe("");
    const registry = readFileSync(join(root, "packages/live/src/device-registry.ts"), "utf8");
    const line = blocks.find((block) => block.language === "text")!.text.replace("beacon", "modeegP2");
    expect(registry).toContain(line);
  });
});

for (const file of [...files.keys()].filter((name) => name.endsWith(".test.ts"))) {
  describe(`${file} on the page`, async () => {
    await import(/* @vite-ignore */ placeOf(file));
  });
}
