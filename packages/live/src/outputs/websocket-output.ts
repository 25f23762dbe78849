import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Coupling } from "@attune/signal";
import { type WebSocket, WebSocketServer } from "ws";
import { SessionError } from "../errors.ts";
import type { CouplingOutput } from "./output.ts";
import { mayListen, needsToken, tokenNeeded } from "./who-may-listen.ts";

export interface WebSocketOutputOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly token?: string | undefined;
}

/** A receiver that has not taken this much is passed over until it has: numbers grow old, memory must not grow. */
const MOST_BUFFERED_BYTES = 1 << 20;

/**
 * Coupling as JSON text messages to whoever connects. Loopback needs no token; any other address does, as `?token=`. A page of a
 * foreign origin is refused: a browser would else let any web site listen.
 */
export async function openWebSocketOutput(
  options: WebSocketOutputOptions,
): Promise<CouplingOutput & { readonly port: number }> {
  const { host, port, token } = options;
  if (needsToken({ host, token })) throw new SessionError(tokenNeeded(host), { misuse: true });
  const server = new WebSocketServer({
    host,
    port,
    maxPayload: 4096,
    verifyClient: ({ origin, req }: { origin?: string; req: IncomingMessage }) =>
      mayListen(origin, req, token),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new SessionError(
          `outputs.websocket cannot use port ${port} on ${host} (${cause.code}): choose another.`,
          {
            cause,
          },
        ),
      ),
    );
  });
  // What goes wrong later, such as too many open files, costs one connection and never the session.
  server.on("error", () => {});
  server.on("connection", (socket: WebSocket) => socket.on("error", () => socket.terminate()));
  const used = (server.address() as AddressInfo).port;
  return {
    name: `WebSocket ws://${host}:${used}`,
    port: used,
    send: (coupling: Coupling) => {
      if (server.clients.size === 0) return;
      const text = JSON.stringify(coupling);
      for (const client of server.clients)
        if (client.readyState === client.OPEN && client.bufferedAmount < MOST_BUFFERED_BYTES)
          client.send(text);
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
}
