import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LiveSession, type LiveSessionOptions, parseSession } from "@attune/live";
import { livePage, openSessionServer, pageAssets, type SessionServer } from "@attune/server";

/** A live session in a folder of its own, served to browsers as it is served in a laboratory. */
export interface ServedSession {
  readonly session: LiveSession;
  readonly server: SessionServer;
  readonly url: string;
  readonly folder: string;
  readonly recordingFolder: string;
  /** Path of the file of the recording with that end. */
  recorded(end: string): Promise<string>;
  /** Ends the session when it still runs, closes everything and removes its folder. */
  close(): Promise<void>;
}

export interface ServedSessionOptions {
  /** False where the coupling is not what a test is about. [false] */
  readonly analyse?: boolean;
  readonly devices?: NonNullable<LiveSessionOptions["devices"]>;
  /** Its clock and timers. [the machine's] */
  readonly context?: NonNullable<LiveSessionOptions["context"]>;
  /** Where the recording goes. [a folder of its own] */
  readonly recordingFolder?: string;
}

/** Connected and waiting for its beginning. @param text of the session file */
export async function serveSession(text: string, options: ServedSessionOptions = {}): Promise<ServedSession> {
  const folder = await mkdtemp(join(tmpdir(), "attune-browser-"));
  const recordingFolder = options.recordingFolder ?? join(folder, "recordings");
  const loaded = {
    path: join(folder, "session.yaml"),
    file: parseSession(text, "session.yaml"),
    recordingFolder,
  };
  const { analyse = false, devices, context } = options;
  const session = new LiveSession(loaded, {
    record: true,
    analyse,
    ...(devices && { devices }),
    ...(context && { context }),
  });
  const source = livePage(session, { analyse });
  const server = await openSessionServer({ source, assets: await pageAssets() });
  await session.connect();
  return {
    session,
    server,
    url: server.url,
    folder,
    recordingFolder,
    recorded: async (end) => {
      const name = (await readdir(recordingFolder)).find((each) => each.endsWith(end));
      if (name === undefined) throw new Error(`there is no ${end} in ${recordingFolder}`);
      return join(recordingFolder, name);
    },
    close: async () => {
      if (session.stage !== "ended") await session.end("the test is over");
      await server.close();
      await source.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
