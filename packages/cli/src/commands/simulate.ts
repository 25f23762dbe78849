import { rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type SimulationTruth, simulateDyad } from "@attune/device-simulated";
import { type JsonObject, writeJson } from "@attune/study";
import { Command, Option } from "commander";
import { simulateHeartsTo } from "../dyad/simulate-hearts.ts";
import { MisuseError } from "../errors/misuse.ts";
import { fromWorkingFolder, quoted, shownPath } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { clockTime, fixed } from "../output/format.ts";
import { grid } from "../output/grid.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { say } from "../output/write.ts";
import { addCoupling, couplingText } from "../simulate/planted-coupling.ts";
import { heartsOf, type SimulateOptions, simulationOf } from "../simulate/simulation-options.ts";
import { writeRecording } from "../simulate/write-recording.ts";
import { simulateLiveCommand } from "./simulate-live.ts";

const example = `
Examples:
  attune simulate --out dyad.xdf
  attune simulate --out power.xdf --seed 7 --duration 240 --coupling 'adult->infant:0.05:direct'
  attune simulate --out drive.xdf --coupling none --stimulus 0.5
  attune simulate --hearts --out hearts.xdf --duration 600

The truth (planted links, their GPDC in each gaze state, clocks, artefacts, losses) stands beside the recording.`;

