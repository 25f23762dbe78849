import type { ConditionResult, DirectionResult, StudyResult } from "../result.ts";
import { directionMarkup } from "./appearance.ts";
import { amount, bareProbability, decimals, duration, precise } from "./format.ts";
import { html, type Markup, nothing } from "./html.ts";
import { reasonOf, standingOf, whyMissing } from "./judge.ts";
import { conditionHeading } from "./not-reported.ts";
import { details, type TableRow, table } from "./table.ts";
import { texts } from "./texts.ts";

/** How much data each condition rests on, and why one is left out. */
export function conditionTable(result: StudyResult): Markup {
  return table({
    caption: texts.coupling.conditions,
    columns: [
      { label: "Condition" },
      { label: "Reported" },
      { label: "Windows", numeric: true },
      { label: "Episodes", numeric: true },
      { label: "Clean time", numeric: true },
      { label: "Model" },
    ],
    rows: result.conditions.map((condition) => [
      condition.condition,
      condition.reported ? "yes" : html`<b>no:</b> ${reasonOf(condition)}`,
      amount(condition.nWindows, decimals(0), texts.missing.absent),
      amount(condition.nEpisodes, decimals(0), texts.missing.absent),
      amount(condition.cleanSeconds, duration, texts.missing.absent),
      texts.status[condition.health.status],
    ]),
  });
}

function intervalCell(condition: ConditionResult, direction: DirectionResult): string | Markup {
  const { low, high } = direction.interval;
  const why = whyMissing(condition, texts.missing.noInterval);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return amount(Number.NaN, precise, why);
  const four = decimals(4);
  return html`<span class="nowrap">${four(low)} to ${four(high)}</span>`;
}

function directionRow(result: StudyResult, condition: ConditionResult, direction: DirectionResult) {
  const noNull = whyMissing(condition, texts.missing.noNull);
  const four = decimals(4);
  const p = amount(direction.p, bareProbability, noNull);
  const isDeclared = result.settings.primaryBands.includes(direction.band);
  const isAbove = standingOf(condition, direction, result.settings.alpha) === "above";
  return [
    directionMarkup(result.people, direction.from, direction.to),
    direction.band,
    amount(direction.value, four, whyMissing(condition, texts.missing.noData)),
    amount(direction.nullMean, four, noNull),
    amount(direction.nullSd, four, noNull),
    amount(direction.corrected, four, noNull),
    intervalCell(condition, direction),
    amount(direction.z, decimals(2), noNull),
    isAbove ? html`<span class="above">${p}</span>` : p,
    amount(direction.q, bareProbability, isDeclared ? noNull : texts.missing.outsideFamily),
    amount(direction.floor, four, whyMissing(condition, texts.missing.notComputed)),
    amount(direction.nWindows, decimals(0), texts.missing.absent),
    amount(direction.equalised, four, whyMissing(condition, texts.missing.notRequested)),
  ];
}

/** The headline numbers in full. A condition that is not reported has one row with its reason. */
export function directionTable(result: StudyResult): Markup {
  const methods = new Set(
    result.conditions.flatMap((condition) =>
      condition.directions.map((direction) => direction.interval.method),
    ),
  );
  const numeric = (label: string) => ({ label, numeric: true });
  const rows = result.conditions.flatMap((condition): TableRow[] => [
    { group: conditionHeading(condition) },
    ...(condition.reported
      ? condition.directions.map((direction) => directionRow(result, condition, direction))
      : []),
  ]);
  return html`${table({
    caption: html`<b>${texts.coupling.numbers}.</b> ${result.settings.measure}; null: ${texts.nullNames[result.settings.primaryNull]} (${result.settings.primaryNull}); interval: ${[...methods].join(", ")}.`,
    columns: [
      { label: "Direction" },
      { label: "Band" },
      ...["Value", "Null mean", "Null SD", "Corrected", "95 % interval", "z", "p", "q", "Floor"].map(numeric),
      numeric("Windows"),
      numeric("Equalised"),
    ],
    rows,
    dense: true,
  })}<p class="small">${texts.coupling.equalised} ${texts.coupling.floor}</p>
`;
}

/** Every channel pair, folded away: one table per reported condition. */
export function linkTables(result: StudyResult): Markup {
  const tables = result.conditions
    .filter((condition) => condition.links.length > 0)
    .map((condition) => {
      const noNull = whyMissing(condition, texts.missing.noNull);
      return table({
        caption: condition.condition,
        columns: [
          { label: "From" },
          { label: "To" },
          { label: "Band" },
          ...["Value", "Null mean", "Null SD", "Corrected", "z", "p", "q"].map((label) => ({
            label,
            numeric: true,
          })),
        ],
        rows: condition.links.map((link) => [
          `${link.from} ${link.fromChannel}`,
          `${link.to} ${link.toChannel}`,
          link.band,
          amount(link.value, precise, whyMissing(condition, texts.missing.noData)),
          amount(link.nullMean, precise, noNull),
          amount(link.nullSd, precise, noNull),
          amount(link.corrected, precise, noNull),
          amount(link.z, precise, noNull),
          amount(link.p, bareProbability, noNull),
          amount(link.q, bareProbability, whyMissing(condition, texts.missing.outsideFamily)),
        ]),
      });
    });
  if (tables.length === 0) return nothing;
  return details(texts.coupling.links, html`<p class="small">${texts.coupling.linksNote}</p>${tables}`);
}
