import type { Socket } from "node:net";

/** A request of the TCP service, read to its end. */
export type TcpRequest =
  | { readonly kind: "shortinfo"; readonly query: string }
  | { readonly kind: "fullinfo" }
  | { readonly kind: "streamfeed"; readonly requestLine: string; readonly headers: readonly string[] };

/**
 * What bytes so far amount to: a request, `"incomplete"`, or `"malformed"` for what will never be one, which includes the
 * streamfeed of protocol 1.00.
 */
export function readTcpRequest(text: string): TcpRequest | "incomplete" | "malformed" {
  const lines = text.split("\n");
  if (lines.length < 2) return "LSL:".startsWith(text.trimStart().slice(0, 4)) ? "incomplete" : "malformed";
  const requestLine = lines[0]!.trim();
  if (requestLine === "LSL:fullinfo") return { kind: "fullinfo" };
  if (requestLine === "LSL:shortinfo")
    return lines.length < 3 ? "incomplete" : { kind: "shortinfo", query: lines[1]!.trim() };
  if (!requestLine.startsWith("LSL:streamfeed/")) return "malformed";
  const blank = lines.findIndex((line, k) => k > 0 && k < lines.length - 1 && line.trim() === "");
  if (blank < 0) return "incomplete";
  return { kind: "streamfeed", requestLine, headers: lines.slice(1, blank) };
}

/** Reads one request from a connection; anything malformed, too long or too slow closes that connection only. */
export function readRequestFrom(
  socket: Socket,
  limits: { readonly maximumHeaderBytes: number; readonly timeoutSeconds: number },
  onRequest: (request: TcpRequest) => void,
): void {
  let text = "";
  const stop = (): void => {
    socket.off("data", onData);
    socket.off("end", onEnd);
    socket.setTimeout(0);
  };
  const onEnd = (): void => {
    socket.destroy();
  };
  const onData = (bytes: Buffer): void => {
    text += bytes.toString("latin1");
    if (text.length > limits.maximumHeaderBytes) {
      socket.destroy();
      return;
    }
    // Requests end with a line: looking again at every byte of a long line would cost its square.
    if (text.length > 4 && !bytes.includes(10)) return;
    const request = readTcpRequest(Buffer.from(text, "latin1").toString("utf8"));
    if (request === "incomplete") return;
    stop();
    if (request === "malformed") socket.destroy();
    else onRequest(request);
  };
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.setTimeout(limits.timeoutSeconds * 1000, () => socket.destroy());
}
