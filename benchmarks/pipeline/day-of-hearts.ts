import { spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEnvironment } from "../harness/environment.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";
import { dyadCommand } from "./dyad-command.ts";
import type { HeartsReport } from "./hearts-alone.ts";
import { writeDayOfHearts } from "./write-hearts.ts";

const ALONE = fileURLToPath(new URL("./hearts-alone.ts", import.meta.url));
const HOURS = 24;
const MOST_SECONDS = 60;
const MOST_MEGABYTES = 500;

const environment = startEnvironment();
const folder = await mkdtemp(join(tmpdir(), "attune-hearts-"));
try {
  const path = join(folder, "day.xdf");
  await writeDayOfHearts(path, HOURS * 3600);
  const { size } = await stat(path);
  const run = await alone(path, join(folder, "results"));
  const whole = await dyadCommand(path, join(folder, "results-of-command"));
  // What opening a file of that length holds belongs to the reader, not to the analysis: both are told.
  const streamed = await alone(`generated:${HOURS * 3600}`);
  const writing = run.steps.find(({ step }) => step === "writing")?.seconds ?? Number.NaN;
  const figures: Figure[] = [
    figure("file", size / 1e6, "MB", `${HOURS} h, two ECGs at 250 Hz, float32 XDF`),
    figure("beats found", run.nBeats, "beats", "both people"),
    figure(
      "whole analysis",
      run.wallSeconds - writing,
      "s",
      "wall time, from opening the file to the result",
    ),
    figure("analysis and writing", run.wallSeconds, "s", "wall time, to the last file of the folder"),
    figure("whole command", whole.wallSeconds, "s", "wall time of attune dyad --out, from the start of Node"),
    ...run.steps
      .filter(({ step }) => step !== "end")
      .map(({ step, seconds }) => figure(`of this: ${step}`, seconds, "s", "wall time")),
    figure("processor time", run.processorSeconds, "s", "all threads of the process"),
    figure(
      "peak memory, from the file",
      run.peakMegabytesAnalysed,
      "MB",
      "resident, whole process with its compiler, before anything is written",
    ),
    figure("peak memory, results written", run.peakMegabytes, "MB", "resident, the same process afterwards"),
    figure(
      "peak memory of the whole command",
      whole.peakMegabytes,
      "MB",
      "resident, attune dyad --out with everything that the program loads",
    ),
    figure(
      "of this when the file was open",
      run.peakMegabytesOpen,
      "MB",
      "every stamp is held while a stream's clock is fitted",
    ),
    figure(
      "peak memory of the analysis",
      streamed.peakMegabytes,
      "MB",
      "resident; samples generated while they are read",
    ),
  ];
  const result: BenchmarkResult = {
    name: "day-of-hearts",
    title: `Two hearts over ${HOURS} h: R peaks, corrections, RSA, cross-talk, covariation with its nulls, models, files and report`,
    environment: environment.finish(),
    figures,
    targets: [
      {
        text: `whole command, results written: under ${MOST_SECONDS} s`,
        measured: whole.wallSeconds,
        isMet: whole.wallSeconds < MOST_SECONDS,
      },
      {
        text: `analysis and writing below ${MOST_MEGABYTES} MB, from the file`,
        measured: run.peakMegabytes,
        isMet: run.peakMegabytes < MOST_MEGABYTES,
      },
      {
        text: `whole command below ${MOST_MEGABYTES} MB`,
        measured: whole.peakMegabytes,
        isMet: whole.peakMegabytes < MOST_MEGABYTES,
      },
    ],
    designTextAnchors: [],
    skipped: [],
  };
  await writeResult(result);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function figure(name: string, value: number, unit: string, note: string): Figure {
  return { name, value, unit, note };
}

/** The analysis in a process of its own, whose memory is nobody else's. */
function alone(source: string, out?: string): Promise<HeartsReport> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, ALONE, source, ...(out === undefined ? [] : [out])],
    {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  return new Promise((resolve, reject) => {
    let report: HeartsReport | undefined;
    child.on("message", (message) => {
      report = message as HeartsReport;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (report === undefined)
        reject(new Error(`The analysis of ${source} ended with ${code} and no report.`));
      else resolve(report);
    });
  });
}
