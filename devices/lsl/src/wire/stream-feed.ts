import type { ChannelFormat } from "../api/stream-info.ts";
import { bytesPerValue, isFloat } from "./channel-format.ts";

/** Version of the wire protocol, times 100. */
export const protocolVersion = 110;

export interface StreamFeedWish {
  readonly uid: string;
  readonly channelFormat: ChannelFormat;
  readonly maximumBufferSamples: number;
  /** 0: no wish. */
  readonly maximumChunkSamples: number;
  readonly hostname: string;
  readonly sourceId: string;
  readonly sessionId: string;
}

/**
 * The request for a stream's samples. Value-Size is left out for strings: servers up to 1.15.2 compare it with the size of
 * their own string class and fall back to protocol 1.00 when it differs.
 */
export function streamFeedRequest(wish: StreamFeedWish): string {
  const lines = [
    `LSL:streamfeed/${protocolVersion} ${wish.uid}`,
    "Native-Byte-Order: 1234",
    "Endian-Performance: 0",
    "Has-IEEE754-Floats: 1",
    `Supports-Subnormals: ${isFloat(wish.channelFormat) ? 1 : 0}`,
    ...(wish.channelFormat === "string" ? [] : [`Value-Size: ${bytesPerValue(wish.channelFormat)}`]),
    `Data-Protocol-Version: ${protocolVersion}`,
    `Max-Buffer-Length: ${wish.maximumBufferSamples}`,
    `Max-Chunk-Length: ${wish.maximumChunkSamples}`,
    `Hostname: ${oneLine(wish.hostname)}`,
    `Source-Id: ${oneLine(wish.sourceId)}`,
    `Session-Id: ${oneLine(wish.sessionId)}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** What a client asked for, or why it gets nothing. */
export type StreamFeedReading =
  | {
      readonly kind: "accept";
      readonly maximumBufferSamples: number;
      readonly maximumChunkSamples: number;
      readonly suppressSubnormals: boolean;
    }
  | { readonly kind: "refuse"; readonly status: string }
  /** Close without a word. */
  | { readonly kind: "close" };

/**
 * Reads a streamfeed request. Keys and values are lower-cased, cut at `;` and trimmed, as liblsl does. What liblsl would
 * answer with protocol 1.00 (a foreign value size, no IEEE floats, an older version) is refused with 505.
 * @param requestLine first line of the request, trimmed
 * @param headers     the lines after it, without the blank one
 */
export function readStreamFeedRequest(
  requestLine: string,
  headers: readonly string[],
  stream: { readonly uid: string; readonly channelFormat: ChannelFormat },
): StreamFeedReading {
  const [method = "", uid = ""] = requestLine.split(/\s+/);
  const version = Number(method.slice("LSL:streamfeed/".length));
  if (!Number.isInteger(version) || version <= 0) return { kind: "close" };
  const unsupported = { kind: "refuse", status: "505 Version not supported" } as const;
  if (Math.floor(version / 100) > Math.floor(protocolVersion / 100)) return unsupported;
  if (uid !== "" && uid !== stream.uid) return { kind: "refuse", status: "404 Not found" };

  const numbers = new Map<string, number>();
  for (const raw of headers) {
    const line = raw.toLowerCase().split(";")[0]!.trim();
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const key = line.slice(0, colon).trim();
    if (!numericHeaders.has(key)) continue;
    const text = line.slice(colon + 1).trim();
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) return { kind: "close" };
    numbers.set(key, value);
  }
  const valueBytes = bytesPerValue(stream.channelFormat);
  const foreignSize = valueBytes > 0 && (numbers.get("value-size") ?? valueBytes) !== valueBytes;
  const foreignFloats = isFloat(stream.channelFormat) && numbers.get("has-ieee754-floats") === 0;
  if (foreignSize || foreignFloats || (numbers.get("protocol-version") ?? version) < protocolVersion)
    return unsupported;
  return {
    kind: "accept",
    maximumBufferSamples: Math.max(0, Math.trunc(numbers.get("max-buffer-length") ?? 0)),
    maximumChunkSamples: Math.max(0, Math.trunc(numbers.get("max-chunk-length") ?? 0)),
    suppressSubnormals: isFloat(stream.channelFormat) && numbers.get("supports-subnormals") === 0,
  };
}

const numericHeaders = new Set([
  "native-byte-order",
  "endian-performance",
  "has-ieee754-floats",
  "supports-subnormals",
  "value-size",
  "protocol-version",
  "max-buffer-length",
  "max-chunk-length",
]);

/** We always send our own order; the client can swap. */
export function streamFeedAnswer(uid: string, suppressSubnormals: boolean): string {
  return [
    `LSL/${protocolVersion} 200 OK`,
    `UID: ${uid}`,
    "Byte-Order: 1234",
    `Suppress-Subnormals: ${suppressSubnormals ? 1 : 0}`,
    `Data-Protocol-Version: ${protocolVersion}`,
    "",
    "",
  ].join("\r\n");
}

export type StreamFeedAnswer =
  | { readonly kind: "ok"; readonly littleEndian: boolean; readonly suppressSubnormals: boolean }
  /** The stream is not there any more: resolve it again. */
  | { readonly kind: "gone"; readonly reason: string }
  /** Trying again cannot mend it. */
  | { readonly kind: "refused"; readonly reason: string };

/** Reads the head of the answer, without the blank line. */
export function readStreamFeedAnswer(head: string, expectedUid: string): StreamFeedAnswer {
  const [statusLine = "", ...lines] = head.split(/\r?\n/);
  const [, versionText = "", statusText = ""] = /^LSL\/(\d+)\s+(\d{3})/.exec(statusLine.trim()) ?? [];
  const status = Number(statusText);
  const answered = `the answer "${printable(statusLine)}"`;
  if (statusText === "") return { kind: "gone", reason: `${answered} is not that of an LSL server` };
  if (Math.floor(Number(versionText) / 100) > Math.floor(protocolVersion / 100))
    return { kind: "refused", reason: `${answered} is of a protocol newer than 1.10` };
  if (status === 404 || (status >= 300 && status < 400))
    return { kind: "gone", reason: `${answered}: the stream is no longer served there` };
  if (status !== 200) return { kind: "refused", reason: answered };

  const headers = new Map<string, string>();
  for (const raw of lines) {
    const line = raw.toLowerCase().split(";")[0]!.trim();
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const dataProtocol = Number(headers.get("data-protocol-version") ?? protocolVersion);
  if (dataProtocol < protocolVersion)
    return {
      kind: "refused",
      reason: `the sender offers this stream only in protocol ${(dataProtocol / 100).toFixed(2)}, which is not spoken here; update the sender to liblsl 1.16 or newer`,
    };
  if (dataProtocol > protocolVersion)
    return { kind: "refused", reason: `the sender uses data protocol ${dataProtocol}, expected 110` };
  if (headers.get("uid") !== expectedUid.toLowerCase())
    return { kind: "gone", reason: "another stream is served at this address now" };
  const order = headers.get("byte-order") ?? "1234";
  if (order !== "1234" && order !== "4321")
    return { kind: "refused", reason: `the sender's byte order "${printable(order)}" is unknown` };
  return {
    kind: "ok",
    littleEndian: order === "1234",
    suppressSubnormals: headers.get("suppress-subnormals") === "1",
  };
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}
