import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type SimulatedDyad, simulateDyad } from "@attune/device-simulated";
import type { Coupling } from "@attune/signal";
import {
  analyse,
  attuneVersion,
  hashOf,
  play,
  profileNamed,
  requireFreeFolder,
  resolvePeople,
  type StudyResult,
  toJsonDocument,
  writeJson,
  writeResults,
} from "@attune/study";
import { Command } from "commander";
import { demoSession, summaryOfSession } from "../demo/demo-session.ts";
import { type LivePart, runLivePart } from "../demo/live-part.ts";
import { judgeRecovery } from "../demo/recovery.ts";
import { MisuseError } from "../errors/misuse.ts";
import { liveSettings } from "../options/live-settings.ts";
import { fromWorkingFolder, shownPath } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { clockTime, fixed, plural } from "../output/format.ts";
import { hasScreen, openPage } from "../output/open-page.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { resultTable, verdictLines } from "../output/result-table.ts";
import { say } from "../output/write.ts";
import { couplingText } from "../simulate/planted-coupling.ts";
import { writeRecording } from "../simulate/write-recording.ts";

interface DemoOptions {
  readonly seed: number;
  readonly duration: number;
  readonly surrogates?: number;
  readonly liveSeconds: number;
  readonly page: boolean;
  readonly open: boolean;
  readonly json?: boolean;
}

const FOLDER = "attune-demo";
/** Says that the demo made the folder and may write over it. */
const MARK = ".made-by-attune-demo";
const CHUNK_SECONDS = 0.1;

const example = `
Example:
  attune demo`;

/** `attune demo`: everything without hardware or data. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "no hardware, no data: a live session in a virtual laboratory, then a dyad to a table and a report",
    )
    .option("--seed <n>", "another seed is another dyad", numberIn({ least: 0, whole: true }), 1)
    .option("--duration <s>", "length of the session in seconds, at least 60", numberIn({ least: 60 }), 300)
    .option(
      "--surrogates <n>",
      "surrogates per null (default: as the profile says)",
      numberIn({ least: 19, whole: true }),
    )
    .option("--live-seconds <s>", "length of the live session; 0 leaves it out", numberIn({ least: 0 }), 15)
    .option("--no-page", "do not serve the page of the live session")
    .option("--no-open", "do not open the page and the report in a browser")
    .option("--json", "print the whole result as one JSON document")
    .addHelpText("after", example)
    .action(demo);
}

async function demo({
  seed,
  duration,
  surrogates,
  liveSeconds,
  page,
  open,
  json = false,
}: DemoOptions): Promise<void> {
  const folder = fromWorkingFolder(FOLDER);
  await requireOwnFolder(folder);
  const livePart =
    liveSeconds > 0
      ? await liveDemo(join(folder, "live"), seed, liveSeconds, { page, open, json })
      : undefined;
  const dyad = simulateDyad(demoSession(seed, duration));
  if (!json) {
    say(
      `A simulated dyad, ${clockTime(duration)}: adult at 500 Hz, infant at 250 Hz, each on a clock of its own.`,
    );
    say(`Planted: ${dyad.truth.coupling.map(couplingText).join("; ")}.\n`);
  }
  const result = await analyseDyad(dyad, surrogates);
  const recovery = judgeRecovery(result);
  await writeResults(result, folder, { overwrite: true });
  await writeFile(join(folder, MARK), "Attune's demo made this folder and writes over it.\n");
  const recording = join(folder, "dyad.xdf");
  await writeRecording(dyad, recording, () => {});
  const report = join(folder, "report.html");
  if (json) {
    say(
      writeJson({
        ...toJsonDocument(result),
        recovery: { ...recovery },
        ...(livePart === undefined
          ? {}
          : { live: { nCouplings: livePart.nCouplings, isSameAgain: livePart.isSameAgain } }),
        report: shownPath(report),
      }),
    );
    return;
  }
  say(resultTable(result));
  for (const line of verdictLines(result)) say(line);
  say(`\n${recovery.sentence}`);
  say(`\nReport: ${pathToFileURL(report).href}`);
  if (open) await openPage(report);
  if (open && page && hasScreen()) await showDyad(recording);
  else say(`The same dyad on the page: pnpm attune view ${shownPath(recording)}`);
}

/** Eight times as fast as it was recorded, until the visitor has seen enough. */
async function showDyad(path: string): Promise<void> {
  const { resolveRequest } = await import("../options/recording-request.ts");
  const { replayRequest } = await import("../replay/replay-request.ts");
  const { showRecording } = await import("../replay/show-recording.ts");
  const { request } = await resolveRequest(path, { profile: "recommended" });
  await showRecording({
    path,
    replay: { ...replayRequest(request, true), speed: 8, isPlaying: true },
    port: 0,
    open: true,
    json: false,
  });
}

