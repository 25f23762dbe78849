/** Content of an element: text, a number, children, or several elements of the same name. */
export type XmlValue = string | number | boolean | { readonly [tag: string]: XmlValue } | readonly XmlValue[];

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Characters that XML 1.0 cannot hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const asText = (text: string): string =>
  text.replace(FORBIDDEN, "").replace(/[&<>]/g, (character) => ESCAPES[character]!);

/** Elements without attributes; an array repeats its tag. */
export function xmlElement(tag: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item: XmlValue) => xmlElement(tag, item)).join("");
  if (typeof value !== "object") return `<${tag}>${asText(String(value))}</${tag}>`;
  const children = Object.entries(value as Record<string, XmlValue>);
  return `<${tag}>${children.map(([name, child]) => xmlElement(name, child)).join("")}</${tag}>`;
}

/** A document as XDF holds it. */
export const xmlDocument = (value: XmlValue): string => `<?xml version="1.0"?>${xmlElement("info", value)}`;
