import type { JsonObject } from "../../output/json-document.ts";
import { type Column, columnText } from "../../output/table.ts";
import { OBSERVED } from "../hearts/describe.ts";
import type { EpochRow } from "../result.ts";

type Cell = number | string;
interface EpochColumn extends Column<EpochRow> {
  cell(row: EpochRow): Cell;
}

const column = (
  name: string,
  description: string,
  cell: (row: EpochRow) => Cell,
  units?: string,
): EpochColumn => (units === undefined ? { name, description, cell } : { name, description, units, cell });

const reactivityColumns = (
  name: string,
  measure: keyof EpochRow["reactivity"],
  units: string,
): EpochColumn[] => [
  column(
    `${name}_change`,
    `${name} minus the mean of the same person's baseline epochs`,
    ({ reactivity }) => reactivity[measure].change,
    units,
  ),
  column(
    `${name}_z`,
    `${name}_change in SD of the same person's baseline epochs`,
    ({ reactivity }) => reactivity[measure].z,
  ),
  column(
    `${name}_baseline`,
    "mean of the baseline epochs, for use as a covariate",
    ({ reactivity }) => reactivity[measure].baseline,
    units,
  ),
];

const LN = "ln(ms^2)";
const columns: readonly EpochColumn[] = [
  column("dyad", "name of the recording", ({ dyad }) => dyad),
  column("role", "adult, infant or child", ({ role }) => role),
  column("person", "who", ({ person }) => person),
  column("epoch", "number, from 0", ({ epoch }) => epoch),
  column("start", "session time", ({ start }) => start, "s"),
  column(
    "condition",
    "phase that holds for most of the epoch; all where none is coded",
    ({ condition }) => condition,
  ),
  column(
    "lnRSA",
    "Porges-Bohrer; NA where the epoch is left out, and in the first and the last, in which the filters have no valid output yet",
    ({ lnRsa }) => lnRsa,
    LN,
  ),
  column("IBI", "mean interbeat interval", ({ ibi }) => ibi, "ms"),
  column(
    "lnRSAspectral",
    "power in the breathing band; an adult's (and child's) covers 60 s from the epoch's start on, so that with shorter epochs the rows between have none",
    ({ lnRsaSpectral }) => lnRsaSpectral,
    LN,
  ),
  column(
    "RSApt",
    "peak to trough, mean over breaths; needs a belt",
    ({ peakToTrough }) => peakToTrough,
    "ms",
  ),
  column("HR", "heart rate, 60000 / IBI", ({ heartRate }) => heartRate, "1/min"),
  column("RMSSD", "root mean square of successive differences", ({ rmssd }) => rmssd, "ms"),
  column("lnRMSSD", "its natural logarithm", ({ rmssd }) => Math.log(rmssd)),
  column("SDNN", "standard deviation of intervals", ({ sdnn }) => sdnn, "ms"),
  column("breathingRate", "of the belt", ({ breathingRate }) => breathingRate, "Hz"),
  column("breathingDepth", "of the belt, in its own unit", ({ breathingDepth }) => breathingDepth),
  column("PEP", "pre-ejection period as imported", ({ pep }) => pep, "ms"),
  ...reactivityColumns("lnRSA", "lnRsa", LN),
  ...reactivityColumns("IBI", "ibi", "ms"),
  ...reactivityColumns("PEP", "pep", "ms"),
  column("coverage", "share of the epoch with intervals", ({ coverage }) => coverage),
  column("corrected", "share of its intervals that were corrected", ({ corrected }) => corrected),
  column("signalQuality", "mean quality of its beats, 0 to 1", ({ signalQuality }) => signalQuality),
  column("excluded", "why it is left out, or no", ({ excluded }) => (excluded === "" ? "no" : excluded)),
];

const statesOf = (rows: readonly EpochRow[]): string[] => [
  ...new Set(rows.flatMap((row) => Object.keys(row.states))),
];

/** The long table for lme4, nlme and DSEM: comma-separated, `NA` for what is missing, one row per person and epoch. */
export function* epochsCsv(rows: readonly EpochRow[]): Generator<string> {
  const states = statesOf(rows);
  const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\n`;
  yield line([...columns.map(({ name }) => name), ...states]);
  for (const row of rows)
    yield line([
      ...columns.map(({ cell }) => cell(row)),
      ...states.map((state) => row.states[state] ?? Number.NaN),
    ]);
}

/** What its columns mean, for `columns.json`. */
export function epochsDictionary(rows: readonly EpochRow[]): JsonObject {
  return {
    Description: "One row per person and epoch, for multilevel models.",
    Columns: {
      ...Object.fromEntries(columns.map((each) => [each.name, columnText(each)])),
      ...Object.fromEntries(
        statesOf(rows).map((state) => [
          state,
          {
            Description: state.endsWith(`.${OBSERVED}`)
              ? "share of the epoch in which this layer was known"
              : "share of the observed time of the epoch in this state; NA where the layer was not observed",
          },
        ]),
      ),
    },
  };
}

function csvCell(value: Cell): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "NA";
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
