import * as Plot from "@observablehq/plot";
import type { ContrastResult, StudyResult } from "../result.ts";
import { appearanceOf, directionMarkup, directionName } from "./appearance.ts";
import { chart, labelMargin, largest, pageWidth, rowAxis, rowScale } from "./chart.ts";
import { amount, bareProbability, decimals, probability, signed } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { bandCell, decidingProbability } from "./judge.ts";
import { figure, section, table } from "./table.ts";
import { texts } from "./texts.ts";

function nameOf(contrast: ContrastResult): string {
  return `${directionName(contrast.from, contrast.to)}, ${contrast.band}: ${contrast.conditionA} − ${contrast.conditionB}`;
}

function contrastChart(result: StudyResult, contrasts: readonly ContrastResult[]): Markup {
  const rows = contrasts.map((contrast) => {
    const look = appearanceOf(result.people, contrast.from);
    const isReliable = decidingProbability(contrast) < result.settings.alpha;
    return {
      name: nameOf(contrast),
      difference: contrast.difference,
      low: contrast.nullMean - 1.96 * contrast.nullSd,
      high: contrast.nullMean + 1.96 * contrast.nullSd,
      symbol: look.symbol,
      colour: isReliable ? look.colour : "var(--grey)",
      fill: isReliable ? look.colour : "var(--bg)",
      words: Number.isFinite(contrast.p) ? probability("p", contrast.p) : texts.missing.noNull,
    };
  });
  const reach =
    largest(
      rows.flatMap((row) => [Math.abs(row.difference), Math.abs(row.low), Math.abs(row.high)]),
      0.01,
    ) * 1.1 || 0.01;
  const names = rows.map((row) => row.name);
  const drawn = rows.filter((row) => Number.isFinite(row.difference));
  const summary = rows
    .map(
      (row) =>
        `${row.name}: ${Number.isFinite(row.difference) ? signed(row.difference, 4) : "n/a"}, ${row.words}`,
    )
    .join("; ");
  return chart(`${texts.contrasts.scale}. ${summary}.`, {
    width: pageWidth,
    height: 56 + names.length * 30,
    marginLeft: labelMargin(names),
    marginRight: 110,
    marginTop: 8,
    marginBottom: 44,
    x: {
      domain: [-reach, reach],
      label: texts.contrasts.scale,
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: 7,
    },
    y: { ...rowScale(names), padding: 0.3 },
    marks: [
      rowAxis(names),
      Plot.ruleX([0], { stroke: "var(--muted)" }),
      Plot.barX(
        rows.filter((row) => Number.isFinite(row.low)),
        { y: "name", x1: "low", x2: "high", fill: "var(--null)" },
      ),
      ...[...new Set(drawn.map((row) => row.symbol))].map((symbol) =>
        Plot.dot(
          drawn.filter((row) => row.symbol === symbol),
          { y: "name", x: "difference", r: 5.5, symbol, stroke: "colour", fill: "fill", strokeWidth: 2 },
        ),
      ),
      Plot.text(rows, {
        y: "name",
        text: "words",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 12,
        fill: "var(--fg)",
      }),
    ],
  });
}

function contrastTable(result: StudyResult): Markup {
  const numeric = (label: string) => ({ label, numeric: true });
  const four = decimals(4);
  return table({
    caption: texts.contrasts.numbers,
    columns: [
      { label: "First − second" },
      { label: "Direction" },
      { label: "Band" },
      ...["Difference", "Null mean", "Null SD", "z", "p (two-sided)", "q", "Permutations"].map(numeric),
    ],
    rows: result.contrasts.map((contrast) => [
      `${contrast.conditionA} − ${contrast.conditionB}`,
      directionMarkup(result.people, contrast.from, contrast.to),
      bandCell(result, contrast.band),
      amount(contrast.difference, (value) => signed(value, 4), texts.missing.noData),
      amount(contrast.nullMean, four, texts.missing.noNull),
      amount(contrast.nullSd, four, texts.missing.noNull),
      amount(contrast.z, decimals(2), texts.missing.noNull),
      amount(contrast.p, bareProbability, texts.missing.noNull),
      amount(contrast.q, bareProbability, texts.missing.outsideFamily),
      amount(contrast.nPermutations, decimals(0), texts.missing.noNull),
    ]),
  });
}

/** Differences between conditions with what relabelled episodes would give. */
export function contrastsSection(result: StudyResult): Markup {
  const body =
    result.contrasts.length === 0
      ? html`<p>${texts.contrasts.none}</p>`
      : html`${figure(html`<div class="wide">${contrastChart(result, result.contrasts)}</div>`, texts.contrasts.caption)}${contrastTable(result)}`;
  return section("contrasts", texts.headings.contrasts, body);
}
