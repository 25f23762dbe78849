/** HTML that is safe to write out as it is. Only `html` and `trusted` make it, so nothing else reaches the page unescaped. */
export class Markup {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

/**
 * What may stand in a template: text (escaped), markup (kept), or a list of both. Numbers may not: they go through
 * `format.ts` first, which is where a missing value becomes "n/a" with its reason.
 */
export type Content = string | Markup | readonly (string | Markup)[];

export const nothing = new Markup("");

/** Markup from a source that holds no text of the data, or whose writer has escaped it already. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for element content and quoted attributes alike; control characters, which HTML forbids, become U+FFFD. */
export function escapeText(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => entities[character] as string)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
  );
}

function write(content: Content): string {
  if (typeof content === "string") return escapeText(content);
  if (content instanceof Markup) return content.toString();
  return content.map(write).join("");
}

/** Text in which `p = .001` and the like do not break over two lines. */
export function unbroken(text: string): Markup {
  const pieces = text.split(/([pq] [=<] \.?[\d.]*\d)/);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? html`<span class="nowrap">${piece}</span>` : piece))}`;
}

/** A template whose values are escaped unless they are markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = strings[0] as string;
  values.forEach((value, index) => {
    source += write(value) + (strings[index + 1] as string);
  });
  return new Markup(source);
}
