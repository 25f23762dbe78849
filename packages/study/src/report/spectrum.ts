import * as Plot from "@observablehq/plot";
import type { ConditionResult, StudyResult } from "../result.ts";
import { appearanceOf, directionMarkup, directionName } from "./appearance.ts";
import { chart, chunks, largest, pageWidth } from "./chart.ts";
import { fixed } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { type Direction, directionsOf } from "./judge.ts";
import { notReportedLines } from "./not-reported.ts";
import { figure, section } from "./table.ts";
import { texts } from "./texts.ts";

interface Point {
  readonly condition: string;
  readonly frequency: number;
  readonly value: number;
  readonly floor: number;
  readonly threshold: number;
}

/** Frequencies far above the highest band would squeeze the bands into a corner. */
function shownUpTo({ settings }: StudyResult): number {
  const highest = Math.max(...settings.bands.map((band) => band.high));
  const { lowPassHz } = settings.filter;
  const end = lowPassHz > 0 ? lowPassHz : settings.analysisRate / 2;
  return Math.min(end, Math.max(20, Math.ceil(2.5 * highest)));
}

function pointsOf(
  result: StudyResult,
  conditions: readonly ConditionResult[],
  { from, to }: Direction,
): Point[] {
  return conditions.flatMap((condition) => {
    const line = condition.spectrum.directions.find((item) => item.from === from && item.to === to);
    if (line === undefined) return [];
    return condition.spectrum.frequencies.flatMap((frequency, index) =>
      frequency > shownUpTo(result)
        ? []
        : [
            {
              condition: condition.condition,
              frequency,
              value: line.values[index] ?? Number.NaN,
              floor: line.floor[index] ?? Number.NaN,
              threshold: line.threshold[index] ?? Number.NaN,
            },
          ],
    );
  });
}

function peakWords(points: readonly Point[], condition: string): string {
  const own = points.filter((point) => point.condition === condition && Number.isFinite(point.value));
  const peak = own.reduce<Point | undefined>(
    (best, point) => (best === undefined || point.value > best.value ? point : best),
    undefined,
  );
  return peak === undefined
    ? `${condition}: n/a (${texts.missing.noData})`
    : `${condition}: largest ${fixed(peak.value, 4)} at ${fixed(peak.frequency, 1)} Hz`;
}

function directionChart(
  result: StudyResult,
  direction: Direction,
  conditions: readonly ConditionResult[],
  maximum: number,
): Markup {
  const names = conditions.map((condition) => condition.condition);
  const points = pointsOf(result, conditions, direction);
  const colour = appearanceOf(result.people, direction.from).colour;
  const bands = names.flatMap((condition) => result.settings.bands.map((band) => ({ ...band, condition })));
  const line = { x: "frequency", fx: "condition", z: "condition" } as const;
  const label = `${directionName(direction.from, direction.to)}, squared GPDC over frequency. ${names.map((name) => peakWords(points, name)).join("; ")}.`;
  return chart(label, {
    width: pageWidth,
    height: 236,
    marginLeft: 52,
    marginRight: 10,
    marginTop: 30,
    marginBottom: 24,
    x: { label: null, ticks: 6, domain: [0, shownUpTo(result)] },
    y: { label: null, domain: [0, maximum], ticks: 5, grid: true },
    fx: { domain: names, label: null, padding: 0.05 },
    marks: [
      Plot.rectY(bands, {
        x1: "low",
        x2: "high",
        y1: 0,
        y2: maximum,
        fx: "condition",
        fill: "var(--shade)",
        stroke: "var(--line)",
      }),
      Plot.text(bands, {
        x: (band: (typeof bands)[number]) => (band.low + band.high) / 2,
        y: maximum,
        fx: "condition",
        text: "name",
        rotate: -90,
        textAnchor: "end",
        dy: 5,
        fill: "var(--muted)",
      }),
      Plot.frame({ stroke: "var(--line)" }),
      Plot.lineY(points, {
        ...line,
        y: "threshold",
        stroke: "var(--muted)",
        strokeDasharray: "1.5 3",
        strokeWidth: 1.8,
      }),
      Plot.lineY(points, {
        ...line,
        y: "floor",
        stroke: "var(--muted)",
        strokeDasharray: "6 4",
        strokeWidth: 1.5,
      }),
      Plot.lineY(points, { ...line, y: "value", stroke: colour, strokeWidth: 2.4 }),
    ],
  });
}

function key(): Markup {
  const sample = (label: string, dash: string, width: string) =>
    html`<li><svg width="34" height="10" aria-hidden="true"><path d="M1,5H33" stroke="var(--fg)" stroke-width="${width}" stroke-dasharray="${dash}"/></svg> ${label}</li>`;
  return html`<ul class="legend">${sample(texts.spectrum.measured, "", "2.4")}${sample(texts.spectrum.floor, "6 4", "1.5")}${sample(texts.spectrum.threshold, "1.5 3", "1.8")}</ul>
`;
}

/** Squared GPDC over frequency per direction, conditions side by side. */
export function spectrumSection(result: StudyResult): Markup {
  const conditions = result.conditions.filter(
    (condition) => condition.reported && condition.spectrum.directions.length > 0,
  );
  const directions = directionsOf(result);
  const everything = directions.flatMap((direction) =>
    pointsOf(result, conditions, direction).flatMap((point) => [point.value, point.threshold]),
  );
  const maximum = largest(everything, 1) * 1.3 || 1;
  const pictures = directions.map(
    (direction) =>
      html`<h3>${directionMarkup(result.people, direction.from, direction.to)}</h3>\n${chunks(
        conditions,
        3,
      ).map((piece) => html`<div class="wide">${directionChart(result, direction, piece, maximum)}</div>`)}`,
  );
  const body =
    conditions.length === 0
      ? html`<p>${texts.spectrum.none}</p>`
      : figure(
          html`${key()}${pictures}<p class="small">Across: ${texts.spectrum.frequency}. Up: ${texts.spectrum.value}. ${texts.spectrum.range} ${fixed(shownUpTo(result), 0)} Hz; ${texts.spectrum.rest}</p>`,
          texts.spectrum.caption,
        );
  return section("spectrum", texts.headings.spectrum, html`${body}${notReportedLines(result)}`);
}
