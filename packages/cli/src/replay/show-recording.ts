import type { ReplayPageOptions } from "@attune/server";
import { MisuseError } from "../errors/misuse.ts";
import { stopOnSignals } from "../live/stop-signals.ts";
import { shownPath } from "../options/paths.ts";
import { openPage } from "../output/open-page.ts";
import { remark, say } from "../output/write.ts";

export interface ShowOptions {
  readonly path: string;
  readonly replay: ReplayPageOptions;
  /** 0 for any free port. */
  readonly port: number;
  /** Shows it in the browser. */
  readonly open: boolean;
  readonly json: boolean;
}

/** Serves the page of a recording until somebody interrupts it. What was coded by then is in its tables. */
export async function showRecording({ path, replay, port, open, json }: ShowOptions): Promise<void> {
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
        onProblem: (error) => remark(error instanceof Error ? error.message : String(error)),
      }).catch(withOwnOption);
      try {
        const { session, recording, people, analysis } = page.hello();
        if (json) say(JSON.stringify({ address: server.url, recording, session, people, analysis }));
        else say(`${shownPath(path)}: ${server.url}`);
        remark("Ctrl+C ends it.");
        if (open) await openPage(server.url);
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
