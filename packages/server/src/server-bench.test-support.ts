import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, WebSocket } from "ws";
import { openSessionServer, type SessionServer, type SessionServerOptions } from "./session-server.ts";
import { SpokenSource, TestPage } from "./socket.test-support.ts";

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server of a small page, whose source says what a test says, and everybody who comes to it. */
export class ServerBench {
  readonly folder = mkdtempSync(join(tmpdir(), "attune-server-"));
  readonly assets = join(this.folder, "dist");
  readonly problems: unknown[] = [];
  server!: SessionServer;
  source = new SpokenSource();
  readonly #pages: TestPage[] = [];

  constructor() {
    mkdirSync(join(this.assets, "assets"), { recursive: true });
    writeFileSync(join(this.assets, "index.html"), "<!doctype html><title>Attune</title>");
    writeFileSync(join(this.assets, "assets", "index-B3x9_kQz.js"), "export {};");
    writeFileSync(join(this.assets, "program.sh"), "no page needs it");
    writeFileSync(join(this.folder, "secret.txt"), "nobody's business");
    symlinkSync(join(this.folder, "secret.txt"), join(this.assets, "linked.txt"));
  }

  async open(options: Partial<SessionServerOptions> = {}): Promise<void> {
    this.source = new SpokenSource();
    this.problems.length = 0;
    const { source, assets } = this;
    const onProblem = (error: unknown): void => void this.problems.push(error);
    this.server = await openSessionServer({ source, assets, onProblem, ...options });
  }

  async close(): Promise<void> {
    for (const page of this.#pages.splice(0)) page.socket.terminate();
    await this.server?.close();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  enter(path = "/session", options: ClientOptions = {}): TestPage {
    const page = new TestPage(`ws://127.0.0.1:${this.server.port}${path}`, options);
    this.#pages.push(page);
    return page;
  }

  /** As it goes over the wire: no path is tidied up on the way. */
  ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const { port } = this.server;
      const asked = httpRequest({ host: "127.0.0.1", port, path, headers, method }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          body += part;
        });
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  /** The status with which a WebSocket is refused. */
  refusal(path: string, options: ClientOptions = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${this.server.port}${path}`, options);
      socket.on("unexpected-response", (_request, response) => {
        resolve(response.statusCode!);
        socket.terminate();
      });
      socket.on("open", () => reject(new Error("it was let in")));
      socket.on("error", () => {});
    });
  }
}
