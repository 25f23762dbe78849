import type { Coupling, HeartOutput } from "@attune/signal";
import { analyseRecording, type JsonObject, writeJson } from "@attune/study";
import { Command } from "commander";
import { MisuseError } from "../errors/misuse.ts";
import { type AnalysisOptions, addAnalysisOptions } from "../options/analysis-options.ts";
import { liveSettings } from "../options/live-settings.ts";
import { PAGE_HOST_HELP, pageAccess, TOKEN_HELP } from "../options/page-access.ts";
import { existingFile } from "../options/paths.ts";
import { resolveRequest } from "../options/recording-request.ts";
import { numberIn, replaySpeed } from "../options/values.ts";
import { showAnalysis } from "../output/analysis-progress.ts";
import { plural } from "../output/format.ts";
import { heartJson, heartSummary } from "../output/heart-lines.ts";
import { covariationLine, liveLine } from "../output/live-line.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { remark, say } from "../output/write.ts";
import { checkedPageSpeed, replayRequest } from "../replay/replay-request.ts";
import { finishAnalysis, requireOutput } from "./finish-analysis.ts";

interface ReplayOptions extends AnalysisOptions {
  readonly speed: number;
  readonly jsonl?: boolean;
  readonly session?: boolean;
  readonly page?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly open: boolean;
}

/** Seconds of data between two lines. */
const BETWEEN_LINES = 1;

const example = `
Examples:
  attune replay dyad.xdf --speed max
  attune replay dyad.xdf --speed 4 --jsonl
  attune replay recordings/dyad-012.xdf --session --jsonl
  attune replay recordings/dyad-012.xdf --page --speed 2

The numbers at the end are those of attune analyze with the same options, to the last bit, at any speed.
${TOKEN_HELP}`;

/** `attune replay`: the session again from a file, with the running estimates as they became known. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .description(
      "a recording through the live pipeline again: running coupling, then the same result as analyze",
    )
    .argument("[file]", "recording with a time axis")
    .option("--speed <speed>", "max, or N times real time", replaySpeed, Number.POSITIVE_INFINITY)
    .addHelpText("after", example);
  return addAnalysisOptions(command)
    .option("--jsonl", "print running estimates as JSON lines, the result as the last line")
    .option(
      "--session",
      "a recording of attune live exactly as it ran: its own settings, order, pauses and late windows; no statistics",
    )
    .optionsGroup("In the browser:")
    .option("--page", "play it on the page of attune view, in real time unless --speed says otherwise")
    .option(
      "--port <n>",
      "with --page: where it is served on this machine",
      numberIn({ least: 0, below: 65536, whole: true }),
    )
    .option("--host <address>", `with --page: ${PAGE_HOST_HELP}`)
    .option("--no-open", "with --page: do not open the browser")
    .action(replay);
}

async function replay(file: string | undefined, options: ReplayOptions, command: Command): Promise<void> {
  if (options.page) return replayOnPage(file, options, command);
  if (options.host !== undefined)
    throw new MisuseError("--host says where the page is: give --page as well.");
  if (options.session) return replayAsSession(file, options);
  const { speed, json = false, jsonl = false } = options;
  if (json && jsonl) throw new MisuseError("--json prints one document and --jsonl many: choose one.");
  const { request, notes } = await resolveRequest(file, options);
  if (options.out !== undefined || options.overwrite) await requireOutput(options);
  for (const note of notes) remark(note);
  const progress = new ProgressLine();
  const printed = json ? undefined : jsonl ? printJsonLine : printEverySecond(progress);
  const result = await analyseRecording({
    ...request,
    live: liveSettings,
    ...(Number.isFinite(speed) ? { pace: speed } : {}),
    onProgress: showAnalysis(progress),
    onCoupling: (coupling) => {
      if (coupling.scope === "pooled") printed?.(coupling);
    },
  }).finally(() => progress.clear());
  await finishAnalysis(result, options);
}

/** What does not say how it is analysed. */
const plain: ReadonlySet<string> = new Set([
  "speed",
  "page",
  "port",
  "host",
  "open",
  "json",
  "verbose",
  "samplingRate",
  "adult",
  "infant",
  "adultStream",
  "infantStream",
  "states",
]);

/** The page of a recording, playing. */
async function replayOnPage(
  file: string | undefined,
  options: ReplayOptions,
  command: Command,
): Promise<void> {
  const wrong = (
    ["session", "jsonl", "out", "overwrite", "offline", "adultEpochs", "infantEpochs"] as const
  ).find((name) => options[name] !== undefined);
  if (wrong !== undefined)
    throw new MisuseError(
      `--page shows a recording as it became known: leave --${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} out.`,
    );
  const access = await pageAccess(options.host);
  const { request, notes } = await resolveRequest(file, options);
  for (const note of notes) remark(note);
  const typed = Object.keys(options).filter((name) => command.getOptionValueSource(name) === "cli");
  const isAsked = typed.some((name) => !plain.has(name));
  const speed = typed.includes("speed") ? checkedPageSpeed(options.speed) : 1;
  const { showRecording } = await import("../replay/show-recording.ts");
  await showRecording({
    path: request.path,
    replay: { ...replayRequest(request, isAsked), speed, isPlaying: true },
    port: options.port ?? 0,
    access,
    open: options.open,
    json: options.json ?? false,
  });
}

const printJsonLine = (coupling: Coupling): void => say(JSON.stringify(coupling));

/** By the time in the data, so that every run of one file prints the same lines. */
function printEverySecond(progress: ProgressLine): (coupling: Coupling) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (coupling) => {
    if (coupling.at - last < BETWEEN_LINES) return;
    last = coupling.at;
    progress.clear();
    say(liveLine(coupling));
  };
}

/** Every coupling that was on the screen, to the last bit. */
async function replayAsSession(file: string | undefined, options: ReplayOptions): Promise<void> {
  const { speed, json = false, jsonl = false } = options;
  if (file === undefined)
    throw new MisuseError("Name the recording of the session: attune replay FILE --session.");
  const { replaySession } = await import("@attune/live");
  const progress = new ProgressLine();
  const printed = json ? undefined : jsonl ? printJsonLine : printEverySecond(progress);
  const printedHeart = (output: HeartOutput): void => {
    const text = jsonl
      ? heartJson(output)
      : output.kind === "covariation" && !json
        ? covariationLine(output)
        : undefined;
    if (text === undefined) return;
    progress.clear();
    say(text);
  };
  const { couplings, hearts, totals } = await replaySession(await existingFile(file), {
    ...(Number.isFinite(speed) ? { speed } : {}),
    onCoupling: (coupling) => {
      if (jsonl || coupling.scope === "pooled") printed?.(coupling);
    },
    onHeart: printedHeart,
  }).finally(() => progress.clear());
  const covariations = hearts.filter(({ kind }) => kind === "covariation");
  if (json) say(writeJson({ couplings, covariations, totals } as unknown as JsonObject));
  else if (jsonl) say(JSON.stringify({ kind: "summary", totals }));
  else
    say(
      [
        `${plural(totals.nWindows, "window")}, ${totals.nAccepted} accepted, ${totals.nLate} left out as late.`,
        ...heartSummary(totals.hearts),
      ].join("\n"),
    );
}
