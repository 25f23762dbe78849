import type { EpochRow } from "../result.ts";

/** The long table for lme4, nlme and DSEM: comma-separated, `NA` for what is missing, one row per person and epoch. */
export function epochsCsv(rows: readonly EpochRow[]): string {
  const states = [...new Set(rows.flatMap((row) => Object.keys(row.states)))];
  const plain = [
    "dyad",
    "role",
    "person",
    "epoch",
    "start",
    "condition",
    "lnRSA",
    "IBI",
    "RMSSD",
    "SDNN",
    "RSApt",
    "breathingRate",
    "breathingDepth",
    "PEP",
    "coverage",
    "corrected",
    "signalQuality",
    "excluded",
  ];
  const lines = rows.map((row) =>
    [
      row.dyad,
      row.role,
      row.person,
      row.epoch,
      row.start,
      row.condition,
      row.lnRsa,
      row.ibi,
      row.rmssd,
      row.sdnn,
      row.peakToTrough,
      row.breathingRate,
      row.breathingDepth,
      row.pep,
      row.coverage,
      row.corrected,
      row.signalQuality,
      row.excluded === "" ? "no" : row.excluded,
      ...states.map((state) => row.states[state] ?? 0),
    ].map(csvCell),
  );
  return `${[[...plain, ...states].map(csvCell), ...lines].map((cells) => cells.join(",")).join("\n")}\n`;
}

function csvCell(value: number | string): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "NA";
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
