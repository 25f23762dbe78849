import { access, writeFile } from "node:fs/promises";
import { type JsonObject, writeJson } from "@attune/study";
import { Command } from "commander";
import { MisuseError } from "../errors/misuse.ts";
import { fromWorkingFolder, shownPath } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { grid } from "../output/grid.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { remark, say } from "../output/write.ts";

interface StreamsOptions {
  readonly seconds: number;
  readonly propose?: string;
  readonly json?: boolean;
}

const example = `
Examples:
  attune streams
  attune streams --propose session.yaml`;

/** `attune streams`: what could be used in a session, now, on this machine. */
export function streamsCommand(): Command {
  return new Command("streams")
    .description("every serial port and LSL stream that can be seen, and what it is")
    .option("--seconds <s>", "how long to look", numberIn({ above: 0 }), 2)
    .option("--propose <file>", "write a session file that uses them, to be completed by hand")
    .option("--json", "print one JSON document")
    .addHelpText("after", example)
    .action(streams);
}

async function streams({ seconds, propose, json = false }: StreamsOptions): Promise<void> {
  const { discoverStreams, proposeSession } = await import("@attune/live");
  const progress = new ProgressLine();
  progress.show("Looking for devices and streams", true);
  const { found, otherPorts, problems } = await discoverStreams(seconds).finally(() => progress.clear());
  for (const problem of problems) remark(problem);
  if (json) say(writeJson({ found, otherPorts } as unknown as JsonObject));
  else if (found.length === 0)
    say("Nothing was found: switch the devices on, or start their programs, and look again.");
  else
    say(
      grid(
        ["device", "what it is", "delivers"],
        found.map(({ device, title, streams: delivered }) => [
          device,
          title,
          delivered
            .map(({ name, channels, nominalSamplingRate }) =>
              nominalSamplingRate > 0
                ? `${name}: ${channels.length} channels at ${nominalSamplingRate} Hz`
                : `${name}: markers`,
            )
            .join("; ") || "known when it is opened",
        ]),
      ),
    );
  if (!json && otherPorts.length > 0)
    say(
      `Serial ports whose names do not tell what is behind them: ${otherPorts.map(({ path, manufacturer }) => (manufacturer === undefined ? path : `${path} (${manufacturer})`)).join(", ")}.`,
    );
  if (propose === undefined) return;
  const path = fromWorkingFolder(propose);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new MisuseError(`${shownPath(path)} exists: give another name, or remove it.`);
  await writeFile(path, proposeSession(found));
  remark(`wrote ${shownPath(path)}: say who wears what, then run attune check ${shownPath(path)}`);
}
