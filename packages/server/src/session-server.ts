import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { Access, OBSERVER_PATH, queryOf } from "./access.ts";
import { ServerError } from "./errors.ts";
import { inUrl, loopbackOf, type Place, placesAt } from "./page-addresses.ts";
import { answerWith, PageFiles } from "./page-files.ts";
import { PageHall } from "./page-hall.ts";
import type { PageSource } from "./page-source.ts";
import { drawToken } from "./tokens.ts";

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

/** Where the page is on one network, with its tokens where it needs them. */
export interface PageAddress extends Pick<Place, "interface"> {
  /** For who runs the session. */
  readonly url: string;
  /** For a second screen that only looks. */
  readonly observerUrl: string;
}

export interface SessionServer {
  readonly port: number;
  /** One for each address of this machine that it listens on, at least one. */
  readonly addresses: readonly PageAddress[];
  /** The first of them. */
  readonly url: string;
  readonly observerUrl: string;
  /**
   * For the browser of this machine, which is started with it: everybody here can list processes with their arguments, so in place
   * of the token it has a word that comes in once.
   */
  ownUrl(): string;
  /** Pages that are connected. */
  readonly nPages: number;
  /** Lets every page have what was said last and closes; takes some seconds at most. */
  close(): Promise<void>;
}

const MOST_PAGES = 32;
/** However many look on, those who run the session find room. */
const MOST_WITH_OBSERVERS = 24;
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
  const observerToken = options.observerToken ?? (token === undefined ? undefined : drawToken());
  const access = new Access({ host, token, observerToken, ...(hostNames && { hostNames }) });
  const files = new PageFiles(assets);
  const hall = new PageHall(source, onProblem);
  const http = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return answerWith(response, 405, "Only GET and HEAD are answered.", { Allow: "GET, HEAD" });
    if (access.isForeign(request)) return answerWith(response, 403, "This page belongs to another address.");
    const path = pathOf(request);
    const admission = access.admission(request);
    if (admission !== undefined && isDoor(path))
      return leaveBehind(response, admission.path, { "Set-Cookie": admission.cookie });
    if (access.rightsOf(request) === "none")
      return answerWith(response, 401, "Open this page with its token: ?token=...");
    if (`${path}/` === OBSERVER_PATH) return leaveBehind(response, OBSERVER_PATH);
    files.answer(request, response, withoutObserver(path)).catch((error: unknown) => {
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
    if (access.isForeign(request)) return refuse(socket, 403);
    if (rights === "none") return refuse(socket, 401);
    if (withoutObserver(pathOf(request)) !== "/session") return refuse(socket, 404);
    if (sockets.clients.size >= (rights === "all" ? MOST_PAGES : MOST_WITH_OBSERVERS))
      return refuse(socket, 503);
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
  const at = (address: string, path: string, query = ""): string =>
    `http://${inUrl(address)}:${used}${path}${query}`;
  const asked = (secret: string | undefined): string => (secret === undefined ? "" : `?token=${secret}`);
  const addresses = placesAt(host).map(
    ({ interface: name, address }): PageAddress => ({
      interface: name,
      url: at(address, "/", asked(token)),
      observerUrl: at(address, OBSERVER_PATH, asked(observerToken)),
    }),
  );
  return {
    port: used,
    addresses,
    url: addresses[0]!.url,
    observerUrl: addresses[0]!.observerUrl,
    ownUrl: () => {
      const ticket = access.ticket();
      return at(loopbackOf(host), "/", ticket === undefined ? "" : `?once=${ticket}`);
    },
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
          { cause, misuse: true },
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

const pathOf = ({ url = "/" }: IncomingMessage): string => url.replace(/[?#].*$/, "");

/** Where a page is opened, as against what it loads then. */
const isDoor = (path: string): boolean =>
  path === "/" || withoutObserver(path) === "/" || `${path}/` === OBSERVER_PATH;

/** Observers have the same page below a path of their own. */
const withoutObserver = (path: string): string =>
  path.startsWith(OBSERVER_PATH) ? path.slice(OBSERVER_PATH.length - 1) : path;

/** A page goes on under its address without the token; it asks by itself, so that a strict cookie goes with it. */
function leaveBehind(
  response: Parameters<typeof answerWith>[0],
  path: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerWith(
    response,
    200,
    `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${path}"><title>Attune</title>`,
    { "Content-Type": "text/html; charset=utf-8", ...headers },
  );
}

function nameOf(request: IncomingMessage): string | undefined {
  const name = queryOf(request).get("page");
  return name !== null && /^[\w-]{8,64}$/.test(name) ? name : undefined;
}