/** A session in the room, without a room. */
async function liveDemo(
  folder: string,
  seed: number,
  seconds: number,
  { page, open, json }: Pick<DemoOptions, "page" | "open"> & { readonly json: boolean },
): Promise<LivePart> {
  if (!json)
    say(`A live session of ${seconds} s with devices on real transports, each on a clock of its own:`);
  const announce = (line: string): void => say(`  ${line}`);
  const part = await runLivePart(
    folder,
    seed,
    seconds,
    page && !json ? { open: open && hasScreen(), announce } : undefined,
  );
  if (json) return part;
  for (const line of part.lines) say(line === "" ? "" : `  ${line}`);
  say(
    part.isSameAgain
      ? `  Replayed from the recording: ${plural(part.nCouplings, "estimate")}, every one the same to the last bit.\n`
      : "  Replayed from the recording, the estimates differ: please report this.\n",
  );
  return part;
}

/** Only a folder that the demo made is written over. */
async function requireOwnFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const isOwn = names.length === 0 || (await stat(join(folder, MARK)).catch(() => undefined)) !== undefined;
  if (!isOwn)
    throw new MisuseError(
      `${shownPath(folder)} holds files that the demo did not make: move it away, or run the demo in another folder.`,
    );
  await requireFreeFolder(folder, { overwrite: true });
}

/** As a live session: chunks in the order in which they arrive, clocks learnt on the way, a running estimate. */
async function analyseDyad(dyad: SimulatedDyad, surrogates: number | undefined): Promise<StudyResult> {
  const { name, settings: recommended } = profileNamed("recommended");
  const settings = { ...recommended, nSurrogates: surrogates ?? recommended.nSurrogates };
  const requests = [
    { id: "adult", role: "adult" },
    { id: "infant", role: "infant" },
  ] as const;
  const { durationSeconds } = dyad.truth;
  const progress = new ProgressLine();
  const running = new Map<string, string>();
  return analyse({
    profile: name,
    settings,
    people: resolvePeople(dyad.streams, requests, settings),
    inputs: play(dyad.inputs({ chunkSeconds: CHUNK_SECONDS })),
    states: dyad.states,
    recording: summaryOfSession(dyad),
    provenance: {
      attuneVersion,
      settingsHash: hashOf(settings),
      inputs: [],
      seed: settings.seed,
      alignment: settings.alignment,
      filterPhase: settings.filter.phase,
    },
    live: liveSettings,
    onProgress: (step) => {
      if (step.step === "testing")
        progress.show(`Testing against chance: ${step.condition} (${step.done + 1} of ${step.total})`, true);
      else
        progress.show(
          `${clockTime(step.seconds)}/${clockTime(durationSeconds)}  adult->infant ${settings.bands.at(-1)?.name}: ${[...running.values()].join(", ")}`,
        );
    },
    onCoupling: (coupling) => {
      if (coupling.scope === "pooled") running.set(coupling.condition, runningText(coupling));
    },
  }).finally(() => progress.clear());
}

/** The running estimate of one state beside its chance level. */
function runningText({ condition, values }: Coupling): string {
  const value = values.findLast(({ from }) => from === "adult");
  return `${condition} ${fixed(value?.value ?? Number.NaN, 2)} (null ${fixed(value?.nullMean ?? Number.NaN, 2)})`;
}
