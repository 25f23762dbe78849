import { attuneVersion } from "@attune/study";
import { Command } from "commander";
import { explain } from "./errors/explain.ts";
import { exitCode } from "./output/exit-code.ts";

/** Each verb brings what it needs with it, and nothing that only the others need: a day of two hearts has little memory to spare. */
const verbs: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["demo", async () => (await import("./commands/demo.ts")).demoCommand()],
  ["info", async () => (await import("./commands/info.ts")).infoCommand()],
  ["analyze", async () => (await import("./commands/analyze.ts")).analyzeCommand()],
  ["dyad", async () => (await import("./commands/dyad.ts")).dyadCommand()],
  ["replay", async () => (await import("./commands/replay.ts")).replayCommand()],
  ["view", async () => (await import("./commands/view.ts")).viewCommand()],
  ["simulate", async () => (await import("./commands/simulate.ts")).simulateCommand()],
  ["streams", async () => (await import("./commands/streams.ts")).streamsCommand()],
  ["check", async () => (await import("./commands/check.ts")).checkCommand()],
  ["live", async () => (await import("./commands/live.ts")).liveCommand()],
  ["record", async () => (await import("./commands/live.ts")).recordCommand()],
  ["repair", async () => (await import("./commands/repair.ts")).repairCommand()],
]);

/** Runs one command line and says how it ended. Nothing is thrown and the process is not ended. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(args[0]);
    await program.parseAsync([...args], { from: "user" });
    return exitCode.done;
  } catch (error) {
    const { sentence, exitCode: code } = explain(error);
    if (sentence !== undefined) process.stderr.write(`attune: ${sentence}\n`);
    // Help is answered, not debugged; everything else shows its stack on request.
    if (sentence !== undefined && args.includes("--verbose")) process.stderr.write(`${stackOf(error)}\n`);
    return code;
  }
}

/** @param verb the one that is asked for; anything else needs to know them all */
async function buildProgram(verb = ""): Promise<Command> {
  const program = new Command("attune")
    .description(
      "An adult and an infant in tune: brains contingent on gaze, hearts, voices and touch; from recordings, and live",
    )
    .version(attuneVersion, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError(true);
  const own = verbs.get(verb);
  for (const load of own === undefined ? verbs.values() : [own]) {
    const command = await load();
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
