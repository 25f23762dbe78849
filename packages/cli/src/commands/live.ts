import type { LiveSession } from "@attune/live";
import { Command } from "commander";
import { MisuseError } from "../errors/misuse.ts";
import { stopOnSignals } from "../live/stop-signals.ts";
import { PAGE_HOST_HELP, type PageAccess, pageAccess, TOKEN_HELP } from "../options/page-access.ts";
import { fromWorkingFolder } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { remark } from "../output/write.ts";

interface LiveOptions {
  readonly duration?: number;
  readonly json?: boolean;
  readonly recording?: boolean;
  readonly page?: boolean;
  readonly pagePort?: number;
  readonly pageHost?: string;
  readonly open?: boolean;
  readonly gate?: boolean;
}

const liveExample = `
Examples:
  attune live session.yaml
  attune live session.yaml --gate --open
  attune live session.yaml --json --duration 300 > coupling.jsonl
  attune live session.yaml --page-host 0.0.0.0

The page in the browser shows the session and carries it out; its address is printed. With --gate the session waits, recording
nothing, until somebody begins it there. ${TOKEN_HELP}

Keys code behaviour while it runs; without a terminal, commands come as lines on standard input:
key K, release K, undo, phase NAME, pause, resume, note TEXT, timing, quit. Ctrl+C ends the session cleanly, at any time.`;

/** `attune live`: a session in the room, with recording and coupling. */
export function liveCommand(): Command {
  return new Command("live")
    .description("run a session: record every sample, show coupling while it happens")
    .argument("<session>", "session file (YAML)")
    .option("--duration <s>", "end by itself after so many seconds", numberIn({ above: 0 }))
    .option("--no-recording", "look without recording")
    .option("--json", "print couplings and log as JSON lines")
    .option(
      "--page-port <n>",
      "where the page is served on this machine",
      numberIn({ least: 0, below: 65536, whole: true }),
      0,
    )
    .option("--page-host <address>", PAGE_HOST_HELP)
    .option("--no-page", "serve no page")
    .option("--open", "show the page in the browser")
    .option("--gate", "wait until the page begins the session")
    .addHelpText("after", liveExample)
    .action((path: string, options: LiveOptions) => run(path, options, true));
}

const recordExample = `
Example:
  attune record session.yaml`;

/** `attune record`: the same session without analysis. */
export function recordCommand(): Command {
  return new Command("record")
    .description("record a session, without analysis")
    .argument("<session>", "session file (YAML)")
    .option("--duration <s>", "end by itself after so many seconds", numberIn({ above: 0 }))
    .option("--json", "print the log as JSON lines")
    .addHelpText("after", recordExample)
    .action((path: string, options: LiveOptions) => run(path, options, false));
}

async function run(path: string, options: LiveOptions, analyse: boolean): Promise<void> {
  const { LiveSession, readSession } = await import("@attune/live");
  const { runSession } = await import("../live/run-session.ts");
  const wantsPage = analyse && options.page !== false;
  if (options.gate === true && !wantsPage)
    throw new MisuseError("--gate waits for the page: leave --no-page out.");
  if (options.pageHost !== undefined && !wantsPage)
    throw new MisuseError("--page-host says where the page is: leave --no-page out.");
  const access = wantsPage ? await pageAccess(options.pageHost) : undefined;
  const loaded = await readSession(fromWorkingFolder(path));
  const session = new LiveSession(loaded, {
    record: options.recording ?? true,
    analyse,
    keyReleases: !process.stdin.isTTY,
  });
  const { json = false, duration } = options;
  const stop = stopOnSignals();
  const page = access === undefined ? undefined : await startPage(session, access, options);
  try {
    if (!json) remark(`connecting ${session.devices.map(({ id }) => id).join(", ")}`);
    await session.connect(stop.signal);
    if (stop.signal.aborted) {
      remark("ended before it had begun: nothing was recorded");
      return;
    }
    await runSession(session, {
      json,
      ...(duration === undefined ? {} : { durationSeconds: duration }),
      ...(page === undefined ? {} : { page }),
    });
  } finally {
    // Not before the session has ended: between two listeners a signal would be lost.
    stop.remove();
    await session.end("failed");
    await page?.close();
  }
}

async function startPage(session: LiveSession, access: PageAccess, options: LiveOptions) {
  const { pagePort = 0, open = false, gate = false, recording = true, json = false } = options;
  const { SessionPage } = await import("../live/session-page.ts");
  return SessionPage.start(session, { port: pagePort, access, json, open, gate, record: recording });
}
