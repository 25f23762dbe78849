import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { summariseNull, summarisePower } from "./judge.ts";
import { runTasks } from "./pool.ts";
import { renderValidation, type ValidationReport } from "./render.ts";
import { falseAlarmScenarios } from "./scenarios.ts";
import type { Task } from "./tasks.ts";

/** `pnpm validate`: the study's error rates and power on simulated dyads, written to docs/validation.md. */
const { values: options } = parseArgs({
  options: {
    dyads: { type: "string", default: "200" },
    "power-dyads": { type: "string", default: "50" },
    "drive-dyads": { type: "string", default: "40" },
    surrogates: { type: "string", default: "199" },
    out: { type: "string", default: join(import.meta.dirname, "../../docs") },
  },
});

const nSurrogates = Number(options.surrogates);
const seeds = (n: number, first: number): number[] => Array.from({ length: n }, (_, i) => first + i);
const tasks: Task[] = [
  ...falseAlarmScenarios.flatMap(({ name }, s) =>
    seeds(Number(options.dyads), 1000 * (s + 1)).map(
      (seed): Task => ({ kind: "false-alarm", scenario: name, seed, nSurrogates }),
    ),
  ),
  ...[0.05, 0.02].flatMap((strength, s) =>
    seeds(Number(options["power-dyads"]), 10_000 * (s + 1)).map(
      (seed): Task => ({ kind: "power", strength, seed, nSurrogates }),
    ),
  ),
  ...[0, 0.1].flatMap((strength, s) =>
    seeds(Number(options["drive-dyads"]), 40_000 + 1000 * s).map(
      (seed): Task => ({ kind: "common-drive", strength, seed, nSurrogates }),
    ),
  ),
];

const started = performance.now();
const results = await runTasks(tasks, (done) => {
  if (process.stderr.isTTY || done % 50 === 0) process.stderr.write(`${done} of ${tasks.length} dyads\n`);
});

const of = (match: Partial<Record<string, unknown>>) =>
  results.filter(({ task }) =>
    Object.entries(match).every(
      ([key, value]) => (task as unknown as Record<string, unknown>)[key] === value,
    ),
  );

const report: ValidationReport = {
  nSurrogates,
  seconds: (performance.now() - started) / 1000,
  processes: availableParallelism(),
  machine: `${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.versions.node}`,
  falseAlarms: falseAlarmScenarios.map(({ name, what }) => ({
    name,
    what,
    tests: summariseNull(of({ kind: "false-alarm", scenario: name }), nSurrogates),
  })),
  power: [0.05, 0.02].map((strength) => ({
    strength,
    tests: summarisePower(of({ kind: "power", strength })),
  })),
  commonDrive: [0, 0.1].map((strength) => {
    const runs = of({ kind: "common-drive", strength });
    return {
      strength,
      tests: summarisePower(runs),
      alarmed: runs.filter(({ stimulusVerdicts }) =>
        stimulusVerdicts.some((severity) => severity === "alarm" || severity === "caution"),
      ).length,
      n: runs.length,
    };
  }),
};

mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, "validation.json"), `${JSON.stringify(report, null, 1)}\n`);
writeFileSync(join(options.out, "validation.md"), renderValidation(report));
console.log(
  `${join(options.out, "validation.md")} written from ${tasks.length} dyads in ${report.seconds.toFixed(0)} s`,
);
