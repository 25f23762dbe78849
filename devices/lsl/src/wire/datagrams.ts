/** Query for streams: sent to a discovery or service port; the answer comes to `returnPort`. */
export function shortInfoQuery(query: string, returnPort: number, queryId: string): string {
  return `LSL:shortinfo\r\n${query}\r\n${returnPort} ${queryId}\r\n`;
}

export type ServiceRequest =
  | {
      readonly kind: "shortinfo";
      readonly query: string;
      readonly returnPort: number;
      readonly queryId: string;
    }
  | { readonly kind: "timedata"; readonly waveId: number; readonly t0: number };

/** Reads what arrives at a service or discovery port; undefined for anything that is not a whole request. */
export function readServiceRequest(datagram: Uint8Array): ServiceRequest | undefined {
  const lines = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength)
    .toString("utf8")
    .split("\n", 4)
    .map((line) => line.trim());
  if (lines[0] === "LSL:shortinfo") {
    const [portText = "", queryId = ""] = (lines[2] ?? "").split(/\s+/);
    const returnPort = Number(portText);
    if (!/^\d+$/.test(portText) || returnPort < 1 || returnPort > 65535 || queryId === "") return undefined;
    return { kind: "shortinfo", query: lines[1] ?? "", returnPort, queryId };
  }
  if (lines[0] === "LSL:timedata") {
    const [waveText = "", timeText = ""] = (lines[1] ?? "").split(/\s+/);
    const t0 = Number(timeText);
    if (!/^[+-]?\d+$/.test(waveText) || timeText === "" || !Number.isFinite(t0)) return undefined;
    return { kind: "timedata", waveId: int32(Number(waveText)), t0 };
  }
  return undefined;
}

/** Answer to a query: its id, then the short info. */
export function shortInfoAnswer(queryId: string, xml: string): string {
  return `${queryId}\r\n${xml}`;
}

/** The short info in an answer to the query with this id; undefined for any other datagram. */
export function readShortInfoAnswer(datagram: Uint8Array, queryId: string): string | undefined {
  const text = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).toString("utf8");
  const lineEnd = text.indexOf("\n");
  if (lineEnd < 0 || text.slice(0, lineEnd).trim() !== queryId) return undefined;
  return text.slice(lineEnd + 1);
}

export function timeRequest(waveId: number, t0: number): string {
  return `LSL:timedata\r\n${waveId} ${decimal(t0)}\r\n`;
}

/** One leading space and no line end, as liblsl writes it. */
export function timeAnswer(waveId: number, t0: number, t1: number, t2: number): string {
  return ` ${waveId} ${decimal(t0)} ${decimal(t1)} ${decimal(t2)}`;
}

export interface TimeAnswer {
  readonly waveId: number;
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
}

export function readTimeAnswer(datagram: Uint8Array): TimeAnswer | undefined {
  if (datagram.byteLength > 512) return undefined;
  const fields = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength)
    .toString("latin1")
    .trim()
    .split(/\s+/);
  if (fields.length !== 4) return undefined;
  const [waveId = 0, t0 = 0, t1 = 0, t2 = 0] = fields.map(Number);
  return [waveId, t0, t1, t2].every(Number.isFinite) ? { waveId, t0, t1, t2 } : undefined;
}

/** 16 significant digits. */
function decimal(value: number): string {
  return value.toPrecision(16);
}

function int32(value: number): number {
  return Math.max(-2147483648, Math.min(2147483647, value));
}
