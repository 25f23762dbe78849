import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { updateReadme } from "./harness/readme.ts";
import { readResult } from "./harness/store.ts";
import { renderResult } from "./harness/table.ts";
import { kernels, wholes } from "./registry.ts";

const USAGE = `Usage: pnpm bench [NAME ...] [--report]

Runs the named benchmarks, or all of them, prints their tables and writes results/NAME.json.
--report runs nothing and puts the tables of results/*.json into the README.

Example: pnpm bench window filter
Names: ${[...Object.keys(kernels), ...Object.keys(wholes)].join(", ")}`;

/** Every benchmark runs in a process of its own, one after the other. */
async function runAlone(name: string): Promise<number> {
  const script = wholes[name] ?? "./run-kernel.ts";
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [name]);
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

const words = process.argv.slice(2).filter((word) => word !== "--");
const names = words.filter((word) => !word.startsWith("-"));
const known = [...Object.keys(kernels), ...Object.keys(wholes)];
const unknown = names.find((name) => !known.includes(name));
if (words.includes("--help") || words.includes("-h")) console.log(USAGE);
else if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; there are ${known.join(", ")}.`);
  process.exitCode = 2;
} else if (words.includes("--report")) await updateReadme(known);
else {
  for (const name of names.length > 0 ? names : known) {
    const code = await runAlone(name);
    if (code === 0) console.log(`${renderResult(await readResult(name))}\n`);
    else {
      console.error(`${name} failed.`);
      process.exitCode = 1;
    }
  }
}
