import type { ReplayPageOptions } from "@attune/server";
import { MisuseError } from "../errors/misuse.ts";
import { pageDocument, pageLines } from "../live/page-lines.ts";
import { stopOnSignals } from "../live/stop-signals.ts";
import type { PageAccess } from "../options/page-access.ts";
import { shownPath } from "../options/paths.ts";
import { openPage } from "../output/open-page.ts";
import { remark, say } from "../output/write.ts";

export interface ShowOptions {
  readonly path: string;
  readonly replay: ReplayPageOptions;
  /** 0 for any free port. */
  readonly port: number;
  /** Who may open it. [everybody on this machine, nobody else] */
  readonly access?: PageAccess;
  /** Shows it in the browser. */
  readonly open: boolean;
  readonly json: boolean;
}

/** Serves the page of a recording until somebody interrupts it. What was coded by then is in its tables. */
export async function showRecording(options: ShowOptions): Promise<void> {
  const { path, replay, port, access = {}, open, json } = options;
  const { openSessionServer, pageAssets, replayPage } = await import("@attune/server");
  const stop = stopOnSignals();
  const left = new AbortController();
  const building = pageAssets(AbortSignal.any([stop.signal, left.signal]));
  // It is waited for below; until then a failure is nobody's.
  building.catch(() => {});
  try {
    const page = await replayPage(path, replay);
    try {
      const server = await openSessionServer({
        source: page,
        assets: await building,
        port,
        ...access,
        onProblem: (error) => remark(error instanceof Error ? error.message : String(error)),
      }).catch(withOwnOption);
      try {
        const { session, recording, people, analysis } = page.hello();
        if (json) say(JSON.stringify({ ...pageDocument(server), recording, session, people, analysis }));
        // What is printed here may be kept: a token is not among it.
        else say(access.token === undefined ? `${shownPath(path)}: ${server.url}` : shownPath(path));
        for (const line of pageLines(server)) remark(line);
        remark("Ctrl+C ends it.");
        if (open) await openPage(server.ownUrl());
        await aborted(stop.signal);
      } finally {
        await server.close();
      }
    } finally {
      await page.close();
    }
  } catch (error) {
    // Interrupted while it was being opened: that is an end, not a failure.
    if (!stop.signal.aborted) throw error;
  } finally {
    left.abort();
    stop.remove();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** The port has another name here than in a live session. */
function withOwnOption(error: unknown): never {
  const { code, misuse, message } = error as { code?: unknown; misuse?: boolean; message?: string };
  if (code === "ATTUNE_SERVER" && misuse === true && message !== undefined)
    throw new MisuseError(message.replace("--page-port", "--port"), { cause: error });
  throw error;
}
