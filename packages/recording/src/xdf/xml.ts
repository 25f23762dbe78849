import { XMLParser } from "fast-xml-parser";

/** Attribute-less XML as XDF and LSL use it: every tag holds a list, because tags may repeat. */
export interface XmlTree {
  readonly [tag: string]: readonly (XmlTree | string)[];
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  isArray: () => true,
  trimValues: true,
});

/** The children of `<info>`; undefined when the text is not such a document. */
export function parseInfo(text: string): XmlTree | undefined {
  try {
    const root = parser.parse(text.replace(/\0+$/, "")) as XmlTree;
    const info = root.info?.[0];
    if (info === undefined) return undefined;
    return typeof info === "string" ? {} : info;
  } catch {
    return undefined;
  }
}

/** First child with this tag that is an element. */
export function childOf(tree: XmlTree | undefined, tag: string): XmlTree | undefined {
  const node = tree !== undefined && Object.hasOwn(tree, tag) ? tree[tag]?.[0] : undefined;
  return typeof node === "object" ? node : undefined;
}

/** Text of the first child with this tag; empty when there is none. */
export function textOf(tree: XmlTree | undefined, tag: string): string {
  const node = tree !== undefined && Object.hasOwn(tree, tag) ? tree[tag]?.[0] : undefined;
  return typeof node === "string" ? node : "";
}

/** Elements with this tag, in order. */
export function childrenOf(tree: XmlTree | undefined, tag: string): readonly XmlTree[] {
  const nodes = tree !== undefined && Object.hasOwn(tree, tag) ? (tree[tag] ?? []) : [];
  return nodes.filter((node): node is XmlTree => typeof node === "object");
}

/** Text between `<tag>` and `</tag>` wherever it stands: for documents that are too damaged to parse. */
export function salvageText(text: string, tag: string): string {
  const start = text.indexOf(`<${tag}>`);
  const end = start < 0 ? -1 : text.indexOf(`</${tag}>`, start);
  return end < 0 ? "" : text.slice(start + tag.length + 2, end).trim();
}

/** A decimal number, also with a decimal comma, as some locales write it. NaN when it is none. */
export function decimalOf(text: string): number {
  const trimmed = text.trim();
  return trimmed === "" ? Number.NaN : Number(trimmed.replace(",", "."));
}
