import { attachOutputs, type LiveSession, type LogEntry, SessionError } from "@attune/live";
import type { Coupling, HeartOutput } from "@attune/signal";
import { hasNoReader, whenPipeCloses } from "../output/closed-pipe.ts";
import { clockTime } from "../output/format.ts";
import { heartJson } from "../output/heart-lines.ts";
import { covariationLine, liveLine } from "../output/live-line.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { remark, say } from "../output/write.ts";
import { attendOperator, KEY_HELP } from "./operator.ts";
import type { SessionPage } from "./session-page.ts";
import { sessionSummary } from "./session-summary.ts";
import { statusLine } from "./status-line.ts";

export interface RunOptions {
  readonly json: boolean;
  /** Ends by itself after so many seconds. */
  readonly durationSeconds?: number;
  /** The page that shows the session; with its gate it begins it, too. */
  readonly page?: SessionPage;
}

/** Seconds between two lines of coupling where nobody watches a terminal. */
const BETWEEN_LINES = 5;
const STATUS_MILLISECONDS = 500;
const LEAVING_MILLISECONDS = 3000;
/** Milliseconds: timers of Node.js that are longer ring at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Runs a connected session from its beginning to its end, whoever or whatever ends it. */
export async function runSession(session: LiveSession, options: RunOptions): Promise<void> {
  const progress = new ProgressLine();
  const log = (entry: LogEntry): void => {
    progress.clear();
    if (options.json) say(JSON.stringify({ kind: "log", ...entry }));
    if (!options.json || entry.level === "alarm") remark(logLine(entry));
  };
  const subscriptions = [
    session.log.subscribe(log),
    session.couplings.subscribe(printCoupling(progress, options)),
    session.hearts.subscribe(printHeart(progress, options)),
  ];
  let quit: (reason: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    quit = resolve;
  });

  const signals = endOnSignals(quit);
  const pipeBefore = whenPipeCloses(endOrTell(quit, log, session));
  const mishaps = surviveMishaps(log, session);
  let outputs: Awaited<ReturnType<typeof attachOutputs>> | undefined;
  let operator: ReturnType<typeof attendOperator> | undefined;
  let planned: NodeJS.Timeout | undefined;
  const ticking = setInterval(() => progress.show(statusLine(session)), STATUS_MILLISECONDS);
  try {
    if (options.page !== undefined) await options.page.begun(quit, ended);
    else await session.begin();
    if (session.stage !== "running") {
      await ended;
      remark("ended before it had begun: nothing was recorded");
      return;
    }
    outputs = await attachOutputs(session, log);
    if (session.recording !== undefined) remark(`recording into ${session.recording.path}`);
    const answer = (text: string): void => {
      progress.clear();
      if (text !== "") remark(text);
    };
    operator = attendOperator({ session, quit, answer });
    if (process.stdin.isTTY) remark(KEY_HELP);
    if (options.durationSeconds !== undefined)
      planned = setTimeout(
        () => quit("planned end"),
        Math.min(options.durationSeconds * 1000, LONGEST_TIMER),
      );
    const reason = await ended;
    operator.close();
    progress.show("closing: what has been recorded is safe", true);
    await session.end(reason);
    progress.clear();
    if (options.json)
      say(JSON.stringify({ kind: "summary", totals: session.totals, timing: session.passport() }));
    else say(sessionSummary(session));
    failWhenIncomplete(session);
    if (mishaps.first !== undefined) throw mishaps.first;
  } finally {
    operator?.close();
    await session.end("failed");
    await outputs?.close();
    clearInterval(ticking);
    progress.clear();
    for (const subscription of subscriptions) subscription.unsubscribe();
    clearTimeout(planned);
    signals.remove();
    mishaps.remove();
    whenPipeCloses(pipeBefore);
  }
}

/** A reader that has gone ends the session; an output that fails otherwise, such as a file on a full disk, is told once. */
function endOrTell(
  quit: (reason: string) => void,
  log: (entry: LogEntry) => void,
  session: LiveSession,
): (error: NodeJS.ErrnoException) => void {
  let told = false;
  return (error) => {
    if (hasNoReader(error)) quit("its reader went away");
    else if (!told) {
      told = true;
      log({
        at: session.now(),
        level: "alarm",
        source: "output",
        message: `what is printed gets lost (${error.code ?? error.message}); recording goes on`,
      });
    }
  };
}

/**
 * A mistake of ours in what stands beside the recording must not end it: it is told, the session goes on, and the exit code says
 * it in the end.
 */
function surviveMishaps(
  log: (entry: LogEntry) => void,
  session: LiveSession,
): { readonly first: unknown; remove(): void } {
  let first: unknown;
  const survive = (error: unknown): void => {
    const isNew = first === undefined;
    first ??= error;
    if (!isNew) return;
    const message = `something went wrong inside Attune (${error instanceof Error ? error.message : String(error)}); recording goes on`;
    log({ at: session.now(), level: "alarm", source: "session", message });
  };
  process.on("uncaughtException", survive);
  return {
    get first() {
      return first;
    },
    remove: () => {
      process.off("uncaughtException", survive);
    },
  };
}

/** @throws SessionError when not everything of the session is in its recording */
function failWhenIncomplete({ recording }: LiveSession): void {
  if (recording === undefined || recording.health.state === "closed") return;
  const why = recording.health.state === "full" ? "the disk became full" : "it could not be written any more";
  throw new SessionError(
    `The recording ${recording.path} is incomplete, ${why}: what was written is safe, attune repair finishes it.`,
  );
}

const logLine = ({ at, level, source, message }: LogEntry): string =>
  `${clockTime(at)} ${level === "info" ? "" : `${level.toUpperCase()} `}${source}: ${message}`;

function printCoupling(progress: ProgressLine, { json }: RunOptions): (coupling: Coupling) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (coupling) => {
    if (json) {
      say(JSON.stringify(coupling));
      return;
    }
    if (coupling.scope !== "pooled" || coupling.at - last < BETWEEN_LINES) return;
    last = coupling.at;
    progress.clear();
    say(liveLine(coupling));
  };
}

function printHeart(progress: ProgressLine, { json }: RunOptions): (output: HeartOutput) => void {
  return (output) => {
    const text = json
      ? heartJson(output)
      : output.kind === "covariation"
        ? covariationLine(output)
        : undefined;
    if (text === undefined) return;
    progress.clear();
    say(text);
  };
}

/** The first signal ends the session cleanly; further ones change nothing, because ending is already on its way. */
function endOnSignals(quit: (reason: string) => void): { remove(): void } {
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let count = 0;
  const handlers = names.map((name) => {
    const handler = (): void => {
      count++;
      if (count > 1) remark("closing already; the recording is safe");
      quit(`ended by ${name}`);
    };
    process.on(name, handler);
    return { name, handler };
  });
  const remove = (): void => {
    for (const { name, handler } of handlers) process.off(name, handler);
  };
  return {
    // A signal that comes while the program is leaving must not turn a good end into a bad one; later it may.
    remove: () => {
      setTimeout(remove, LEAVING_MILLISECONDS).unref();
    },
  };
}
