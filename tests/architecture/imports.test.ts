import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/**
 * Who may import whom. Two arrows are not in the picture of the architecture: the simulated dyad uses core for its random
 * numbers and for the theory of its own truth, and the device kit for its clock model; core is as pure as they are.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "packages/signal": [],
  "packages/core": [],
  "packages/pipeline": ["@attune/core", "@attune/signal"],
  "packages/recording": ["@attune/core", "@attune/signal"],
  "packages/study": ["@attune/core", "@attune/pipeline", "@attune/recording", "@attune/signal"],
  "packages/cli": [
    "@attune/core",
    "@attune/device-simulated",
    "@attune/live",
    "@attune/pipeline",
    "@attune/recording",
    "@attune/server",
    "@attune/signal",
    "@attune/study",
  ],
  "packages/dashboard": ["@attune/signal", "@attune/wire"],
  "packages/server": [
    "@attune/core",
    "@attune/dashboard",
    "@attune/device-coder",
    "@attune/live",
    "@attune/pipeline",
    "@attune/recording",
    "@attune/signal",
    "@attune/study",
    "@attune/wire",
  ],
  "packages/wire": ["@attune/signal"],
  "packages/live": [
    "@attune/core",
    "@attune/device-kit",
    "@attune/device-ad8232-plain",
    "@attune/device-attune-line",
    "@attune/device-attune-ws",
    "@attune/device-bitalino",
    "@attune/device-coder",
    "@attune/device-emotiv-cortex",
    "@attune/device-lsl-stream",
    "@attune/device-modeeg-p2",
    "@attune/device-openbci-cyton",
    "@attune/device-shimmer3",
    "@attune/device-simulated",
    "@attune/lsl",
    "@attune/pipeline",
    "@attune/recording",
    "@attune/signal",
    "@attune/study",
    "@attune/wire",
  ],
  "devices/simulated": ["@attune/core", "@attune/device-kit", "@attune/signal"],
  "devices/kit": ["@attune/core", "@attune/signal"],
  "devices/lsl": [],
  "devices/lsl-stream": ["@attune/device-kit", "@attune/lsl", "@attune/signal"],
  "devices/attune-ws": ["@attune/device-kit", "@attune/signal", "@attune/wire"],
  "devices/ad8232-plain": ["@attune/device-kit", "@attune/signal"],
  "devices/attune-line": ["@attune/device-kit", "@attune/signal"],
  "devices/bitalino": ["@attune/device-kit", "@attune/signal"],
  "devices/coder": ["@attune/device-kit", "@attune/signal"],
  "devices/emotiv-cortex": ["@attune/device-kit", "@attune/signal"],
  "devices/modeeg-p2": ["@attune/device-kit", "@attune/signal"],
  "devices/openbci-cyton": ["@attune/device-kit", "@attune/signal"],
  "devices/shimmer3": ["@attune/device-kit", "@attune/signal"],
};

/** Libraries from outside that a package's sources may use. */
const librariesOfThePure: Readonly<Record<string, readonly string[]>> = {
  "packages/signal": [],
  "packages/core": ["fft.js", "fili"],
  "packages/pipeline": ["rxjs"],
};

const packageFolders = ["packages", "devices"].flatMap((group) =>
  readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${group}/${entry.name}`),
);

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A package may have entrances of its own: `@attune/device-simulated/device`. */
const packageOf = (name: string): string =>
  name.startsWith("@attune/") ? name.split("/").slice(0, 2).join("/") : name;

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => packageOf(match[1]!));
}

describe("imports point one way", () => {
  test("every package stands in the table", () => {
    expect(packageFolders.sort()).toEqual(Object.keys(allowed).sort());
  });

  for (const folder of packageFolders) {
    test(`${folder} imports only what it may`, () => {
      const wrong = sourcesOf(folder).flatMap((file) =>
        importsOf(file)
          .filter((name) => name.startsWith("@attune/") && !(allowed[folder] ?? []).includes(name))
          .map((name) => `${relative(root, file)} imports ${name}`),
      );
      expect(wrong).toEqual([]);
    });

    test(`${folder} declares what it imports`, () => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const declared = Object.keys(manifest.dependencies ?? {});
      const undeclared = sourcesOf(folder).flatMap((file) =>
        importsOf(file).filter((name) => name.startsWith("@attune/") && !declared.includes(name)),
      );
      expect(undeclared).toEqual([]);
    });
  }

  for (const [folder, libraries] of Object.entries(librariesOfThePure)) {
    test(`${folder} is pure: no I/O, no clock, no unseeded randomness`, () => {
      const wrong = sourcesOf(folder).flatMap((file) => {
        const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        const outside = importsOf(file).filter(
          (name) => !name.startsWith(".") && !name.startsWith("@attune/") && !libraries.includes(name),
        );
        const impure =
          text.match(
            /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|process\.(env|argv|hrtime|stdout|exit))/g,
          ) ?? [];
        return [...outside, ...impure].map((what) => `${relative(root, file)}: ${what}`);
      });
      expect(wrong).toEqual([]);
    });
  }
});
