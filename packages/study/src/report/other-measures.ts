import type { StudyResult } from "../result.ts";
import { directionMarkup } from "./appearance.ts";
import { amount, decimals } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { bandCell, whyMissing } from "./judge.ts";
import { notReportedLines } from "./not-reported.ts";
import { section, table } from "./table.ts";
import { texts } from "./texts.ts";

type Measure = StudyResult["conditions"][number]["otherMeasures"][number];

function known(measure: string) {
  const id = measure.toLowerCase();
  return texts.measures.find(([beginning]) => id.startsWith(beginning));
}

function measureName(measure: string): Markup {
  const words = known(measure)?.[1];
  const squared = measure.toLowerCase().endsWith("squared") ? ", squared" : "";
  return words === undefined
    ? html`<code>${measure}</code>`
    : html`${words}${squared} <code>${measure}</code>`;
}

/** A measure that is not known to lack a direction is shown with the one it names. */
function isDirected(measure: string): boolean {
  return known(measure)?.[2] ?? true;
}

/** A measure, pair and band is one row; conditions are the columns, so that they can be compared. */
export function otherSection(result: StudyResult): Markup {
  const keyOf = ({ measure, from, to, band, unit }: Measure) =>
    JSON.stringify([measure, from, to, band, unit]);
  const distinct = new Map<string, Measure>();
  for (const condition of result.conditions)
    for (const item of condition.otherMeasures)
      if (!distinct.has(keyOf(item))) distinct.set(keyOf(item), item);
  if (distinct.size === 0) return section("other", texts.headings.other, html`<p>${texts.other.none}</p>\n`);
  const rows = [...distinct].map(([key, item]) => [
    measureName(item.measure),
    isDirected(item.measure)
      ? directionMarkup(result.people, item.from, item.to)
      : `${item.from} ↔ ${item.to}`,
    bandCell(result, item.band),
    item.unit === "" ? "none" : item.unit,
    ...result.conditions.map((condition) =>
      amount(
        condition.otherMeasures.find((other) => keyOf(other) === key)?.value,
        decimals(4),
        whyMissing(condition, texts.missing.notComputed),
      ),
    ),
  ]);
  return section(
    "other",
    texts.headings.other,
    html`<p>${texts.other.lead}</p>
${table({
  caption: texts.other.table,
  columns: [
    { label: "Measure" },
    { label: "Between" },
    { label: "Band" },
    { label: "Unit" },
    ...result.conditions.map((condition) => ({ label: condition.condition, numeric: true })),
  ],
  rows,
})}${notReportedLines(result)}`,
  );
}
