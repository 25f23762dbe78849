import { type Content, html, type Markup, nothing } from "./html.ts";

export interface Column {
  readonly label: Content;
  /** Numbers are set right-aligned with digits of equal width. */
  readonly numeric?: boolean;
}

/**
 * One cell per column, the first being the row's header; or a header and one sentence in place of all cells; or a
 * heading for the rows that follow.
 */
export type TableRow =
  | readonly Content[]
  | { readonly header: Content; readonly note: Content }
  | { readonly group: Content };

export interface TableContent {
  readonly caption: Content;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** For tables of many columns: smaller type, so that they fit the page. */
  readonly dense?: boolean;
}

/** A table with a caption, column headers and row headers that a screen reader can follow. */
export function table({ caption, columns, rows, dense }: TableContent): Markup {
  const head = columns.map(
    ({ label, numeric }) =>
      html`<th scope="col"${numeric === true ? html` class="number"` : nothing}>${label}</th>`,
  );
  const body = rows.map((row) => tableRow(row, columns));
  return html`<div class="table" tabindex="0" role="group"><table${dense === true ? html` class="dense"` : nothing}>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

function tableRow(row: TableRow, columns: readonly Column[]): Markup {
  const width = String(columns.length);
  const rest = String(Math.max(1, columns.length - 1));
  if ("group" in row)
    return html`<tr class="group"><th scope="rowgroup" colspan="${width}">${row.group}</th></tr>\n`;
  if ("note" in row)
    return html`<tr><th scope="row">${row.header}</th><td class="note" colspan="${rest}">${row.note}</td></tr>\n`;
  const cells = row.map((cell, index) => {
    const numeric = columns[index]?.numeric === true ? html` class="number"` : nothing;
    return index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${numeric}>${cell}</td>`;
  });
  return html`<tr>${cells}</tr>\n`;
}

/** A part that the reader opens when it is wanted. */
export function details(summary: Content, content: Content): Markup {
  return html`<details><summary>${summary}</summary>
${content}</details>
`;
}

/** A picture with its sentence on how to read it. */
export function figure(content: Content, caption: Content): Markup {
  return html`<figure>
${content}
<figcaption><b>How to read it.</b> ${caption}</figcaption>
</figure>
`;
}

/** A numbered part of the report; `id` is what the contents link to. */
export function section(id: string, title: Content, content: Content): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`;
}
