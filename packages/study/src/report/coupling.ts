import * as Plot from "@observablehq/plot";
import type { ConditionResult, DirectionResult, StudyResult } from "../result.ts";
import { appearanceOf, directionMarkup, directionName } from "./appearance.ts";
import {
  chart,
  chunks,
  labelMargin,
  largest,
  pageWidth,
  quantileOfSorted,
  rowAxis,
  rowScale,
} from "./chart.ts";
import { conditionTable, directionTable, linkTables } from "./coupling-tables.ts";
import { amountText, decimals, probability } from "./format.ts";
import { html, type Markup } from "./html.ts";
import {
  bandLabel,
  bandsOf,
  type Direction,
  directionsOf,
  findDirection,
  type Standing,
  standingOf,
} from "./judge.ts";
import { figure, section } from "./table.ts";
import { texts } from "./texts.ts";

interface Row {
  readonly condition: string;
  readonly band: string;
  readonly standing: Standing;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly nullLow: number;
  readonly nullHigh: number;
  readonly nullMean: number;
  readonly words: string;
}

/** Words beside a mark: its p, or why there is none. */
function wordsFor(
  condition: ConditionResult,
  found: DirectionResult | undefined,
  standing: Standing,
): string {
  if (!condition.reported) return texts.missing.notReported;
  if (found === undefined) return texts.missing.absent;
  if (standing === "unusable") return texts.status[condition.health.status];
  if (standing === "missing") return texts.missing.noData;
  if (standing === "untested") return texts.missing.noNull;
  return Number.isFinite(found.q)
    ? `${probability("p", found.p)}, ${probability("q", found.q)}`
    : `${probability("p", found.p)}, ${texts.coupling.exploratory}`;
}

/**
 * The interval belongs to the corrected value c = (v - m) / (1 - m); the picture has the raw scale, on which it is
 * c (1 - m) + m.
 */
function rowOf(
  condition: ConditionResult,
  found: DirectionResult | undefined,
  band: string,
  alpha: number,
): Row {
  const standing = found === undefined ? "missing" : standingOf(condition, found, alpha);
  const mean = found?.nullMean ?? Number.NaN;
  const toRaw = (corrected: number | undefined) => (corrected ?? Number.NaN) * (1 - mean) + mean;
  return {
    condition: condition.condition,
    band,
    standing,
    value: found?.value ?? Number.NaN,
    // The measure is never negative; an interval that reaches below zero is drawn to zero.
    low: Math.max(0, toRaw(found?.interval.low)),
    high: toRaw(found?.interval.high),
    nullLow: quantileOfSorted(found?.nullSample ?? [], 0.025),
    nullHigh: quantileOfSorted(found?.nullSample ?? [], 0.975),
    nullMean: mean,
    words: wordsFor(condition, found, standing),
  };
}

function summaryOf(result: StudyResult, direction: Direction, rows: readonly Row[]): string {
  const parts = rows.map(
    (row) =>
      `${row.band}, ${row.condition}: ${amountText(row.value, decimals(4), texts.missing.noData)}, ${row.words}`,
  );
  return `${directionName(direction.from, direction.to)}, ${result.settings.measure}. ${parts.join("; ")}.`;
}

