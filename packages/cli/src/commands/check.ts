import { setTimeout as pause } from "node:timers/promises";
import type { Check, ImpedanceMeasurement } from "@attune/live";
import { type JsonObject, writeJson } from "@attune/study";
import { Command } from "commander";
import { NotReadyError } from "../errors/not-ready.ts";
import { stopOnSignals } from "../live/stop-signals.ts";
import { fromWorkingFolder } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { plural } from "../output/format.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { remark, say } from "../output/write.ts";

interface CheckOptions {
  readonly seconds: number;
  readonly impedance?: boolean;
  readonly json?: boolean;
}

const example = `
Examples:
  attune check session.yaml
  attune check session.yaml --impedance

Exit code 1 when anything is red.`;

/** `attune check`: everything that must be right before an infant sits down. */
export function checkCommand(): Command {
  return new Command("check")
    .description("pre-flight of a session: devices, samples, rates, clocks, people, disk; one line each")
    .argument("<session>", "session file (YAML)")
    .option("--seconds <s>", "how long to watch the streams", numberIn({ least: 1 }), 5)
    .option("--impedance", "measure the impedances of every device that can, and keep them with the time")
    .option("--json", "print one JSON document")
    .addHelpText("after", example)
    .action(check);
}

async function check(path: string, options: CheckOptions): Promise<void> {
  const { seconds, impedance = false, json = false } = options;
  const { LiveSession, measureImpedances, preflight, readSession } = await import("@attune/live");
  const loaded = await readSession(fromWorkingFolder(path));
  const session = new LiveSession(loaded, { record: false, analyse: false });
  const progress = new ProgressLine();
  const stop = stopOnSignals();
  let checks: Check[];
  let impedances: readonly ImpedanceMeasurement[] | undefined;
  try {
    progress.show(`Connecting ${plural(session.devices.length, "device")}`, true);
    await session.connect(stop.signal);
    const measured: Check[] = [];
    if (impedance) {
      progress.show("Measuring impedances: nobody should move", true);
      const found = await measureImpedances(session, { signal: stop.signal });
      impedances = found.measurements;
      measured.push(...found.checks);
      if (found.checks.length === 0) remark("no device of this session can measure impedances");
    }
    progress.show(`Watching the streams for ${seconds} s`, true);
    await pause(1000 * seconds, undefined, { signal: stop.signal }).catch(() => {
      throw new NotReadyError("The check was interrupted: the session has not been found ready.");
    });
    checks = [...measured, ...(await preflight(session))];
  } finally {
    progress.clear();
    await session.end("checked");
    stop.remove();
  }
  const reds = checks.filter(({ verdict }) => verdict === "red");
  if (json)
    say(
      writeJson({
        session: loaded.file.session,
        ready: reds.length === 0,
        checks,
        ...(impedances === undefined ? {} : { impedances }),
      } as unknown as JsonObject),
    );
  else for (const line of checks.map(lineOf)) say(line);
  if (reds.length > 0)
    throw new NotReadyError(
      `${plural(reds.length, "check")} of ${checks.length} red: the session is not ready.`,
    );
  if (!json) say(`Ready: ${plural(checks.length, "check")}, none red.`);
}

/** A sign and a word, never colour alone. */
const signs = { green: "ok   +", amber: "look ~", red: "RED  x" } as const;

const lineOf = ({ check: kind, about, verdict, message }: Check): string =>
  `${signs[verdict]} ${kind.padEnd(11)} ${about}: ${message}`;
