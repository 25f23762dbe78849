import type { DescriptionInput, StreamDeclaration } from "../api/outlet.ts";
import { LslStreamError } from "../errors.ts";
import { isChannelFormat } from "../wire/channel-format.ts";

/** What an outlet adds to its declaration. */
export interface InfoFacts {
  readonly uid: string;
  readonly createdAt: number;
  readonly sessionId: string;
  readonly hostname: string;
  readonly v4: { readonly dataPort: number; readonly servicePort: number };
  readonly v6: { readonly dataPort: number; readonly servicePort: number };
}

/** Refuses what no receiver could read. Throws {@link LslStreamError}. */
export function checkDeclaration(declaration: StreamDeclaration): void {
  const { name, channelCount, nominalSamplingRate, channelFormat, channels } = declaration;
  if (typeof name !== "string" || name.trim() === "")
    throw new LslStreamError("A stream needs a name that is not empty.");
  if (!Number.isInteger(channelCount) || channelCount < 1)
    throw new LslStreamError(`Stream "${name}" needs a channelCount of at least 1, got ${channelCount}.`);
  if (!Number.isFinite(nominalSamplingRate) || nominalSamplingRate < 0)
    throw new LslStreamError(
      `Stream "${name}" needs a nominalSamplingRate of 0 (irregular) or more Hz, got ${nominalSamplingRate}.`,
    );
  if (!isChannelFormat(channelFormat))
    throw new LslStreamError(
      `Stream "${name}" needs a channelFormat of float32, double64, string, int8, int16, int32 or int64, got "${channelFormat}".`,
    );
  if (channels && channels.length !== channelCount)
    throw new LslStreamError(
      `Stream "${name}" describes ${channels.length} channels, expected ${channelCount}.`,
    );
}

/** The `<info>` document: `short` with an empty `<desc>`, `full` with the description. */
export function writeInfo(declaration: StreamDeclaration, facts: InfoFacts): { short: string; full: string } {
  const head = `<?xml version="1.0"?>\n<info>\n${[
    field("name", declaration.name),
    field("type", declaration.type),
    field("channel_count", String(declaration.channelCount)),
    field("channel_format", declaration.channelFormat),
    field("source_id", declaration.sourceId ?? ""),
    field("nominal_srate", declaration.nominalSamplingRate.toPrecision(16)),
    field("version", (1.1).toPrecision(16)),
    field("created_at", facts.createdAt.toPrecision(16)),
    field("uid", facts.uid),
    field("session_id", facts.sessionId),
    field("hostname", facts.hostname),
    field("v4address", ""),
    field("v4data_port", String(facts.v4.dataPort)),
    field("v4service_port", String(facts.v4.servicePort)),
    field("v6address", ""),
    field("v6data_port", String(facts.v6.dataPort)),
    field("v6service_port", String(facts.v6.servicePort)),
  ].join("")}`;
  const children = [...channelElements(declaration), ...(declaration.description ?? [])];
  const desc = children.map((child) => element(child, 2)).join("");
  return {
    short: `${head}\t<desc />\n</info>\n`,
    full: desc === "" ? `${head}\t<desc />\n</info>\n` : `${head}\t<desc>\n${desc}\t</desc>\n</info>\n`,
  };
}

function channelElements({ channels }: StreamDeclaration): DescriptionInput[] {
  if (!channels) return [];
  const children = channels.map((channel) => ({
    name: "channel",
    children: (["label", "unit", "type"] as const)
      .filter((key) => channel[key] !== undefined)
      .map((key) => ({ name: key, value: channel[key]! })),
  }));
  return [{ name: "channels", children }];
}

function element({ name, value, children = [] }: DescriptionInput, depth: number): string {
  if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name))
    throw new LslStreamError(
      `"${name}" cannot name an element of the description; use letters, digits and _.`,
    );
  const indent = "\t".repeat(depth);
  const text = value === undefined ? "" : escapeText(String(value));
  if (children.length === 0)
    return text === "" ? `${indent}<${name} />\n` : `${indent}<${name}>${text}</${name}>\n`;
  const inner = children.map((child) => element(child, depth + 1)).join("");
  return `${indent}<${name}>${text}\n${inner}${indent}</${name}>\n`;
}

function field(name: string, text: string): string {
  return text === "" ? `\t<${name} />\n` : `\t<${name}>${escapeText(text)}</${name}>\n`;
}

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 cannot carry
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new LslStreamError(
      `The text ${JSON.stringify(text.slice(0, 40))} has control characters, which XML cannot carry; remove them.`,
    );
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\r/g, "&#13;");
}
