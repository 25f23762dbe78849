import type { Column } from "../../output/table.ts";

/** A column without levels. */
export const column = <Row>(
  name: string,
  description: string,
  cell: Column<Row>["cell"],
  units?: string,
): Column<Row> => (units === undefined ? { name, description, cell } : { name, description, units, cell });
