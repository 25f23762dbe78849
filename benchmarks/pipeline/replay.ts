import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEnvironment } from "../harness/environment.ts";
import { medianOf } from "../harness/quantile.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";
import type { ReplayReport, StudyReport } from "./replay-alone.ts";
import { writeRecording } from "./write-recording.ts";

const ALONE = fileURLToPath(new URL("./replay-alone.ts", import.meta.url));
const MINUTES = 30;
const SHORT_MINUTES = 10;
const N_RUNS = 2;
const LEAST_SPEED = 60;
const MOST_MEGABYTES = 400;

const environment = startEnvironment();
const canPin = spawnSync("taskset", ["--version"]).status === 0;
const folder = await mkdtemp(join(tmpdir(), "attune-replay-"));
try {
  const long = join(folder, "long.xdf");
  const short = join(folder, "short.xdf");
  const writing = performance.now();
  const bytes = await writeRecording(long, 60 * MINUTES);
  const writtenSeconds = (performance.now() - writing) / 1000;
  await writeRecording(short, 60 * SHORT_MINUTES);
  const two = await repeat(long, "2");
  const four = await repeat(long, "4");
  const brief = await repeat(short, "2");
  const study = await alone<StudyReport>("study", long, "2");
  const { speed } = two;
  const growth = (two.peakMegabytes - brief.peakMegabytes) / (MINUTES - SHORT_MINUTES);
  const figures: Figure[] = [
    figure("file", bytes / 1e6, "MB", `${MINUTES} min, 2 x 32 channels, 500 Hz, float32`),
    figure("simulated and written", writtenSeconds, "s", "wall time; not part of the replay"),
    figure("replay, C3 and C4 a head", two.speed, "x real time", `by processor time; ${two.note}`),
    figure("the same by the clock on the wall", two.wallSpeed, "x real time", "beside whatever else ran"),
    figure(
      "part of the wall time for indexing the file",
      100 * two.openShare,
      "%",
      "once, before the first sample",
    ),
    figure("replay, four channels a head", four.speed, "x real time", `by processor time; ${four.note}`),
    figure("the same by the clock on the wall", four.wallSpeed, "x real time", "beside whatever else ran"),
    figure(
      "peak memory, C3 and C4 a head",
      two.peakMegabytes,
      "MB",
      "resident, whole process with its compiler",
    ),
    figure("peak memory, four channels a head", four.peakMegabytes, "MB", "resident"),
    figure(`peak memory, ${SHORT_MINUTES} min, C3 and C4 a head`, brief.peakMegabytes, "MB", "resident"),
    figure("memory for every further minute", growth, "MB", `${MINUTES} min against ${SHORT_MINUTES} min`),
    figure(
      "whole study",
      study.processorSeconds,
      "s",
      "processor time, one run: pipeline, all nulls, statistics",
    ),
    figure(
      "of this after the last sample",
      study.testingProcessorSeconds,
      "s",
      `${study.nConditions} conditions`,
    ),
    figure(
      "peak memory of the study",
      study.peakMegabytes,
      "MB",
      "resident; it keeps all windows and samples",
    ),
  ];
  const result: BenchmarkResult = {
    name: "replay",
    title: `Replay of ${MINUTES} minutes of 2 x 32 channels at 500 Hz: file, alignment, filters, windows, running estimate with null`,
    environment: environment.finish(),
    figures,
    targets: [
      {
        text: `at least ${LEAST_SPEED} times real time, by processor time`,
        measured: speed,
        isMet: speed >= LEAST_SPEED,
      },
      {
        text: `below ${MOST_MEGABYTES} MB`,
        measured: two.peakMegabytes,
        isMet: two.peakMegabytes < MOST_MEGABYTES,
      },
    ],
    designTextAnchors: [],
    skipped: canPin
      ? []
      : [{ peer: "one core", reason: "there is no taskset here, so the process was not held on one core" }],
  };
  await writeResult(result);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function figure(name: string, value: number, unit: string, note: string): Figure {
  return { name, value, unit, note };
}

interface Repeated {
  /** Seconds of data per second of processor time, all threads of the process together. */
  readonly speed: number;
  readonly wallSpeed: number;
  readonly openShare: number;
  readonly peakMegabytes: number;
  readonly note: string;
}

/** Medians over several processes. */
async function repeat(path: string, nPerHead: "2" | "4"): Promise<Repeated> {
  const runs: ReplayReport[] = [];
  for (let i = 0; i < N_RUNS; i++) runs.push(await alone<ReplayReport>("replay", path, nPerHead));
  const speeds = runs.map(({ dataSeconds, processorSeconds }) => dataSeconds / processorSeconds);
  const wall = ({ openSeconds, playSeconds }: ReplayReport): number => openSeconds + playSeconds;
  const { nWindows, nAccepted, nCouplings } = runs[0]!;
  const range = `${Math.min(...speeds).toFixed(0)}-${Math.max(...speeds).toFixed(0)}`;
  return {
    speed: medianOf(speeds),
    wallSpeed: medianOf(runs.map((run) => run.dataSeconds / wall(run))),
    openShare: medianOf(runs.map((run) => run.openSeconds / wall(run))),
    peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
    note: `median of ${N_RUNS} (${range}); ${nWindows} windows, ${nAccepted} accepted, ${nCouplings} couplings`,
  };
}

/** One task in a process of its own on one core, where the system lets a process be held there. */
function alone<Report>(task: string, path: string, nPerHead: string): Promise<Report> {
  const node = [process.execPath, ...process.execArgv, ALONE, task, path, nPerHead];
  const [command = "", ...words] = canPin ? ["taskset", "-c", "1", ...node] : node;
  const child = spawn(command, words, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    let report: Report | undefined;
    child.on("message", (message) => {
      report = message as Report;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (report === undefined) reject(new Error(`${task} of ${path} ended with ${code} and no report.`));
      else resolve(report);
    });
  });
}
