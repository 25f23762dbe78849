import Table from "cli-table3";

/** A table with plain borders and no colours, the same on a terminal and in a file. Numbers stand on the right. */
export function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, c) => (rows.some((row) => isNumber(row[c])) ? "right" : "left")),
    style: { head: [], border: [], compact: true },
    chars: {
      top: "-",
      "top-mid": "+",
      "top-left": "+",
      "top-right": "+",
      bottom: "-",
      "bottom-mid": "+",
      "bottom-left": "+",
      "bottom-right": "+",
      left: "|",
      "left-mid": "+",
      mid: "-",
      "mid-mid": "+",
      right: "|",
      "right-mid": "+",
      middle: "|",
    },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const isNumber = (cell: string | undefined): boolean => cell !== undefined && /^[-+]?\d+(\.\d+)?$/.test(cell);
