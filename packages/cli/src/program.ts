import { attuneVersion } from "@attune/study";
import { Command } from "commander";
import { analyzeCommand } from "./commands/analyze.ts";
import { checkCommand } from "./commands/check.ts";
import { demoCommand } from "./commands/demo.ts";
import { dyadCommand } from "./commands/dyad.ts";
import { infoCommand } from "./commands/info.ts";
import { liveCommand, recordCommand } from "./commands/live.ts";
import { repairCommand } from "./commands/repair.ts";
import { replayCommand } from "./commands/replay.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { streamsCommand } from "./commands/streams.ts";
import { viewCommand } from "./commands/view.ts";
import { explain } from "./errors/explain.ts";
import { exitCode } from "./output/exit-code.ts";

/** Runs one command line and says how it ended. Nothing is thrown and the process is not ended. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...args], { from: "user" });
    return exitCode.done;
  } catch (error) {
    const { sentence, exitCode: code } = explain(error);
    if (sentence !== undefined) process.stderr.write(`attune: ${sentence}\n`);
    // Help is answered, not debugged; everything else shows its stack on request.
    if (sentence !== undefined && args.includes("--verbose")) process.stderr.write(`${stackOf(error)}\n`);
    return code;
  }
}

function buildProgram(): Command {
  const program = new Command("attune")
    .description(
      "Coupling between the brains of an adult and an infant, contingent on gaze: from recordings, and live",
    )
    .version(attuneVersion, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError(true);
  for (const command of [
    demoCommand(),
    infoCommand(),
    analyzeCommand(),
    dyadCommand(),
    replayCommand(),
    viewCommand(),
    simulateCommand(),
    streamsCommand(),
    checkCommand(),
    liveCommand(),
    recordCommand(),
    repairCommand(),
  ]) {
    command.option("--verbose", "show where an error came from").helpOption("-h, --help", "print this help");
    program.addCommand(command);
  }
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((verb) => verb.commands),
  ]) {
    // Errors are thrown, and said once, by `runProgram`.
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  program.addHelpText(
    "after",
    "\nExample, without any hardware or data:\n  attune demo\n\nExit codes: 0 done, 1 failed, 2 the command was not right.",
  );
  return program;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
