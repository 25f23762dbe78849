import type { StudyResult } from "@attune/study";
import { fixed } from "./format.ts";
import { grid } from "./grid.ts";

const head = [
  "condition",
  "direction",
  "band",
  "raw",
  "null mean",
  "corrected",
  "z",
  "p",
  "q",
  "windows",
  "clean s",
  "model",
];

/** Condition x direction x band: every number beside its null, its windows and the health of its model. */
export function resultTable({ conditions }: StudyResult): string {
  const rows = conditions.flatMap(({ condition, reported, directions, nWindows, cleanSeconds, health }) => {
    const tail = [String(nWindows), fixed(cleanSeconds, 1), reported ? health.status : "not reported"];
    if (directions.length === 0) return [[condition, ...Array<string>(8).fill("n/a"), ...tail]];
    return directions.map(({ from, to, band, value, nullMean, corrected, z, p, q }) => [
      condition,
      `${from}->${to}`,
      band,
      fixed(value, 4),
      fixed(nullMean, 4),
      fixed(corrected, 4),
      fixed(z, 2),
      fixed(p, 4),
      fixed(q, 4),
      ...tail,
    ]);
  });
  return grid(head, rows);
}

/** What the numbers allow one to say, loudest first. */
export function verdictLines({ verdicts }: StudyResult): string[] {
  const lead = { alarm: "ALARM: ", caution: "Caution: ", good: "", note: "" };
  return verdicts.map(({ severity, text }) => `${lead[severity]}${text}`);
}
