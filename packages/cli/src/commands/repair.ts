import { stat } from "node:fs/promises";
import { findInterrupted, type RepairReport, repairRecording } from "@attune/recording";
import { type JsonObject, writeJson } from "@attune/study";
import { Command } from "commander";
import { MisuseError } from "../errors/misuse.ts";
import { fromWorkingFolder, shownPath } from "../options/paths.ts";
import { clockTime, plural } from "../output/format.ts";
import { say } from "../output/write.ts";

const example = `
Examples:
  attune repair recordings/dyad-012.xdf
  attune repair recordings          every interrupted recording in the folder`;

/** `attune repair`: what a crash left, finished. */
export function repairCommand(): Command {
  return new Command("repair")
    .description(
      "finish recordings that were interrupted: torn end, footers, journal; nothing is thrown away",
    )
    .argument("<path>", "recording (XDF), or a folder of recordings")
    .option("--json", "print one JSON document")
    .addHelpText("after", example)
    .action(repair);
}

async function repair(given: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const path = fromWorkingFolder(given);
  const found = await stat(path).catch(() => {
    throw new MisuseError(`There is no file or folder ${given}: check the name.`);
  });
  const paths = found.isDirectory() ? (await findInterrupted(path)).map((each) => each.path) : [path];
  const reports: RepairReport[] = [];
  for (const each of paths) reports.push(await repairRecording(each));
  if (json) say(writeJson({ repaired: reports } as unknown as JsonObject));
  else if (reports.length === 0) say(`No recording in ${given} was interrupted.`);
  else for (const report of reports) say(textOf(report));
}

function textOf(report: RepairReport): string {
  const name = shownPath(report.path);
  if (!report.changed) return `${name}: nothing to repair, ${clockTime(report.durationSeconds)} of data.`;
  const tail =
    report.damagedTail === undefined
      ? ""
      : ` ${plural(report.removedBytes, "byte")} of a torn end are kept in ${shownPath(report.damagedTail)}.`;
  return `${name}: ${clockTime(report.durationSeconds)} recovered, ${plural(report.nFootersWritten, "footer")} written.${tail}`;
}
