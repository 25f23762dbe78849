import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The checks that take too long for every run: the same tests with `ATTUNE_LONG=1`, one after the other so that they do not disturb
 * one another, and a report of what they found (`docs/long-checks.md`).
 *
 *     pnpm long-checks [name ...]
 */
interface Check {
  readonly name: string;
  readonly what: string;
  readonly files: readonly string[];
}

const root = join(import.meta.dirname, "../..");

const checks: readonly Check[] = [
  {
    name: "soak",
    what: "4 simulated hours of a recorded and analysed session: memory, queues, alignment, replay",
    files: ["tests/integration/live-soak.test.ts"],
  },
  {
    name: "kills",
    what: "a recording session killed at 20 random moments, and its repair",
    files: ["tests/integration/recording-kill.test.ts"],
  },
  {
    name: "serial",
    what: "2 x 250 Hz and 2 x 1 kHz over pseudo-terminals for 60 s; 100 reconnects",
    files: ["tests/support/serial-soak.test.ts", "devices/kit/src"],
  },
  {
    name: "lsl",
    what: "every format, stamp mode and channel count in both directions against liblsl",
    files: ["tests/integration/lsl", "devices/lsl/src"],
  },
  {
    name: "hearts",
    what: "200 recordings of two hearts, voices and hands that have nothing to do with each other: how often something is found; R peaks beside other detectors",
    files: ["tests/end-to-end/dyad-null.test.ts", "tests/golden/r-peak-peers.test.ts"],
  },
];

interface TestOutcome {
  readonly title: string;
  readonly status: string;
  readonly seconds: number;
}

interface Outcome {
  readonly check: Check;
  readonly tests: readonly TestOutcome[];
  /** Numbers that tests report on stderr, as JSON lines. */
  readonly figures: readonly string[];
}

const wanted = process.argv.slice(2);
const outcomes: Outcome[] = [];
for (const check of checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stderr.write(`${check.name}: ${check.what}\n`);
  outcomes.push(await run(check));
}
const failed = outcomes.flatMap(({ tests }) => tests.filter(({ status }) => status !== "passed"));
if (wanted.length === 0) await writeFile(join(root, "docs/long-checks.md"), report(outcomes));
process.stderr.write(failed.length === 0 ? "all passed\n" : `${failed.length} did not pass\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function run(check: Check): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "attune-long-"));
  const results = join(folder, "results.json");
  const figures: string[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const arguments_ = [
        "run",
        ...check.files,
        "--reporter=json",
        `--outputFile=${results}`,
        "--no-file-parallelism",
      ];
      const child = spawn(join(root, "node_modules/.bin/vitest"), arguments_, {
        cwd: root,
        env: { ...process.env, ATTUNE_LONG: "1" },
        stdio: ["ignore", "inherit", "pipe"],
      });
      let text = "";
      child.stderr.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      child.once("error", reject);
      child.once("exit", () => {
        figures.push(...text.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}")));
        resolve();
      });
    });
    const { testResults } = JSON.parse(await readFile(results, "utf8")) as {
      testResults: { assertionResults: { fullName: string; status: string; duration?: number }[] }[];
    };
    const tests = testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName, status, duration = 0 }) => ({
        title: fullName,
        status,
        seconds: duration / 1000,
      })),
    );
    return { check, tests, figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(all: readonly Outcome[]): string {
  const { version } = process;
  const cpu = cpus()[0]?.model ?? "unknown processor";
  return [
    "# Long checks",
    "",
    `Made by \`pnpm long-checks\` on ${new Date().toISOString().slice(0, 10)}, Node ${version}, ${cpus().length} x ${cpu}. Every run of the tests does the same in a shorter form.`,
    ...all.flatMap(sectionOf),
    "",
  ].join("\n");
}

function sectionOf({ check, tests, figures }: Outcome): string[] {
  const passed = tests.filter(({ status }) => status === "passed").length;
  const slowest = [...tests].sort((a, b) => b.seconds - a.seconds).slice(0, 8);
  return [
    "",
    `## ${check.name}: ${passed} of ${tests.length} passed`,
    "",
    `${check.what}.`,
    "",
    "| check | outcome | s |",
    "| --- | --- | --- |",
    ...slowest.map(
      ({ title, status, seconds }) =>
        `| ${title.replaceAll("|", "\\|")} | ${status} | ${seconds.toFixed(1)} |`,
    ),
    ...(tests.length > slowest.length ? [`| ${tests.length - slowest.length} shorter ones | | |`] : []),
    ...(figures.length > 0 ? ["", "```json", ...figures, "```"] : []),
  ];
}
