import { openRecording } from "@attune/recording";
import { writeJson } from "@attune/study";
import { Command } from "commander";
import { describeRecording } from "../info/describe-recording.ts";
import { infoText } from "../info/info-text.ts";
import { existingFile } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { say } from "../output/write.ts";

interface InfoOptions {
  readonly samplingRate?: number;
  readonly json?: boolean;
}

const example = `
Example:
  attune info dyad.xdf`;

/** `attune info`: what a recording holds and what to do with it next. */
export function infoCommand(): Command {
  return new Command("info")
    .description("what a recording holds: streams, rates, gaps, clocks, damage, events, states")
    .argument("<file>", "recording: XDF, CSV or TSV, or a JSON that describes epochs")
    .option(
      "--sampling-rate <hz>",
      "samples per second; needed for tables (CSV, TSV)",
      numberIn({ above: 0 }),
    )
    .option("--json", "print one JSON document")
    .addHelpText("after", example)
    .action(info);
}

async function info(file: string, { samplingRate, json = false }: InfoOptions): Promise<void> {
  const path = await existingFile(file);
  const recording = await openRecording(path, samplingRate === undefined ? {} : { samplingRate });
  try {
    const description = await describeRecording(recording, file, samplingRate);
    say(json ? writeJson(description) : infoText(description));
  } finally {
    await recording.close();
  }
}