function directionChart(
  result: StudyResult,
  direction: Direction,
  rows: readonly Row[],
  maximum: number,
): Markup {
  const look = appearanceOf(result.people, direction.from);
  const conditions = result.conditions.map((condition) => condition.condition);
  const bands = [...new Set(rows.map((row) => row.band))];
  const at = { y: "condition", fx: "band" } as const;
  const finite = (key: "value" | "low" | "nullLow" | "nullMean") =>
    rows.filter((row) => Number.isFinite(row[key]));
  const coloured = (row: Row) => (row.standing === "above" ? look.colour : "var(--grey)");
  const words = (isAbove: boolean) =>
    Plot.text(
      rows.filter((row) => (row.standing === "above") === isAbove),
      {
        ...at,
        text: "words",
        frameAnchor: "right",
        textAnchor: "end",
        dx: -5,
        dy: -12,
        fill: isAbove ? "var(--fg)" : "var(--muted)",
        fontWeight: isAbove ? 700 : 400,
      },
    );
  return chart(summaryOf(result, direction, rows), {
    width: pageWidth,
    height: 58 + conditions.length * 46,
    marginLeft: labelMargin(conditions),
    marginRight: 8,
    marginTop: 34,
    marginBottom: 24,
    x: { domain: [0, maximum], label: null, ticks: labelMargin(conditions) > 180 ? 2 : 4, grid: true },
    y: { ...rowScale(conditions), padding: 0.2 },
    fx: { domain: bands, label: null, padding: 0.1, tickFormat: (band: string) => bandLabel(result, band) },
    marks: [
      Plot.frame({ stroke: "var(--line)" }),
      rowAxis(conditions),
      Plot.barX(finite("nullLow"), {
        ...at,
        x1: "nullLow",
        x2: "nullHigh",
        fill: "var(--null)",
        insetTop: 15,
        insetBottom: 5,
      }),
      Plot.tickX(finite("nullMean"), {
        ...at,
        x: "nullMean",
        stroke: "var(--muted)",
        strokeWidth: 2,
        insetTop: 15,
        insetBottom: 5,
      }),
      Plot.link(finite("low"), {
        fx: "band",
        x1: "low",
        x2: "high",
        y1: "condition",
        y2: "condition",
        stroke: coloured,
        strokeWidth: 2,
        dy: 5,
      }),
      Plot.dot(finite("value"), {
        ...at,
        x: "value",
        dy: 5,
        r: 5.5,
        symbol: look.symbol,
        stroke: coloured,
        fill: (row: Row) => (row.standing === "above" ? look.colour : "var(--bg)"),
        strokeWidth: 2,
      }),
      words(true),
      words(false),
    ],
  });
}

function legend(result: StudyResult): Markup {
  const items = result.people.map((person) => {
    const look = appearanceOf(result.people, person.id);
    return html`<li><span aria-hidden="true" style="color:${look.colour}">${look.glyph}</span> sent by ${person.id}, ${texts.coupling.legendValue}</li>`;
  });
  return html`<ul class="legend">${items}<li><span aria-hidden="true" style="color:var(--grey)">○ △</span> ${texts.coupling.legendGrey}</li><li><svg width="34" height="14" aria-hidden="true"><rect x="1" y="2" width="32" height="10" fill="var(--null)"/><rect x="16" y="2" width="2" height="10" fill="var(--muted)"/></svg> ${texts.coupling.legendBand}</li></ul>
`;
}

/** Coupling per direction, band and condition, each number in front of what chance gives. */
export function couplingSection(result: StudyResult): Markup {
  const directions = directionsOf(result);
  const bands = bandsOf(result);
  const rows = directions.map((direction) =>
    bands.flatMap((band) =>
      result.conditions.map((condition) =>
        rowOf(condition, findDirection(condition, direction, band), band, result.settings.alpha),
      ),
    ),
  );
  const everything = rows.flat().flatMap((row) => [row.value, row.high, row.nullHigh, row.nullMean]);
  const maximum = largest(everything, 1) * 1.08 || 1;
  const pictures = directions.map((direction, index) => {
    const pieces = chunks(bands, 3).map((piece) => {
      const shown = (rows[index] as Row[]).filter((row) => piece.includes(row.band));
      return html`<div class="wide">${directionChart(result, direction, shown, maximum)}</div>`;
    });
    return html`<h3>${directionMarkup(result.people, direction.from, direction.to)}</h3>\n${pieces}`;
  });
  const body =
    directions.length === 0
      ? html`<p>${texts.coupling.noDirections}</p>`
      : html`${figure(html`${legend(result)}${pictures}<p class="small">${texts.coupling.scale}; the same scale in every panel.</p>`, texts.coupling.caption)}${directionTable(result)}${linkTables(result)}`;
  return section(
    "coupling",
    texts.headings.coupling,
    html`<p>${texts.coupling.lead}</p>\n${conditionTable(result)}${body}`,
  );
}
