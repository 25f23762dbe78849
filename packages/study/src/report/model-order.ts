import * as Plot from "@observablehq/plot";
import type { StudyResult } from "../result.ts";
import { directionMarkup } from "./appearance.ts";
import { chart, largest } from "./chart.ts";
import { amount, decimals, whole } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { bandCell } from "./judge.ts";
import { figure, table } from "./table.ts";
import { texts } from "./texts.ts";

const dashes = ["", "7 4", "2 3", "9 3 2 3", "4 4"];
const colours = ["var(--adult)", "var(--infant)", "var(--adult-2)", "var(--infant-2)", "var(--fg)"];
const symbols = ["circle", "triangle", "square", "diamond", "cross"] as const;
const glyphs = ["●", "▲", "■", "◆", "✚"];

function orderChart(result: StudyResult): Markup {
  const { orders, criteria, used } = result.diagnostics.orderSelection;
  const lines = criteria.map((criterion, index) => {
    const finite = criterion.values.filter((value) => Number.isFinite(value));
    const best = Math.min(...finite);
    const points = orders.map((order, at) => ({
      order,
      excess: (criterion.values[at] ?? Number.NaN) - best,
    }));
    return { criterion, points, look: index % dashes.length };
  });
  const reach = largest(
    lines.flatMap((line) => line.points.map((point) => point.excess)),
    1,
  );
  const label = `${texts.model.order}. Used: order ${whole(used)}. ${criteria.map(({ name, best }) => `${name} is best at ${whole(best)}`).join("; ")}.`;
  const picture = chart(label, {
    width: 640,
    height: 260,
    marginLeft: 56,
    marginRight: 14,
    marginTop: 18,
    marginBottom: 42,
    x: {
      type: "linear",
      label: texts.model.orderAxis,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: orders.length <= 20 ? orders : 10,
      tickFormat: (order: number) => String(order),
    },
    y: {
      label: texts.model.criterionAxis,
      labelArrow: "none",
      domain: [0, reach * 1.05 || 1],
      grid: true,
      ticks: 5,
    },
    marks: [
      Plot.ruleX([used], { stroke: "var(--fg)", strokeDasharray: "3 3" }),
      Plot.text([used], {
        x: (order: number) => order,
        text: () => "used",
        frameAnchor: "top",
        dy: -12,
        fill: "var(--fg)",
      }),
      ...lines.map(({ points, look }) =>
        Plot.lineY(points, {
          x: "order",
          y: "excess",
          stroke: colours[look] as string,
          strokeDasharray: dashes[look] as string,
          strokeWidth: 2,
        }),
      ),
      ...lines.map(({ criterion, points, look }) =>
        Plot.dot(
          points.filter((point) => point.order === criterion.best && Number.isFinite(point.excess)),
          {
            x: "order",
            y: "excess",
            r: 5.5,
            symbol: symbols[look] as "circle",
            fill: colours[look] as string,
          },
        ),
      ),
    ],
  });
  const legend = lines.map(
    ({ criterion, look }) =>
      html`<li><svg width="34" height="10" aria-hidden="true"><path d="M1,5H33" stroke="${colours[look] as string}" stroke-width="2" stroke-dasharray="${dashes[look] as string}"/></svg> <span aria-hidden="true" style="color:${colours[look] as string}">${glyphs[look] as string}</span> ${criterion.name}: best at ${amount(criterion.best, decimals(0), texts.missing.notComputed)}</li>`,
  );
  return figure(
    html`<ul class="legend">${legend}</ul>\n<div class="wide">${picture}</div>`,
    texts.model.orderCaption,
  );
}

function sensitivityTable(result: StudyResult): Markup {
  const { sensitivity, used } = result.diagnostics.orderSelection;
  const orders = [...new Set(sensitivity.map((item) => item.order))].sort((a, b) => a - b);
  const keyOf = (item: (typeof sensitivity)[number]) =>
    JSON.stringify([item.condition, item.from, item.to, item.band]);
  const distinct = sensitivity.filter(
    (item, index) => sensitivity.findIndex((other) => keyOf(other) === keyOf(item)) === index,
  );
  return table({
    caption: texts.model.sensitivityLead,
    columns: [
      { label: "Condition" },
      { label: "Direction" },
      { label: "Band" },
      ...orders.map((order) => ({
        label: `order ${whole(order)}${order === used ? " ★" : ""}`,
        numeric: true,
      })),
    ],
    rows: distinct.map((item) => [
      item.condition,
      directionMarkup(result.people, item.from, item.to),
      bandCell(result, item.band),
      ...orders.map((order) =>
        amount(
          sensitivity.find((other) => other.order === order && keyOf(other) === keyOf(item))?.value,
          decimals(4),
          texts.missing.noData,
        ),
      ),
    ]),
  });
}

/** How the model order was chosen, and whether the answer hangs on it. */
export function orderPart(result: StudyResult): Markup {
  const { orders, criteria, sensitivity } = result.diagnostics.orderSelection;
  const hasCurve =
    orders.length > 0 && criteria.some(({ values }) => values.some((value) => Number.isFinite(value)));
  return html`<h3>${texts.model.order}</h3>
${hasCurve ? orderChart(result) : html`<p>${texts.model.noOrders}</p>\n`}<h3>${texts.model.sensitivity}</h3>
${sensitivity.length > 0 ? sensitivityTable(result) : html`<p>${texts.model.noSensitivity}</p>\n`}`;
}
