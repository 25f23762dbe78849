import type { ConditionResult, StudyResult } from "../result.ts";
import { decimals, fixed, notAvailable } from "./format.ts";
import { type Content, html, type Markup } from "./html.ts";
import { bandCell, whyMissing } from "./judge.ts";
import { section, table } from "./table.ts";
import { texts } from "./texts.ts";

function powerOf(condition: ConditionResult | undefined, person: string, band: string): number {
  return (
    condition?.power.find((item) => item.person === person && item.band === band)?.microvoltsSquared ??
    Number.NaN
  );
}

/** Power per person and band, conditions side by side with their ratio to the first one. */
export function powerSection(result: StudyResult): Markup {
  const keys = new Map<string, { person: string; band: string }>();
  for (const condition of result.conditions)
    for (const { person, band } of condition.power)
      keys.set(JSON.stringify([person, band]), { person, band });
  if (keys.size === 0) return section("power", texts.headings.power, html`<p>${texts.power.none}</p>\n`);
  const first = result.conditions.find((condition) => condition.reported);
  const rows = [...keys.values()].map(({ person, band }) => {
    const reference = powerOf(first, person, band);
    return [
      person,
      bandCell(result, band),
      ...result.conditions.map((condition): Content => {
        const value = powerOf(condition, person, band);
        if (!Number.isFinite(value)) return notAvailable(whyMissing(condition, texts.missing.notComputed));
        const text = decimals(value < 1 ? 3 : 2)(value);
        return condition === first || !(reference > 0) ? text : `${text} (× ${fixed(value / reference, 2)})`;
      }),
    ];
  });
  return section(
    "power",
    texts.headings.power,
    html`<p>${texts.power.lead}</p>
${table({
  caption: texts.power.table,
  columns: [
    { label: "Person" },
    { label: "Band" },
    ...result.conditions.map((condition) => ({ label: condition.condition, numeric: true })),
  ],
  rows,
})}`,
  );
}
