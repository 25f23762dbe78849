import { type JsonObject, toJson, writeJson } from "../../output/json-document.ts";
import { columnDictionary, makeTable, type Table, tsvLines } from "../../output/table.ts";
import { type WriteOptions, writeFolder } from "../../output/write-folder.ts";
import { column } from "../output/column.ts";
import type { PooledResult, PooledRow } from "./pool-dyads.ts";

/** Every coefficient of every pooled model, one a row. */
export function pooledTable({ rows }: PooledResult): Table {
  return makeTable<PooledRow>("models", "Models of many dyads' epochs, one coefficient a row.", rows, [
    column("measure", "lnRsa or ibi", ({ measure }) => measure),
    column("model", "covariation of the same epoch, or stability and influence", ({ model }) => model),
    column("estimator", "how levels of dyads are treated, and the errors", ({ estimator }) => estimator),
    column("outcome", "whose epoch is explained", ({ outcome }) => outcome),
    column("term", "adult: within-dyad covariation in the reference condition", ({ name }) => name),
    column("estimate", "coefficient", ({ estimate }) => estimate),
    column("se", "standard error", ({ standardError }) => standardError),
    column("t", "estimate over error", ({ t }) => t),
    column("df", "dyads minus 1", ({ degreesOfFreedom }) => degreesOfFreedom),
    column("p", "two-sided", ({ p }) => p),
    column("low", "end of the 95 % interval", ({ low }) => low),
    column("high", "its other end", ({ high }) => high),
    column("n_dyads", "dyads that enter", ({ nDyads }) => nDyads),
    column("n", "epochs, or pairs of successive ones, that enter", ({ nObservations }) => nObservations),
    column("status", "ok, insufficient-data or collinear", ({ status }) => status),
  ]);
}

/** The whole result as one JSON document; a number that is not there is null. */
export const pooledDocument = (result: PooledResult): JsonObject => toJson(result) as JsonObject;

/** @returns names of the files: `pooled.json`, `models.tsv` and `columns.json` */
export async function writePooled(
  result: PooledResult,
  folder: string,
  options: WriteOptions = {},
): Promise<string[]> {
  const table = pooledTable(result);
  return writeFolder(
    folder,
    [
      { name: "pooled.json", text: () => `${writeJson(pooledDocument(result))}\n` },
      { name: "models.tsv", text: () => tsvLines(table) },
      { name: "columns.json", text: () => `${writeJson(columnDictionary([table]))}\n` },
    ],
    options,
  );
}
