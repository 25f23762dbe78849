import type { StudyResult } from "../result.ts";
import { directionMarkup } from "./appearance.ts";
import { amount, small } from "./format.ts";
import { html, type Markup, nothing } from "./html.ts";
import { bandCell, whyMissing } from "./judge.ts";
import { measureText } from "./measure-texts.ts";
import { notReportedLines } from "./not-reported.ts";
import { section, type TableRow, table } from "./table.ts";
import { texts } from "./texts.ts";

type Measure = StudyResult["conditions"][number]["otherMeasures"][number];

const keyOf = ({ measure, from, to, band, unit }: Measure) => JSON.stringify([measure, from, to, band, unit]);

/** A measure that is not known to lack a direction is shown with the one it names. */
const isDirected = ({ measure }: Measure): boolean => measureText(measure)?.isDirected ?? true;

/** Name, id, scale and unit above the rows of a measure. */
function measureHeading({ measure, unit }: Measure): Markup {
  const known = measureText(measure);
  const squared = measure.toLowerCase().endsWith("squared") ? ", squared" : "";
  const name = known === undefined ? nothing : html`${known.name}${squared} `;
  const notes = [...(known === undefined ? [] : [known.meaning]), ...(unit === "" ? [] : [`in ${unit}`])];
  return html`${name}<code>${measure}</code>${notes.length === 0 ? nothing : html` <span class="note">${notes.join("; ")}</span>`}`;
}

function valueRow(result: StudyResult, item: Measure): TableRow {
  const key = keyOf(item);
  const pair = isDirected(item)
    ? directionMarkup(result.people, item.from, item.to)
    : html`${item.from} ↔ ${item.to}`;
  return [
    pair,
    bandCell(result, item.band),
    ...result.conditions.map((condition) =>
      amount(
        condition.otherMeasures.find((other) => keyOf(other) === key)?.value,
        small,
        whyMissing(condition, texts.missing.notComputed),
      ),
    ),
  ];
}

function measureTable(result: StudyResult, caption: string, items: readonly Measure[]): Markup {
  if (items.length === 0) return nothing;
  const byMeasure = new Map<string, Measure[]>();
  for (const item of items) {
    const key = JSON.stringify([item.measure, item.unit]);
    byMeasure.set(key, [...(byMeasure.get(key) ?? []), item]);
  }
  return table({
    caption,
    dense: true,
    columns: [
      { label: "Between" },
      { label: "Band" },
      ...result.conditions.map((condition) => ({ label: condition.condition, numeric: true })),
    ],
    rows: [...byMeasure.values()].flatMap((rows): TableRow[] => [
      { group: measureHeading(rows[0] as Measure) },
      ...rows.map((item) => valueRow(result, item)),
    ]),
  });
}

/** Rows stand under their measure; conditions are the columns, so that they can be compared. */
export function otherSection(result: StudyResult): Markup {
  const distinct = new Map<string, Measure>();
  for (const condition of result.conditions)
    for (const item of condition.otherMeasures)
      if (!distinct.has(keyOf(item))) distinct.set(keyOf(item), item);
  if (distinct.size === 0) return section("other", texts.headings.other, html`<p>${texts.other.none}</p>\n`);
  const items = [...distinct.values()];
  return section(
    "other",
    texts.headings.other,
    html`<p>${texts.other.lead}</p>
${measureTable(result, texts.other.directed, items.filter(isDirected))}${measureTable(
  result,
  texts.other.undirected,
  items.filter((item) => !isDirected(item)),
)}${notReportedLines(result)}`,
  );
}
