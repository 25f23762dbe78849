import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deviceTypes, LiveSession, readSession, sessionJsonSchema } from "@attune/live";
import { describe, expect, test } from "vitest";
import { blocksOf, root } from "./document-blocks.ts";
import { settingsTable } from "./settings-table.ts";

// After a change of a schema: npx vitest run tests/end-to-end/docs.test.ts -u

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const textOf = (page: string): string => readFileSync(join(root, page), "utf8");
const examples = readdirSync(join(root, "docs/examples")).map((name) => `docs/examples/${name}`);

describe("docs/sessions.md", () => {
  const page = "docs/sessions.md";

  test("its tables of settings are those of the schemas", async () => {
    const tables: Readonly<Record<string, string>> = {
      session: settingsTable(sessionJsonSchema()),
      devices: deviceTypes
        .map(
          ({ name, settings }) => `### ${name}\n\n${settingsTable(settings.toJSONSchema({ io: "input" }))}`,
        )
        .join("\n\n"),
    };
    const current = textOf(page).replace(
      /(<!-- (session|devices) -->\n)[\s\S]*?(<!-- \/\2 -->)/g,
      (_, begin: string, name: string, end: string) => `${begin}\n${tables[name]}\n\n${end}`,
    );
    await expect(current).toMatchFileSnapshot(join(root, page));
  });

  test("session.schema.json is what the code checks by", async () => {
    const schema = `${JSON.stringify(sessionJsonSchema(), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot(join(root, "docs/session.schema.json"));
  });

  test("its table of devices has a row for every kind, with its title, in their order", () => {
    const section = textOf(page).split("\n## Devices\n")[1]!.split("\n## ")[0]!;
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
      ([, kind, title]) => ({ name: kind, title }),
    );
    expect(rows).toEqual(deviceTypes.map(({ name, title }) => ({ name, title })));
  });

  test("the session file that it shows is the example", () => {
    const shown = blocksOf(page).filter(({ language }) => language === "yaml");
    expect(shown.length).toBeGreaterThan(0);
    for (const { file, text } of shown) expect(text).toBe(readFileSync(join(root, file!), "utf8"));
  });

  test("the names that it tells for outputs are those that are sent", () => {
    const sources = ["osc-output", "lsl-output"].map((name) =>
      textOf(`packages/live/src/outputs/${name}.ts`),
    );
    expect(sources[0]).toContain("/attune/coupling/<from>/<to>/<band>");
    expect(sources[0]).toContain("/attune/windows/<condition>");
    expect(sources[1]).toContain('type: "Coupling"');
    expect(textOf(page)).toMatch(
      /`\/attune\/coupling\/adult\/infant\/theta`[\s\S]*`\/attune\/windows\/direct`/,
    );
  });
});

describe("what the documents say about the program", () => {
  test("every command that they name is one", () => {
    const verbs = buildHelp()
      .match(/^ {2}([a-z]+)(?= )/gm)!
      .map((verb) => verb.trim());
    expect(verbs.length).toBeGreaterThan(8);
    for (const page of pages)
      for (const [, verb] of textOf(page).matchAll(/(?:`|pnpm )attune ([a-z]+)/g))
        expect(verbs, `${page}: attune ${verb}`).toContain(verb);
  });

  test("every alarm that the guide explains is still said like this", () => {
    const alarms = {
      " SILENT ": "cli/src/live/status-line.ts",
      " s behind": "cli/src/live/status-line.ts",
      "were lost": "live/src/session/describe-event.ts",
      "its clock jumped by": "live/src/session/session-intake.ts",
      "it changed from": "live/src/session/session-intake.ts",
      "The disk of": "recording/src/recorder/file-recorder.ts",
      "The disk is too slow": "recording/src/recorder/file-recorder.ts",
    };
    for (const [words, source] of Object.entries(alarms))
      expect(textOf(`packages/${source}`)).toContain(words);
    const guide = textOf("docs/sessions.md");
    for (const words of [
      "SILENT",
      " s behind`",
      "were lost",
      "its clock jumped by",
      "changed from",
      "The disk ",
    ])
      expect(guide).toContain(words);
  });
});

describe("the examples", () => {
  test("there are some", () => expect(examples.length).toBeGreaterThan(1));

  for (const path of examples)
    test(`${path} is accepted, with the settings of its devices and its analysis`, async () => {
      const loaded = await readSession(join(root, path));
      const session = new LiveSession(loaded, { record: false, analyse: false });
      expect(session.devices.map(({ id }) => id)).toEqual(Object.keys(loaded.file.devices));
      await session.end();
      const schema = /^# yaml-language-server: \$schema=(\S+)$/m.exec(textOf(path))?.[1];
      expect(existsSync(join(root, dirname(path), schema ?? "missing"))).toBe(true);
    });
});

describe("links", () => {
  for (const page of pages)
    test(`of ${page} lead somewhere`, () => {
      const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
      for (const link of links.filter((each) => !/^https?:/.test(each))) {
        const [file, anchor] = link.split("#");
        const target = file === "" ? page : join(dirname(page), file!);
        expect(existsSync(join(root, target)), link).toBe(true);
        if (anchor !== undefined) expect(anchorsOf(textOf(target)), link).toContain(anchor);
      }
    });
});

function buildHelp(): string {
  const program = join(root, "packages/cli/bin/attune.mjs");
  return spawnSync(process.execPath, [program, "--help"], { encoding: "utf8" }).stdout;
}

/** As code hosts make them from headings. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
