import { XMLParser } from "fast-xml-parser";
import type { LslLimits } from "../api/configuration.ts";
import type { ChannelDescription, DescriptionElement, Endpoint, StreamInfo } from "../api/stream-info.ts";
import { isChannelFormat } from "../wire/channel-format.ts";

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
  htmlEntities: true,
});

/** Where an answer came from; the XML's own addresses are not believed. */
export interface AnswerSource {
  readonly address: string;
  readonly family: "v4" | "v6";
}

/**
 * Reads an `<info>` document, by the rules of liblsl's reader: every numeric element must be there and be a number, name
 * and uid must not be empty. Returns undefined for anything else; never throws.
 */
export function readInfo(
  xml: string,
  source: AnswerSource | undefined,
  limits: Pick<LslLimits, "maximumInfoBytes" | "maximumChannelCount">,
): StreamInfo | undefined {
  if (xml.length > limits.maximumInfoBytes || !xml.trimEnd().endsWith("</info>")) return undefined;
  // The document needs no type declaration; entities declared in one could multiply without bound.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return undefined;
  let root: DescriptionElement | undefined;
  try {
    root = toElements(parser.parse(xml) as OrderedNode[]).find((element) => element.name === "info");
  } catch {
    return undefined;
  }
  if (!root) return undefined;
  const fields = new Map<string, DescriptionElement>();
  for (const child of root.children) if (!fields.has(child.name)) fields.set(child.name, child);
  const text = (name: string): string => fields.get(name)?.value ?? "";

  const channelCount = integer(text("channel_count"));
  const channelFormat = text("channel_format").trim();
  const nominalSamplingRate = decimal(text("nominal_srate"));
  const version = Math.trunc(decimal(text("version")) * 100 + 1e-6);
  const createdAt = decimal(text("created_at"));
  const ports = ["v4data_port", "v4service_port", "v6data_port", "v6service_port"].map((name) =>
    integer(text(name)),
  );
  const name = text("name");
  const uid = text("uid").trim();
  const valid =
    name !== "" &&
    uid !== "" &&
    isChannelFormat(channelFormat) &&
    channelCount >= 0 &&
    channelCount <= limits.maximumChannelCount &&
    nominalSamplingRate >= 0 &&
    version > 0 &&
    Number.isFinite(createdAt) &&
    ports.every((port) => port >= 0 && port <= 65535);
  if (!valid) return undefined;

  const [v4Data = 0, v4Service = 0, v6Data = 0, v6Service = 0] = ports;
  const endpoints: { v4?: Endpoint; v6?: Endpoint } = {};
  if (source?.family === "v4" && v4Data > 0)
    endpoints.v4 = { address: source.address, dataPort: v4Data, servicePort: v4Service };
  if (source?.family === "v6" && v6Data > 0)
    endpoints.v6 = { address: source.address, dataPort: v6Data, servicePort: v6Service };
  const description = fields.get("desc")?.children ?? [];
  return {
    name,
    type: text("type"),
    channelCount,
    nominalSamplingRate,
    channelFormat,
    sourceId: text("source_id"),
    uid,
    hostname: text("hostname"),
    sessionId: text("session_id"),
    createdAt,
    version,
    endpoints,
    channels: channelsOf(description),
    description,
    xml,
  };
}

type OrderedNode = { readonly [name: string]: readonly OrderedNode[] | string };

function toElements(nodes: readonly OrderedNode[], depth = 0): DescriptionElement[] {
  const elements: DescriptionElement[] = [];
  if (depth > 100) return elements;
  for (const node of nodes) {
    const name = Object.keys(node)[0];
    const content = name === undefined ? undefined : node[name];
    if (name === undefined || name === "#text" || !Array.isArray(content)) continue;
    const inner = content as readonly OrderedNode[];
    const children = toElements(inner, depth + 1);
    const value = inner.map((child) => (typeof child["#text"] === "string" ? child["#text"] : "")).join("");
    // Line ends and indentation between child elements are layout; text of a leaf is kept as it is.
    elements.push({ name, value: children.length > 0 ? value.trim() : value, children });
  }
  return elements;
}

function channelsOf(description: readonly DescriptionElement[]): ChannelDescription[] {
  const list = description.find((element) => element.name === "channels")?.children ?? [];
  return list
    .filter((element) => element.name === "channel")
    .map((channel) => {
      const text = (name: string): string => channel.children.find((c) => c.name === name)?.value ?? "";
      return { label: text("label"), unit: text("unit"), type: text("type") };
    });
}

function integer(text: string): number {
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
}

function decimal(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}
