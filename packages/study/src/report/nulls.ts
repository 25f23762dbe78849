import type { StudyResult, TimeReversalResult } from "../result.ts";
import type { NullId } from "../settings.ts";
import { directionMarkup, directionName } from "./appearance.ts";
import { amount, bareProbability, decimals, levelText, signed } from "./format.ts";
import { type Content, html, type Markup } from "./html.ts";
import { bandCell, whyMissing } from "./judge.ts";
import { conditionHeading, notReportedWords } from "./not-reported.ts";
import { section, type TableRow, table } from "./table.ts";
import { texts } from "./texts.ts";

function nullName(result: StudyResult, id: string): Markup {
  const name = texts.nullNames[id as NullId] as string | undefined;
  const isPrimary = id === result.settings.primaryNull;
  return html`${name === undefined ? "" : `${name} `}<code>${id}</code>${isPrimary ? html` <b>(${texts.nulls.primary})</b>` : ""}`;
}

/** Each null once, as the first condition that has it describes it. */
function distinctNulls(result: StudyResult) {
  const all = result.conditions.flatMap((condition) => condition.nulls);
  return all.filter((item, index) => all.findIndex((other) => other.id === item.id) === index);
}

function meaningTable(result: StudyResult): Markup {
  return table({
    caption: html`<b>${texts.nulls.what}.</b> ${texts.nulls.resolution}`,
    columns: [
      { label: "Null" },
      { label: "Destroys" },
      { label: "Keeps" },
      { label: "A small p means" },
      { label: "Surrogates", numeric: true },
    ],
    rows: distinctNulls(result).map((item) => [
      nullName(result, item.id),
      item.destroys,
      item.keeps,
      item.tests,
      amount(item.nSurrogates, decimals(0), texts.missing.absent),
    ]),
  });
}

function probabilityCell(p: number | undefined, alpha: number, why: string): Content {
  const text = amount(p, bareProbability, why);
  return p !== undefined && p < alpha ? html`<span class="above">● ${text}</span>` : text;
}

function probabilityTable(result: StudyResult): Markup {
  const nulls = distinctNulls(result);
  const rows = result.conditions.flatMap((condition): TableRow[] => [
    { group: conditionHeading(condition) },
    ...(condition.reported ? condition.directions : []).map((direction) => [
      directionMarkup(result.people, direction.from, direction.to),
      bandCell(result, direction.band),
      ...nulls.map(({ id }) => {
        const found = condition.nulls
          .find((item) => item.id === id)
          ?.directions.find(
            (item) =>
              item.from === direction.from && item.to === direction.to && item.band === direction.band,
          );
        return probabilityCell(found?.p, result.settings.alpha, whyMissing(condition, texts.missing.noNull));
      }),
    ]),
  ]);
  return table({
    caption: html`<b>${texts.nulls.probabilities}.</b> ${texts.nulls.probabilitiesNote(levelText(result.settings.alpha))}`,
    columns: [
      { label: "Direction" },
      { label: "Band" },
      ...nulls.map(({ id }) => ({ label: id, numeric: true })),
    ],
    rows,
  });
}

/** The sign of the difference says which of the two leads; p says whether to believe it. */
function reversalWords({ from, to, difference, p }: TimeReversalResult, alpha: number): string {
  if (!Number.isFinite(p) || !Number.isFinite(difference)) return `n/a (${texts.missing.notComputed})`;
  if (p >= alpha) return texts.nulls.reversalNone;
  const name = difference > 0 ? directionName(from, to) : directionName(to, from);
  return `${difference > 0 ? texts.nulls.reversalSupports : texts.nulls.reversalAgainst} (${name})`;
}

function reversalPart(result: StudyResult): Markup {
  const four = (value: number) => signed(value, 4);
  const rows = result.conditions.flatMap((condition): TableRow[] => {
    if (!condition.reported) return [{ header: condition.condition, note: notReportedWords(condition) }];
    return condition.timeReversal.map((item) => [
      condition.condition,
      directionMarkup(result.people, item.from, item.to),
      amount(item.netForward, four, whyMissing(condition, texts.missing.notComputed)),
      amount(item.netReversed, four, whyMissing(condition, texts.missing.notComputed)),
      amount(item.difference, four, whyMissing(condition, texts.missing.notComputed)),
      amount(item.p, bareProbability, whyMissing(condition, texts.missing.noNull)),
      reversalWords(item, result.settings.alpha),
    ]);
  });
  const hasRows = result.conditions.some((condition) => condition.timeReversal.length > 0);
  const content = hasRows
    ? table({
        caption: "Net flow in nats, forwards and backwards in time",
        columns: [
          { label: "Condition" },
          { label: "Direction" },
          ...["Net flow forward", "Net flow reversed", "Difference", "p"].map((label) => ({
            label,
            numeric: true,
          })),
          { label: "In words" },
        ],
        rows,
      })
    : html`<p>${texts.nulls.reversalMissing}</p>\n`;
  return html`<h3>${texts.nulls.reversal}</h3>
<p>${texts.nulls.reversalLead}</p>
${content}`;
}

/** What each null destroys, keeps and tests, its p per direction, and time reversal. */
export function nullsSection(result: StudyResult): Markup {
  const tables =
    distinctNulls(result).length === 0
      ? html`<p>${texts.nulls.none}</p>\n`
      : html`<p>${texts.nulls.lead}</p>\n${meaningTable(result)}${probabilityTable(result)}`;
  return section("nulls", texts.headings.nulls, html`${tables}${reversalPart(result)}`);
}
