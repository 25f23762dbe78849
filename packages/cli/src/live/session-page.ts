import type { LiveSession } from "@attune/live";
import { type LivePage, livePage, openSessionServer, pageAssets, type SessionServer } from "@attune/server";
import type { PageAccess } from "../options/page-access.ts";
import { openInBrowser } from "../output/open-in-browser.ts";
import { remark, say } from "../output/write.ts";
import { pageDocument, pageLines } from "./page-lines.ts";

export interface SessionPageOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Who may open it. [everybody on this machine, nobody else] */
  readonly access?: PageAccess;
  /** Says where it is on standard output, too, as a line of JSON. [false] */
  readonly json?: boolean;
  /** Shows it in the browser. */
  readonly open: boolean;
  /** The session begins when the page says so, and not before. */
  readonly gate: boolean;
  /** False where nothing is recorded. */
  readonly record: boolean;
  /** Says where it is; on standard error where nothing else is given. */
  readonly announce?: (line: string) => void;
}

/**
 * The page of a live session. It is built and served beside the session: what goes wrong with it is said, and the session does not
 * wait for it, unless it is to be begun there.
 */
export class SessionPage {
  readonly #session: LiveSession;
  readonly #options: SessionPageOptions;
  readonly #page: LivePage;
  readonly #abort = new AbortController();
  readonly #opening: Promise<SessionServer | undefined>;
  #quit: (reason: string) => void = (reason) => void this.#session.end(reason);
  #onBegun: () => void = () => {};
  readonly #begun: Promise<void>;

  private constructor(session: LiveSession, options: SessionPageOptions) {
    this.#session = session;
    this.#options = options;
    this.#begun = new Promise((resolve) => {
      this.#onBegun = resolve;
    });
    this.#page = livePage(session, {
      record: options.record,
      begin: async () => {
        await session.begin();
        this.#onBegun();
      },
      end: (reason) => this.#quit(reason),
    });
    this.#opening = this.#open();
    // It is waited for later; until then a failure is nobody's.
    this.#opening.catch(() => {});
  }

  /** Begins to look at a session that is not connected yet. With a gate it resolves when the page is there. */
  static async start(session: LiveSession, options: SessionPageOptions): Promise<SessionPage> {
    const page = new SessionPage(session, options);
    if (options.gate) await page.#opening;
    return page;
  }

  /**
   * Begins the session, or waits until the page has, or until it is ended before that.
   *
   * @param quit what ends the session from now on, when the page asks for it
   */
  async begun(quit: (reason: string) => void, ended: Promise<unknown>): Promise<void> {
    this.#quit = quit;
    if (!this.#options.gate) return this.#session.begin();
    const server = await this.#opening;
    remark(`MONITORING, NOT RECORDING: begin the session on ${server?.url}`);
    await Promise.race([this.#begun, ended]);
  }

  /** Lets pages have the summary, and closes. Call after the session has ended. */
  async close(): Promise<void> {
    this.#abort.abort();
    const server = await this.#opening.catch(() => undefined);
    if (this.#session.stage === "ended") await this.#page.finished;
    await server?.close();
    await this.#page.close();
  }

  async #open(): Promise<SessionServer | undefined> {
    const { port, access = {}, json = false, open, gate, announce = remark } = this.#options;
    try {
      const server = await openSessionServer({
        source: this.#page,
        assets: await pageAssets(this.#abort.signal),
        port,
        ...access,
        onProblem: (error) => this.#tell(error),
      });
      for (const line of pageLines(server)) announce(line);
      if (json) say(JSON.stringify({ kind: "page", ...pageDocument(server) }));
      if (open) await openInBrowser(server.ownUrl());
      return server;
    } catch (error) {
      if (gate) throw error;
      if (!this.#abort.signal.aborted)
        remark(
          `${error instanceof Error ? error.message : String(error)} The session goes on without a page.`,
        );
      return undefined;
    }
  }

  #tell(error: unknown): void {
    this.#session.say("warning", "page", error instanceof Error ? error.message : String(error));
  }
}
