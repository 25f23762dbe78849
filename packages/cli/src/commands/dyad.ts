import {
  analyseDyad,
  type DyadRequest,
  dyadDocument,
  poolDyads,
  pooledDocument,
  requireFreeFolder,
  writeDyad,
  writeJson,
  writePooled,
} from "@attune/study";
import { Command, Option } from "commander";
import { type DyadOptions, dyadRequest } from "../dyad/dyad-request.ts";
import { dyadText } from "../dyad/dyad-text.ts";
import { poolText } from "../dyad/pool-text.ts";
import { MisuseError } from "../errors/misuse.ts";
import { existingFile, fromWorkingFolder, shownPath } from "../options/paths.ts";
import { nameList, numberIn } from "../options/values.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { say } from "../output/write.ts";

const example = `
Examples:
  attune dyad session.xdf --adult-ecg ECG --infant-ecg ECG --states coded.tsv --split touch --out results
  attune dyad table.csv --sampling-rate 500 --adult-ecg mother --infant-ecg baby --adult-belt breath --json
  attune dyad --adult-beats mother.tsv --infant-beats baby.tsv --states coded.tsv --out results
  attune dyad --pool dyad-*/epochs.csv --out pooled

A channel is named by its label, or by STREAM/LABEL where several streams have it. A positive lag means that the adult leads.`;

/** `attune dyad`: two hearts, and what the two people did, in one recording. */
export function dyadCommand(): Command {
  const number = numberIn;
  return new Command("dyad")
    .description("two hearts, voice, gaze and touch of one dyad: covariation, contingency, files and report")
    .argument("[file]", "recording with two ECGs: XDF, CSV or TSV")
    .optionsGroup("Where the hearts are:")
    .option("--adult-ecg <channel>", "the adult's ECG")
    .option("--infant-ecg <channel>", "the infant's ECG")
    .option("--adult-belt <channel>", "the adult's respiration belt")
    .option("--infant-belt <channel>", "the infant's respiration belt")
    .option("--adult-movement <channel>", "the adult's movement; with the infant's it makes arousal")
    .option("--infant-movement <channel>", "the infant's movement")
    .option(
      "--adult-beats <file>",
      "table of beats (onset, seconds) or intervals (ibi, ms) instead of an ECG",
    )
    .option("--infant-beats <file>", "the same of the infant")
    .option("--adult-pep <file>", "pre-ejection periods scored elsewhere (onset, seconds; pep, ms)")
    .option("--infant-pep <file>", "the same of the infant")
    .option("--sampling-rate <hz>", "samples per second; needed for tables (CSV, TSV)", number({ above: 0 }))
    .optionsGroup("Who is who and what they did:")
    .option("--adult <id>", "the adult as the states name them", "adult")
    .option("--infant <id>", "the infant as the states name them", "infant")
    .addOption(
      new Option("--infant-age <group>", "infant (RSA 0.24-1.04 Hz), or child of 2 to 5 years (0.24-0.50 Hz)")
        .choices(["infant", "child"])
        .default("infant"),
    )
    .option("--states <file>", "table of coded states (tab-separated: onset duration person layer state)")
    .option(
      "--split <layer>",
      "declare a layer by which covariation is split: touch, adult:touch, phase, gaze, voice",
    )
    .option(
      "--baseline <phase>",
      "phase from which reactivity is counted; the phase called baseline if there is one",
    )
    .optionsGroup("How it is analysed:")
    .option(
      "--pseudo-dyads <files>",
      "recordings of 19 or more other dyads with commas between them, same task and channels: the main null",
      nameList,
    )
    .option("--epoch <s>", "epochs of RSA and models, at least 30 s", number({ least: 30 }))
    .addOption(
      new Option("--correction <method>", "how wrong beats are found").choices([
        "lipponen-tarvainen",
        "berntson",
        "none",
      ]),
    )
    .option("--correct-gain", "add the filters' gain back to RSA")
    .option("--from <s>", "use the session from here on", number({ least: 0 }))
    .option("--to <s>", "use the session up to here", number({ above: 0 }))
    .option(
      "--mains <hz>",
      "mains frequency, taken out before the cross-talk check; 0 for none",
      number({ least: 0 }),
    )
    .option(
      "--surrogates <n>",
      "surrogates of the primary measure, at least 99",
      number({ least: 99, whole: true }),
    )
    .option("--seed <n>", "seed of every random draw", number({ least: 0, whole: true }))
    .option("--profile <name>", "profile for the brains, where the recording has EEG of both")
    .optionsGroup("Many dyads:")
    .option(
      "--pool <files...>",
      "epochs.csv of dyads that were analysed before: models of all of them, and nothing else",
    )
    .optionsGroup("What comes out:")
    .option("--out <folder>", "folder for tables, result.json, METHODS.md and report.html")
    .option("--overwrite", "replace results that are in that folder")
    .option("--json", "print the whole result as one JSON document")
    .addHelpText("after", example)
    .action(dyad);
}

async function dyad(file: string | undefined, options: DyadOptions): Promise<void> {
  const { out, overwrite = false, json = false } = options;
  if (options.pool !== undefined && file !== undefined)
    throw new MisuseError("--pool reads results of recordings, not a recording: leave FILE out.");
  const request = options.pool === undefined ? await dyadRequest(file, options) : undefined;
  if (out === undefined && !json)
    throw new MisuseError("Results need a place: give --out FOLDER, or --json to print them.");
  if (out === undefined && overwrite)
    throw new MisuseError("--overwrite replaces results in a folder: name it with --out FOLDER.");
  const folder = out === undefined ? undefined : fromWorkingFolder(out);
  if (folder !== undefined) await requireFreeFolder(folder, { overwrite });
  const { document, text, files } =
    request === undefined
      ? await pooled(options.pool ?? [], folder, overwrite)
      : await analysed(request, folder, overwrite);
  if (json) return say(document());
  say(text());
  if (folder !== undefined) say(`\nWritten to ${shownPath(folder)}: ${files.join(", ")}`);
}

interface Answer {
  readonly document: () => string;
  readonly text: () => string;
  readonly files: readonly string[];
}

async function analysed(
  request: DyadRequest,
  folder: string | undefined,
  overwrite: boolean,
): Promise<Answer> {
  const progress = new ProgressLine();
  const result = await analyseDyad({ ...request, onProgress: (step) => progress.show(step) }).finally(() =>
    progress.clear(),
  );
  return {
    document: () => writeJson(dyadDocument(result)),
    text: () => dyadText(result),
    files: folder === undefined ? [] : await writeDyad(result, folder, { overwrite }),
  };
}

async function pooled(
  paths: readonly string[],
  folder: string | undefined,
  overwrite: boolean,
): Promise<Answer> {
  const result = await poolDyads(await Promise.all(paths.map(existingFile)));
  return {
    document: () => writeJson(pooledDocument(result)),
    text: () => poolText(result),
    files: folder === undefined ? [] : await writePooled(result, folder, { overwrite }),
  };
}
