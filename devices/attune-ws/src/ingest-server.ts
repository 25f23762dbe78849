import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type DeviceContext, DeviceError } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { INGEST_SUBPROTOCOL } from "@attune/wire";
import { WebSocketServer } from "ws";
import type { IngestClient } from "./ingest-client.ts";
import { IngestConnection, MAX_PAYLOAD_BYTES } from "./ingest-connection.ts";
import type { AttuneWsSettings } from "./settings.ts";

const MAX_CONNECTIONS = 32;

let nOwnPorts = 0;

type Access = Pick<AttuneWsSettings, "host" | "port" | "token" | "allowedOrigins">;

/** What clients get to say goodbye before they are cut off. */
const GOODBYE: Seconds = 0.25;

/**
 * Listening servers of this process by address, so that all devices of a session that name one port share it.
 */
const servers = new Map<string, { server: Promise<IngestServer>; users: number; access: string }>();

/**
 * The listening side of the ingest. Who may come in is decided before the socket opens: a page that was not
 * allowed gets 403, a client without the token 401, a client that speaks neither our protocol nor the format
 * of a device at that path 400.
 */
export class IngestServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #access: Access;
  readonly #context: DeviceContext;
  readonly #clients = new Map<string, IngestClient>();

  /**
   * A server for this address, shared with whoever asked for the same one before.
   *
   * @throws DeviceError when the port is taken by another program or the address is not ours
   */
  static async acquire(
    access: Access,
    context: DeviceContext,
  ): Promise<{ server: IngestServer; release(): Promise<void> }> {
    const address = `${access.host}:${access.port}`;
    const rules = JSON.stringify([access.token ?? null, [...access.allowedOrigins].sort()]);
    // port 0 asks for a port of one's own
    const key = access.port === 0 ? `${address}#${nOwnPorts++}` : address;
    let entry = servers.get(key);
    if (entry && entry.access !== rules)
      throw new DeviceError(
        `Two devices listen on ${address} with different token or allowedOrigins; give them the same, or a port each.`,
        { retryable: false },
      );
    if (!entry) {
      entry = { server: IngestServer.#open(access, context), users: 0, access: rules };
      servers.set(key, entry);
    }
    const shared = entry;
    shared.users++;
    const release = async () => {
      if (--shared.users > 0) return;
      servers.delete(key);
      const server = await shared.server.catch(() => undefined);
      if (server) await server.#close();
    };
    try {
      return { server: await shared.server, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  private constructor(http: Server, access: Access, context: DeviceContext) {
    this.#http = http;
    this.#access = access;
    this.#context = context;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_PAYLOAD_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(INGEST_SUBPROTOCOL) ? INGEST_SUBPROTOCOL : false),
    });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** `ws://127.0.0.1:7650`, with the port that was really taken. */
  get url(): string {
    const { address, port, family } = this.#http.address() as AddressInfo;
    return `ws://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** @throws DeviceError when another device of the session already waits for this client */
  register(client: IngestClient): () => void {
    if (this.#clients.has(client.client))
      throw new DeviceError(
        `Two devices of the session wait for the client "${client.client}"; give one of them another client name.`,
        { retryable: false },
      );
    this.#clients.set(client.client, client);
    return () => {
      if (this.#clients.get(client.client) === client) this.#clients.delete(client.client);
    };
  }

  static #open(access: Access, context: DeviceContext): Promise<IngestServer> {
    const http = createServer((_, response) => {
      response.writeHead(426, { connection: "close" }).end("This is the WebSocket ingest of Attune.\n");
    });
    http.maxConnections = 4 * MAX_CONNECTIONS;
    const server = new IngestServer(http, access, context);
    return new Promise((resolve, reject) => {
      http.once("error", (cause: NodeJS.ErrnoException) =>
        reject(new DeviceError(whyNotListening(access, cause), { cause })),
      );
      http.listen(access.port, access.host, () => resolve(server));
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const { origin } = request.headers;
    if (origin !== undefined && !this.#access.allowedOrigins.includes(origin)) {
      refuse(socket, 403, "This page may not send; add its address to allowedOrigins.");
      return;
    }
    const url = URL.parse(request.url ?? "/", "ws://ingest");
    if (!url) {
      refuse(socket, 400, "The address cannot be read.");
      return;
    }
    if (!this.#mayEnter(request, url)) {
      refuse(socket, 401, "The token is missing or wrong.");
      return;
    }
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    const foreign = offered.includes(INGEST_SUBPROTOCOL) ? undefined : this.#foreignClient(url);
    if (!offered.includes(INGEST_SUBPROTOCOL) && !foreign) {
      refuse(socket, 400, `Offer the subprotocol ${INGEST_SUBPROTOCOL}.`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      if (this.#sockets.clients.size > MAX_CONNECTIONS) {
        ws.on("error", () => ws.terminate());
        ws.close(1013, "too many connections");
        return;
      }
      new IngestConnection({
        socket: ws,
        context: this.#context,
        findClient: (name) => this.#clients.get(name),
        ...(foreign ? { foreign } : {}),
      });
    });
  }

  #foreignClient(url: URL): IngestClient | undefined {
    let name: string;
    try {
      name = decodeURIComponent(url.pathname.slice(1));
    } catch {
      return undefined;
    }
    const client = this.#clients.get(name);
    return client?.format === "attune" ? undefined : client;
  }

  /** The token comes as `Authorization: Bearer ...` or, since a browser cannot set headers, as `?token=`. */
  #mayEnter(request: IncomingMessage, url: URL): boolean {
    const { token } = this.#access;
    if (token === undefined) return true;
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    return sameSecret(bearer ?? url.searchParams.get("token") ?? "", token);
  }

  async #close(): Promise<void> {
    this.#sockets.close();
    const { clients } = this.#sockets;
    for (const socket of clients) socket.close(1001);
    if (clients.size > 0) {
      const gone = Promise.all(
        [...clients].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
      );
      const patience = this.#context.setTimer(() => {
        for (const socket of clients) socket.terminate();
      }, GOODBYE);
      await gone;
      patience.cancel();
    }
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }
}

/** In a time that does not depend on where, or in what length, they differ. */
function sameSecret(shown: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(shown), digest(expected));
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
};

function refuse(socket: Duplex, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  // a peer that keeps its half open must not keep the server from closing
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function whyNotListening({ host, port }: Access, cause: NodeJS.ErrnoException): string {
  if (cause.code === "EADDRINUSE")
    return `Port ${port} on ${host} is in use by another program; close it or set another port.`;
  if (cause.code === "EADDRNOTAVAIL")
    return `This machine has no address ${host}; set host to 127.0.0.1 or one of its own.`;
  if (cause.code === "EACCES") return `Port ${port} may not be opened by this user; set a port above 1023.`;
  return `Cannot listen on ${host}:${port}: ${cause.message}.`;
}
