import * as Plot from "@observablehq/plot";
import type { EventLockedResult, StudyResult } from "../result.ts";
import { appearanceOf, directionMarkup, directionName } from "./appearance.ts";
import { chart, chunks, largest, pageWidth } from "./chart.ts";
import { riseList, significantTimes } from "./event-rise.ts";
import { amount, bareProbability, decimals, fixed, levelText, plural, precise, signed } from "./format.ts";
import { html, type Markup, nothing } from "./html.ts";
import { bandLabel, type Direction } from "./judge.ts";
import { details, figure, section, table } from "./table.ts";
import { texts } from "./texts.ts";

type Line = EventLockedResult["directions"][number];

/** Where the triangles stand, as a multiple of the highest value. */
const RISE_HEIGHT = 1.05;

function eventChart(
  result: StudyResult,
  event: EventLockedResult,
  direction: Direction,
  lines: readonly Line[],
  maximum: number,
): Markup {
  const look = appearanceOf(result.people, direction.from);
  const points = lines.flatMap((line) =>
    event.times.map((time, index) => ({
      band: line.band,
      time,
      value: line.values[index] ?? Number.NaN,
      nullMean: line.nullMean[index] ?? Number.NaN,
      nullHigh: line.nullHigh[index] ?? Number.NaN,
      p: line.p[index] ?? Number.NaN,
      baselineP: line.baselineP?.[index] ?? Number.NaN,
    })),
  );
  const above = points.filter((point) => point.p < result.settings.alpha && Number.isFinite(point.value));
  const risen = points.filter((point) => point.baselineP < result.settings.alpha);
  const bands = lines.map((line) => line.band);
  const line = { x: "time", fx: "band", z: "band" } as const;
  const words = lines.map(({ band, p, values }) => {
    const usable = p.map((each, index) => (Number.isFinite(values[index]) ? each : Number.NaN));
    const found = significantTimes(event.times, usable, result.settings.alpha);
    return `${band}: ${found === "" ? "never above chance" : `above chance at ${found}`}`;
  });
  return chart(`${event.event}, ${directionName(direction.from, direction.to)}. ${words.join("; ")}.`, {
    width: pageWidth,
    height: 214,
    marginLeft: 54,
    marginRight: 10,
    marginTop: 30,
    marginBottom: 24,
    x: { label: null, ticks: 6 },
    y: { label: null, domain: [0, maximum * 1.1], ticks: 5, grid: true },
    fx: { domain: bands, label: null, padding: 0.05, tickFormat: (band: string) => bandLabel(result, band) },
    marks: [
      Plot.areaY(points, { ...line, y1: 0, y2: "nullHigh", fill: "var(--null)", fillOpacity: 0.7 }),
      Plot.lineY(points, { ...line, y: "nullMean", stroke: "var(--muted)", strokeDasharray: "6 4" }),
      Plot.ruleX([0], { stroke: "var(--fg)", strokeDasharray: "2 3" }),
      Plot.lineY(points, { ...line, y: "value", stroke: look.colour, strokeWidth: 2.4 }),
      Plot.dot(above, { x: "time", y: "value", fx: "band", symbol: look.symbol, r: 4.5, fill: look.colour }),
      Plot.dot(risen, {
        x: "time",
        y: maximum * RISE_HEIGHT,
        fx: "band",
        symbol: "triangle",
        r: 3,
        stroke: "var(--fg)",
      }),
      Plot.frame({ stroke: "var(--line)" }),
    ],
  });
}

function numbers(result: StudyResult, event: EventLockedResult): Markup {
  const rows = event.directions.flatMap((line) =>
    event.times.map((time, index) => [
      directionMarkup(result.people, line.from, line.to),
      line.band,
      fixed(time, 3),
      amount(line.values[index], precise, texts.missing.noData),
      amount(line.nullMean[index], precise, texts.missing.noNull),
      amount(line.nullHigh[index], precise, texts.missing.noNull),
      amount(line.p[index], bareProbability, texts.missing.noNull),
      amount(line.baselineDifference?.[index], (value) => signed(value, 4), texts.missing.notComputed),
      amount(line.baselineP?.[index], bareProbability, texts.missing.noRandomTimes),
    ]),
  );
  return details(
    texts.events.numbers,
    table({
      caption: event.event,
      columns: [
        { label: "Direction" },
        { label: "Band" },
        ...[
          "Time (s)",
          "Value",
          "Null mean",
          "Null upper limit",
          "p (family-wise)",
          "Above baseline",
          "p of the rise (family-wise)",
        ].map((label) => ({
          label,
          numeric: true,
        })),
      ],
      rows,
    }),
  );
}

function eventPart(result: StudyResult, event: EventLockedResult): Markup {
  const directions = new Map<string, Direction>();
  for (const { from, to } of event.directions) directions.set(JSON.stringify([from, to]), { from, to });
  const maximum =
    largest(
      event.directions.flatMap((line) => [...line.values, ...line.nullHigh]),
      1,
    ) || 1;
  const pictures = [...directions.values()].map((direction) => {
    const lines = event.directions.filter((line) => line.from === direction.from && line.to === direction.to);
    return html`<h4>${directionMarkup(result.people, direction.from, direction.to)}</h4>\n${chunks(
      lines,
      3,
    ).map((piece) => html`<div class="wide">${eventChart(result, event, direction, piece, maximum)}</div>`)}`;
  });
  return html`<h3>${event.event}</h3>
<p>${plural(event.nEvents, "event")} used, ${amount(event.nRejected, decimals(0), texts.missing.absent)} left out. ${event.note}</p>
${pictures.length === 0 || event.times.length === 0 ? nothing : html`${figure(html`${pictures}<p class="small">Across: ${texts.events.time}. Up: squared GPDC.</p>`, texts.events.caption(levelText(result.settings.alpha)))}${riseList(result, event)}${numbers(result, event)}`}`;
}

/** Coupling in windows aligned to an event, such as the start of a direct gaze. */
export function eventSection(result: StudyResult): Markup {
  const without = result.settings.eventLocked ? texts.events.none : texts.events.off;
  const body =
    result.eventLocked.length === 0
      ? html`<p>${without}</p>\n`
      : html`<p>${texts.events.lead}</p>\n<p>${texts.events.riseMeaning}</p>\n${result.eventLocked.map((event) => eventPart(result, event))}`;
  return section("events", texts.headings.events, body);
}
