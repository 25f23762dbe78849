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

/** A table whose cells are text already. */
export interface Table {
  readonly name: string;
  readonly description: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The table's part of the data dictionary. */
  readonly dictionary: JsonObject;
}

export function makeTable<Row>(
  name: string,
  description: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Table {
  return {
    name,
    description,
    header: columns.map((column) => column.name),
    rows: rows.map((row) => columns.map((column) => cellText(column.cell(row)))),
    dictionary: Object.fromEntries(columns.map((column) => [column.name, describe(column)])),
  };
}

const describe = <Row>({ description, units, levels }: Column<Row>): JsonObject => ({
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

/** Tab-separated text with a header row, as BIDS wants it. */
export const writeTsv = ({ header, rows }: Table): string =>
  `${[header, ...rows].map((cells) => cells.join("\t")).join("\n")}\n`;
