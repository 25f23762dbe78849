import { createServer, type Server, type Socket } from "node:net";

/** Listens; rejects with the system's error when that fails. */
export function listenTcp(options: {
  readonly address: string;
  readonly port: number;
  readonly maximumConnections: number;
  readonly onConnection: (socket: Socket) => void;
}): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, options.onConnection);
  server.maxConnections = options.maximumConnections;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(
      {
        host: options.address,
        port: options.port,
        ipv6Only: options.address.includes(":"),
        exclusive: true,
        backlog: 10,
      },
      () => {
        server.off("error", reject);
        // Running out of file handles, for one: the listener goes on with the next connection.
        server.on("error", () => {});
        resolve(server);
      },
    );
  });
}
