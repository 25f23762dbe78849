import type { PooledResult } from "@attune/study";
import { fixed } from "../output/format.ts";
import { grid } from "../output/grid.ts";

/** What is printed of pooled dyads: warnings, then every coefficient. */
export function poolText({ dyads, conditions, referenceCondition, rows, warnings }: PooledResult): string {
  return [
    `${dyads.length} dyads${conditions.length > 1 ? `, conditions ${conditions.join(", ")} against ${referenceCondition}` : ""}`,
    ...warnings.map((warning) => `Caution: ${warning}`),
    grid(
      ["measure", "model", "estimator", "of", "term", "estimate", "95 % interval", "p", "dyads", "n"],
      rows.map((row) => [
        row.measure,
        row.model,
        row.status === "ok" ? row.estimator : `${row.estimator}: ${row.status}`,
        row.outcome,
        row.name,
        fixed(row.estimate, 3),
        `${fixed(row.low, 3)} to ${fixed(row.high, 3)}`,
        fixed(row.p, 4),
        String(row.nDyads),
        String(row.nObservations),
      ]),
    ),
  ].join("\n");
}
