import { createServer, type Socket } from "node:net";
import type { StreamDeclaration } from "../api/outlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { defaultLimits } from "../configuration/settings.ts";
import { readInfo } from "../info/xml-read.ts";
import { writeInfo } from "../info/xml-write.ts";

export interface FakeSender {
  readonly info: StreamInfo;
  readonly uid: string;
  /** Connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A real TCP server that answers a streamfeed request with whatever bytes a test wants. */
export async function fakeSender(
  declaration: StreamDeclaration,
  answer: (socket: Socket, uid: string) => void,
): Promise<FakeSender> {
  const uid = "0123-fake";
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket, uid));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const dataPort = address !== null && typeof address === "object" ? address.port : 0;
  const noPorts = { dataPort: 0, servicePort: 0 };
  const { full } = writeInfo(declaration, {
    uid,
    createdAt: 1,
    sessionId: "default",
    hostname: "here",
    v4: { dataPort, servicePort: dataPort },
    v6: noPorts,
  });
  const info = readInfo(full, { address: "127.0.0.1", family: "v4" }, defaultLimits);
  if (!info) throw new Error("The declaration makes no valid info.");
  return {
    info,
    uid,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
