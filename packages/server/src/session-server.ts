import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { isLoopback } from "@attune/live";
import { type WebSocket, WebSocketServer } from "ws";
import { Access, queryOf } from "./access.ts";
import { ServerError } from "./errors.ts";
import { answerWith, PageFiles } from "./page-files.ts";
import { PageHall } from "./page-hall.ts";
import type { PageSource } from "./page-source.ts";

export interface SessionServerOptions {
  readonly source: PageSource;
  /** Folder of the built page. */
  readonly assets: string;
  /** Loopback unless told otherwise; any other host needs a token. ["127.0.0.1"] */
  readonly host?: string;
  /** 0 for any free port. [0] */
  readonly port?: number;
  /** Who has it may do everything. 16 characters or more. */
  readonly token?: string | undefined;
  /** Who has it may look. [made up where there is a token] */
  readonly observerToken?: string | undefined;
  /** Further names under which browsers call this machine. */
  readonly hostNames?: readonly string[];
  /** Told once what went wrong in the server itself: the session goes on. */
  readonly onProblem?: (error: unknown) => void;
}

export interface SessionServer {
  readonly port: number;
  /** Where the page is, with its token where it needs one. */
  readonly url: string;
  /** The same for a second screen that only looks; undefined where there are no tokens. */
  readonly observerUrl: string | undefined;
  /** Pages that are connected. */
  readonly nPages: number;
  /** Lets every page have what was said last and closes; takes some seconds at most. */
  close(): Promise<void>;
}

const MOST_PAGES = 32;
const LARGEST_MESSAGE = 256 * 1024;
const PROBE_MILLISECONDS = 20_000;
const GOODBYE_SECONDS = 2;

/**
 * A session or a replay for browsers: the built page over HTTP, and `/session` as WebSocket with one protobuf frame a message
 * (`PAGE_PROTO`). A page may name itself (`/session?page=NAME`) to get its seat back after a break.
 *
 * @throws ServerError when it cannot listen there, or must not without a token
 */
export async function openSessionServer(options: SessionServerOptions): Promise<SessionServer> {
  const { source, assets, host = "127.0.0.1", port = 0, token, hostNames, onProblem = () => {} } = options;
  const observerToken =
    options.observerToken ?? (token === undefined ? undefined : randomBytes(18).toString("base64url"));
  const access = new Access({ host, token, observerToken, ...(hostNames && { hostNames }) });
  const files = new PageFiles(assets);
  const hall = new PageHall(source, onProblem);
  const http = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return answerWith(response, 405, "Only GET and HEAD are answered.", { Allow: "GET, HEAD" });
    if (access.isForeign(request)) return answerWith(response, 403, "This page belongs to another address.");
    if (access.rightsOf(request) === "none")
      return answerWith(response, 401, "Open this page with its token: ?token=...");
    const cookie = access.cookieFor(request);
    const path = (request.url ?? "/").replace(/[?#].*$/, "");
    if (cookie !== undefined && path === "/") return leaveTokenBehind(response, cookie);
    files.answer(request, response, path).catch((error: unknown) => {
      onProblem(error);
      response.destroy();
    });
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const rights = access.rightsOf(request);
    const path = (request.url ?? "").replace(/[?#].*$/, "");
    if (access.isForeign(request)) return refuse(socket, 403);
    if (rights === "none") return refuse(socket, 401);
    if (path !== "/session") return refuse(socket, 404);
    if (sockets.clients.size >= MOST_PAGES) return refuse(socket, 503);
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) =>
      hall.welcome(webSocket, rights, nameOf(request)),
    );
  });
  http.on("clientError", (_error, socket) => socket.destroy());
  await listen(http, host, port);
  // What goes wrong later, such as too many open files, costs one connection and never the session.
  http.on("error", onProblem);
  const used = (http.address() as AddressInfo).port;
  access.cookieName = `attune-${used}`;
  const probing = setInterval(() => hall.probe(), PROBE_MILLISECONDS);
  probing.unref();
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${used}/`;
  return {
    port: used,
    url: token === undefined ? address : `${address}?token=${token}`,
    observerUrl: observerToken === undefined ? undefined : `${address}?token=${observerToken}`,
    get nPages() {
      return sockets.clients.size;
    },
    close: async () => {
      clearInterval(probing);
      await hall.close(GOODBYE_SECONDS);
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

async function listen(http: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new ServerError(
          `The page cannot be served on port ${port} of ${host} (${cause.code}): choose another with --page-port.`,
          { cause, misuse: isLoopback(host) },
        ),
      ),
    );
    http.listen(port, host, () => {
      http.removeAllListeners("error");
      resolve();
    });
  });
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A page goes on under its address without the token; it asks by itself, so that a strict cookie goes with it. */
function leaveTokenBehind(response: Parameters<typeof answerWith>[0], cookie: string): void {
  answerWith(
    response,
    200,
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>Attune</title>',
    { "Content-Type": "text/html; charset=utf-8", "Set-Cookie": cookie },
  );
}

function nameOf(request: IncomingMessage): string | undefined {
  const name = queryOf(request).get("page");
  return name !== null && /^[\w-]{8,64}$/.test(name) ? name : undefined;
}
