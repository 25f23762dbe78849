import { openSessionServer, pageAssets } from "@attune/server";
import { type Scene, ScriptedSource } from "./scripted-source.ts";

export interface ScriptedServer {
  readonly source: ScriptedSource;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The page on a session that stands at one moment. */
export async function serveScene(scene: Scene): Promise<ScriptedServer> {
  const source = new ScriptedSource(scene);
  const server = await openSessionServer({ source, assets: await pageAssets() });
  return { source, url: server.url, port: server.port, close: () => server.close() };
}
