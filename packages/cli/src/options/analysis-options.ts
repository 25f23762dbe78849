import { estimators, nullIds, profiles } from "@attune/study";
import { type Command, Option } from "commander";
import { bandList, type NamedBand, nameList, numberIn, personLayer } from "./values.ts";

/** What `analyze` and `replay` understand, as typed. Absent means: as the profile says. */
export interface AnalysisOptions {
  readonly samplingRate?: number;
  readonly adult?: string[];
  readonly infant?: string[];
  readonly adultStream?: string;
  readonly infantStream?: string;
  readonly adultEpochs?: string;
  readonly infantEpochs?: string;
  readonly states?: string;
  readonly profile: string;
  readonly order?: number;
  readonly rate?: number;
  readonly window?: number;
  readonly overlap?: number;
  readonly estimator?: (typeof estimators)[number];
  readonly pooling?: "pooled" | "perWindowMean";
  readonly bands?: NamedBand[];
  readonly surrogates?: number;
  readonly null?: (typeof nullIds)[number];
  readonly seed?: number;
  readonly highPass?: number;
  readonly lowPass?: number;
  readonly notch?: number;
  readonly reference?: "as-recorded" | "average";
  readonly layer?: { person: string; layer: string };
  readonly guard?: number;
  readonly amplitudeAdult?: number;
  readonly amplitudeInfant?: number;
  readonly artefactGuard?: number;
  readonly outlier?: number;
  readonly offline?: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Adds the options that every analysis of a recording shares, in the order in which a person meets the questions. */
export function addAnalysisOptions(command: Command): Command {
  return command
    .optionsGroup("Who is who:")
    .option("--adult <labels>", "the adult's channels, such as C3,C4", nameList)
    .option("--infant <labels>", "the infant's channels", nameList)
    .option("--adult-stream <name>", "name or id of the adult's stream (see attune info)")
    .option("--infant-stream <name>", "name or id of the infant's stream")
    .option(
      "--sampling-rate <hz>",
      "samples per second; needed for tables (CSV, TSV)",
      numberIn({ above: 0 }),
    )
    .option("--states <file>", "table of coded states (tab-separated: onset duration person layer state)")
    .option("--layer <person:layer>", "whose states are the conditions (default: adult:gaze)", personLayer)
    .option("--adult-epochs <json>", "epochs cut elsewhere: the adult's file")
    .option("--infant-epochs <json>", "epochs cut elsewhere: the infant's file")
    .optionsGroup("How it is analysed:")
    .addOption(
      choice(
        "--profile <name>",
        "a full set of settings",
        profiles.map(({ name }) => name),
      ).default("recommended"),
    )
    .option("--rate <hz>", "rate at which people meet and the model is fitted", numberIn({ above: 0 }))
    .option("--window <s>", "length of a window, seconds", numberIn({ above: 0 }))
    .option(
      "--overlap <share>",
      "overlap of neighbouring windows, 0 to below 1",
      numberIn({ least: 0, below: 1 }),
    )
    .option("--order <p>", "order of the model, samples", numberIn({ least: 1, whole: true }))
    .addOption(choice("--estimator <name>", "how the model is fitted", estimators))
    .addOption(
      choice("--pooling <how>", "one model per condition, or the mean over one per window", [
        "pooled",
        "perWindowMean",
      ]),
    )
    .option("--bands <list>", "bands in Hz, such as theta:3-6,alpha:6-9; all become primary", bandList)
    .addOption(choice("--null <name>", "the null that decides", nullIds))
    .option("--surrogates <n>", "surrogates per null, at least 19", numberIn({ least: 19, whole: true }))
    .option("--seed <n>", "seed of every random draw", numberIn({ least: 0, whole: true }))
    .option("--high-pass <hz>", "high-pass filter; 0 for none", numberIn({ least: 0 }))
    .option("--low-pass <hz>", "low-pass filter; 0 for none", numberIn({ least: 0 }))
    .option(
      "--notch <hz>",
      "mains frequency, to notch out and to screen for; 0 for no notch",
      numberIn({ least: 0 }),
    )
    .addOption(choice("--reference <how>", "reference of the channels", ["as-recorded", "average"]))
    .option(
      "--guard <s>",
      "no window begins earlier than this after a change of state",
      numberIn({ least: 0 }),
    )
    .option(
      "--amplitude-adult <uV>",
      "largest distance from a window's mean, microvolts",
      numberIn({ above: 0 }),
    )
    .option("--amplitude-infant <uV>", "the same for the infant", numberIn({ above: 0 }))
    .option(
      "--artefact-guard <s>",
      "windows this close to an artefact are left out too",
      numberIn({ least: 0 }),
    )
    .option(
      "--outlier <sd>",
      "leave out windows whose log power exceeds the condition's median by this many robust SDs; 0 for none",
      numberIn({ least: 0 }),
    )
    .option(
      "--offline",
      "fit clocks and filter over the whole file (zero-phase); a result of its own name, never mixed with causal ones",
    )
    .optionsGroup("What comes out:")
    .option("--out <folder>", "folder for tables, result.json, METHODS.md and report.html")
    .option("--overwrite", "replace results that are in that folder")
    .option("--json", "print the whole result as one JSON document");
}

const choice = (flags: string, description: string, values: readonly string[]): Option =>
  new Option(flags, description).choices([...values]);
