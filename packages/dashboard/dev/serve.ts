import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";

export { storyHearts } from "./made-up-hearts.ts";
export { MadeUpSignals } from "./made-up-signals.ts";
export { storyEvidence, storyHello, storyTimeline } from "./made-up-story.ts";

const home = join(import.meta.dirname, "..");

export interface Harness {
  /** Address of the page with the panels on a made-up session. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the panels with their made-up session as the page itself is built, into a folder of its own, and serves it on loopback. */
export async function serveHarness(): Promise<Harness> {
  const outDir = await mkdtemp(join(tmpdir(), "attune-drawing-"));
  const settings = {
    configFile: false as const,
    root: join(home, "dev"),
    base: "./",
    logLevel: "error" as const,
    oxc: { jsx: { runtime: "automatic" as const, importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      rollupOptions: { input: join(home, "dev/drawing.html") },
    },
  };
  await build(settings);
  const server = await preview({
    ...settings,
    preview: { host: "127.0.0.1", port: 0, strictPort: false, open: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string")
    throw new Error("The harness has no port: free one on loopback.");
  return {
    url: `http://127.0.0.1:${address.port}/drawing.html`,
    close: async () => {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
