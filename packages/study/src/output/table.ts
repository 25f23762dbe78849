import type { JsonObject } from "./json-document.ts";

/** One column of a table and what its data dictionary says about it. */
export interface Column<Row> {
  readonly name: string;
  readonly description: string;
  /** As BIDS writes units; absent for words and counts without one. */
  readonly units?: string;
  /** What the values of a column of words mean. */
  readonly levels?: Readonly<Record<string, string>>;
  cell(row: Row): number | string | boolean | undefined;
}

/** A table whose cells are text. */
export interface Table {
  readonly name: string;
  readonly description: string;
  readonly header: readonly string[];
  /** Made anew, row by row, each time they are walked: the text of a long table is never held as a whole. */
  readonly rows: Iterable<readonly string[]>;
  /** The table's part of the data dictionary. */
  readonly dictionary: JsonObject;
}

export function makeTable<Row>(
  name: string,
  description: string,
  rows: Iterable<Row>,
  columns: readonly Column<Row>[],
): Table {
  return {
    name,
    description,
    header: columns.map((column) => column.name),
    rows: {
      *[Symbol.iterator]() {
        for (const row of rows) yield columns.map((column) => cellText(column.cell(row)));
      },
    },
    dictionary: Object.fromEntries(columns.map((column) => [column.name, columnText(column)])),
  };
}

/** What the data dictionary says about a column. */
export const columnText = <Row>({ description, units, levels }: Column<Row>): JsonObject => ({
  Description: description,
  ...(units === undefined ? {} : { Units: units }),
  ...(levels === undefined ? {} : { Levels: levels }),
});

/** `n/a` for what does not exist, every digit of what does; no tab or line break can leave its cell. */
function cellText(value: number | string | boolean | undefined): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "n/a";
  const text =
    value === undefined
      ? ""
      : String(value)
          .replace(/[\t\r\n]+/g, " ")
          .trim();
  return text === "" ? "n/a" : text;
}

/** Tab-separated lines with a header row, as BIDS wants them. */
export function* tsvLines({ header, rows }: Table): Generator<string> {
  yield `${header.join("\t")}\n`;
  for (const cells of rows) yield `${cells.join("\t")}\n`;
}

/** What the columns of some tables mean, by file: the content of `columns.json`. */
export function columnDictionary(tables: readonly Table[]): JsonObject {
  return Object.fromEntries(
    tables.map(({ name, description, dictionary }) => [
      `${name}.tsv`,
      { Description: description, Columns: dictionary },
    ]),
  );
}
