import type { ConditionResult, StudyResult } from "../result.ts";
import { largest } from "./chart.ts";
import { amount, precise } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { bandLabel, whyMissing } from "./judge.ts";
import { matrixDrawing, matrixLegend } from "./matrix-drawing.ts";
import { notReportedLines, unusableLine } from "./not-reported.ts";
import { details, figure, section, table } from "./table.ts";
import { texts } from "./texts.ts";

function numbers(
  result: StudyResult,
  condition: ConditionResult,
  band: string,
  values: readonly number[],
): Markup {
  const { montage } = result;
  return table({
    caption: `${condition.condition}, ${bandLabel(result, band)}: columns send (from), rows receive (to)`,
    columns: [
      { label: "to \\ from" },
      ...montage.map(({ person, channel }) => ({ label: `${person} ${channel}`, numeric: true })),
    ],
    rows: montage.map(({ person, channel }, sink) => [
      `${person} ${channel}`,
      ...montage.map((_, source) =>
        amount(values[sink * montage.length + source], precise, whyMissing(condition, texts.missing.noData)),
      ),
    ]),
  });
}

/** All channels against all channels, per condition and band, with the blocks between people framed. */
export function matrixSection(result: StudyResult): Markup {
  const n = result.montage.length;
  const drawn = result.conditions.flatMap((condition) =>
    condition.reported ? condition.matrices.map(({ band, values }) => ({ condition, band, values })) : [],
  );
  // `[sink, source]`, flat: entry k goes from channel k mod n to channel k / n.
  const end = (isBetween: boolean) =>
    largest(
      drawn.flatMap(({ values }) =>
        values.filter((_, index) => {
          const sink = result.montage[Math.floor(index / n)];
          const source = result.montage[index % n];
          return sink !== source && (sink?.person !== source?.person) === isBetween;
        }),
      ),
      1,
    ) || 1;
  const scale = { between: end(true), within: end(false) };
  const panels = drawn.map(({ condition, band, values }) => {
    const warning = condition.health.status === "ok" ? "" : unusableLine(condition);
    return html`<div><h3>${condition.condition} · ${bandLabel(result, band)}</h3>${warning}${matrixDrawing(result, condition, band, values, scale)}</div>
`;
  });
  const body =
    drawn.length === 0
      ? html`<p>${texts.matrix.none}</p>`
      : html`${figure(html`${matrixLegend(scale)}<div class="panels">\n${panels}</div>`, texts.matrix.caption)}${details(
          texts.matrix.numbers,
          drawn.map((item) => numbers(result, item.condition, item.band, item.values)),
        )}`;
  return section("matrix", texts.headings.matrix, html`${body}${notReportedLines(result)}`);
}
