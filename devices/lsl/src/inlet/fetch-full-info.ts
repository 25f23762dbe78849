import { connect } from "node:net";
import type { Endpoint } from "../api/stream-info.ts";

/** Fetches a stream's full document. Rejects on any failure, and when it is longer than the limit. */
export function fetchFullInfo(
  endpoint: Endpoint,
  timeoutSeconds: number,
  maximumBytes: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const socket = connect({ host: endpoint.address, port: endpoint.dataPort, noDelay: true });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    socket.on("connect", () => socket.write("LSL:fullinfo\r\n"));
    socket.on("data", (bytes: Buffer) => {
      parts.push(bytes);
      length += bytes.length;
      if (length > maximumBytes) fail(`the document is longer than ${maximumBytes} bytes`);
    });
    socket.on("error", (error) => fail(error.message));
    socket.on("end", () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts).toString("utf8"));
    });
    socket.on("close", () => fail("the connection was closed"));
  });
}