/** `attune simulate`: a recording whose truth is known. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("a recording with known truth: for teaching, power analysis and tests")
    .option("--out <file>", "recording to write (.xdf)")
    .option("--seed <n>", "the same seed gives the same recording", numberIn({ least: 0, whole: true }), 1)
    .option("--duration <s>", "length in seconds", numberIn({ above: 0 }), 300)
    .option(
      "--coupling <from->to:strength[:gaze]>",
      "a planted influence, such as 'adult->infant:0.1:direct' (0.05 weak, 0.2 strong); may be repeated; none for none",
      addCoupling,
    )
    .option("--channels <n>", "electrodes a head, 1 to 32", numberIn({ least: 1, whole: true }))
    .option("--adult-rate <hz>", "the adult's amplifier, at least 200", numberIn({ least: 200 }))
    .option("--infant-rate <hz>", "the infant's amplifier, at least 200", numberIn({ least: 200 }))
    .option("--drift <ppm>", "how much faster the infant's clock runs than the adult's", numberIn({}))
    .option("--jitter <ms>", "standard deviation of the error of each time stamp", numberIn({ least: 0 }))
    .option("--loss <per-minute>", "bursts of lost samples", numberIn({ least: 0 }))
    .option("--artefacts <per-minute>", "movement artefacts", numberIn({ least: 0 }))
    .option("--sensor-noise <uV>", "white noise of electrodes and amplifier", numberIn({ least: 0 }))
    .option("--line-noise <uV>", "amplitude of mains noise", numberIn({ least: 0 }))
    .addOption(
      new Option("--mains <hz>", "its frequency").choices(["50", "60"]).default(50).argParser(Number),
    )
    .option(
      "--stimulus <strength>",
      "songs that drive both heads without coupling (1 is strong)",
      numberIn({ least: 0 }),
    )
    .option("--hearts", "two ECGs with respiration, gaze, touch and voice instead of EEG")
    .option(
      "--ecg-rate <hz>",
      "with --hearts: samples per second of the ECGs",
      numberIn({ least: 200, whole: true }),
    )
    .option("--lag <s>", "with --hearts: how long after the adult's the infant's heart follows", numberIn({}))
    .option(
      "--covariation <share>",
      "with --hearts: correlation of the slow hearts outside touch",
      numberIn({ least: 0 }),
    )
    .option("--covariation-in-touch <share>", "with --hearts: the same during touch", numberIn({ least: 0 }))
    .option(
      "--leak <share>",
      "with --hearts: share of the adult's ECG in the infant's trace",
      numberIn({ least: 0 }),
    )
    .option("--no-contingent", "with --hearts: the adult speaks without regard to the infant")
    .option("--overwrite", "replace the recording")
    .option("--json", "print one JSON document")
    .addHelpText("after", example)
    .enablePositionalOptions()
    .addCommand(simulateLiveCommand())
    .action(simulate);
}

async function simulate(options: SimulateOptions, command: Command): Promise<void> {
  const [unknown] = command.args;
  if (unknown !== undefined)
    throw new MisuseError(`attune simulate knows no "${unknown}": there is attune simulate live.`);
  if (options.mains !== 50 && options.mains !== 60) throw new MisuseError("--mains must be 50 or 60.");
  if (options.out === undefined)
    throw new MisuseError(
      "Name the recording to write with --out FILE.xdf, or run devices with attune simulate live.",
    );
  const path = fromWorkingFolder(options.out);
  const truthPath = `${path.replace(/\.xdf$/i, "")}.truth.json`;
  if (options.hearts === true) {
    const statesPath = `${path.replace(/\.xdf$/i, "")}.states.tsv`;
    const hearts = heartsOf(options);
    for (const each of [path, statesPath, truthPath]) await requireFree(each, options.overwrite ?? false);
    return simulateHeartsTo(path, hearts, truthPath, statesPath, options.json ?? false);
  }
  const dyad = simulateDyad(simulationOf(options));
  for (const each of [path, truthPath]) await requireFree(each, options.overwrite ?? false);
  const progress = new ProgressLine();
  try {
    await writeRecording(dyad, path, (seconds) =>
      progress.show(`Writing ${basename(path)}: ${clockTime(seconds)}`),
    );
    await writeFile(truthPath, `${writeJson(dyad.truth as unknown as JsonObject)}\n`);
  } finally {
    progress.clear();
  }
  const document = describe(dyad.truth, path, truthPath);
  say(options.json ? writeJson(document as unknown as JsonObject) : text(document, dyad.truth));
}

async function requireFree(path: string, overwrite: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory())
    throw new MisuseError(`${shownPath(path)} is a folder: name a file, such as dyad.xdf.`);
  if (found !== undefined && !overwrite)
    throw new MisuseError(
      `${shownPath(path)} is there already: choose another name, or replace it with --overwrite.`,
    );
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) throw new MisuseError(`There is no folder ${dirname(path)}: make it first.`);
  // The recording counts as replaced only when the new one is whole; its truth must not outlive it.
  if (found !== undefined && path.endsWith(".truth.json")) await rm(path);
}

interface Document {
  readonly file: string;
  readonly truthFile: string;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly coupling: SimulationTruth["coupling"];
  readonly directions: SimulationTruth["directions"];
  readonly analyze: string;
}

const describe = (truth: SimulationTruth, path: string, truthPath: string): Document => ({
  file: shownPath(path),
  truthFile: shownPath(truthPath),
  seed: truth.seed,
  durationSeconds: truth.durationSeconds,
  coupling: truth.coupling,
  directions: truth.directions,
  analyze: `attune analyze ${quoted(shownPath(path))} --out results`,
});

function text(
  { file, truthFile, seed, durationSeconds, coupling, directions, analyze }: Document,
  truth: SimulationTruth,
): string {
  const planted =
    coupling.length === 0
      ? ["  nothing: every direction is null"]
      : coupling.map((each) => `  ${couplingText(each)}`);
  const rows = directions.map(({ state, from, to, band, gpdcSquared }) => [
    state,
    `${from}->${to}`,
    band,
    fixed(gpdcSquared, 4),
  ]);
  const mishaps = `${truth.artefacts.length} artefacts, ${truth.losses.length} bursts of loss`;
  return [
    `Wrote ${file} (${clockTime(durationSeconds)}, seed ${seed}, ${mishaps}) and its truth, ${truthFile}.`,
    "Planted:",
    ...planted,
    "True coupling (squared GPDC at 200 Hz, no noise, endless data):",
    grid(["gaze", "direction", "band", "true value"], rows),
    `Next: ${analyze}`,
  ].join("\n");
}
