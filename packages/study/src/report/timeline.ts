import type { RejectionReason } from "@attune/signal";
import * as Plot from "@observablehq/plot";
import type { StudyResult } from "../result.ts";
import { appearanceOf } from "./appearance.ts";
import { chart, labelMargin, pageWidth, rowAxis, rowScale } from "./chart.ts";
import { amount, amountText, decimals, duration, whole } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { figure, section, table } from "./table.ts";
import { texts } from "./texts.ts";

interface Span {
  readonly row: string;
  readonly start: number;
  end: number;
  readonly colour: string;
  readonly isUsed?: boolean;
}

// Neither the colour of a person nor the red of what was left out.
const usedColour = "var(--fg)";

/** `amplitude` becomes words; anything that the vocabulary does not hold stays as it is. */
function reasonWords(reason: string): string {
  return texts.rejection[reason as RejectionReason] ?? reason;
}

/** `infant: amplitude` becomes `infant, amplitude too large`. */
function reasonName(text: string): string {
  const split = text.lastIndexOf(": ");
  return split < 0 ? reasonWords(text) : `${text.slice(0, split)}, ${reasonWords(text.slice(split + 2))}`;
}

/** Neighbouring spans of one row become one: the picture stays the same and the file small. */
function merged(spans: readonly Span[]): Span[] {
  const byRow = new Map<string, Span[]>();
  for (const span of spans) {
    const row = byRow.get(span.row) ?? [];
    byRow.set(span.row, row);
    const last = row.at(-1);
    if (last !== undefined && span.start <= last.end + 1e-9) last.end = Math.max(last.end, span.end);
    else row.push({ ...span });
  }
  return [...byRow.values()].flat();
}

function stateSpans(result: StudyResult): Span[] {
  return [...result.timeline.states]
    .sort((a, b) => a.onset - b.onset)
    .map((state) => ({
      row: `${state.person} ${state.layer}: ${state.state}`,
      start: state.onset,
      end: state.onset + state.duration,
      colour: result.people.some((person) => person.id === state.person)
        ? appearanceOf(result.people, state.person).colour
        : "var(--muted)",
    }));
}

/** A window is drawn as far as the next one begins, so that overlap does not hide what lies under it. */
function windowSpans(result: StudyResult): Span[] {
  const { windows } = result.timeline;
  return windows.flatMap((window, index) => {
    const next = windows[index + 1]?.start ?? window.start + window.duration;
    const span = { start: window.start, end: Math.min(next, window.start + window.duration) };
    if (window.accepted)
      return [
        {
          ...span,
          row: `${texts.timeline.used}: ${window.condition ?? texts.missing.absent}`,
          colour: usedColour,
          isUsed: true,
        },
      ];
    const reasons = window.reasons.length === 0 ? [texts.missing.noReason] : window.reasons;
    return reasons.map((reason) => ({
      ...span,
      row: `${texts.timeline.out}: ${reasonName(reason)}`,
      colour: "var(--alarm)",
    }));
  });
}

/** Rows in order: states by person and layer, used windows, left-out windows, each group by first appearance. */
function rowOrder(states: readonly Span[], windows: readonly Span[]): string[] {
  const layers = [...new Set(states.map((span) => span.row))].sort();
  const used = windows.filter((span) => span.isUsed === true).map((span) => span.row);
  const out = windows.filter((span) => span.isUsed !== true).map((span) => span.row);
  return [...new Set([...layers, ...used, ...[...out].sort()])];
}

function timelineChart(result: StudyResult): Markup {
  const states = stateSpans(result);
  const windows = windowSpans(result);
  const rows = rowOrder(states, windows);
  const { startSeconds, endSeconds } = result.timeline;
  const nAccepted = result.timeline.windows.filter((window) => window.accepted).length;
  const label = `From ${amountText(startSeconds, decimals(1), texts.missing.absent)} to ${amountText(endSeconds, decimals(1), texts.missing.absent)} s: ${states.length} state intervals; ${nAccepted} of ${result.timeline.windows.length} windows used.`;
  const hasRange = Number.isFinite(startSeconds) && Number.isFinite(endSeconds) && endSeconds > startSeconds;
  return chart(label, {
    width: pageWidth,
    height: 48 + rows.length * 22,
    marginLeft: labelMargin(rows),
    marginRight: 12,
    marginTop: 6,
    marginBottom: 40,
    x: {
      ...(hasRange ? { domain: [startSeconds, endSeconds] } : {}),
      label: texts.timeline.time,
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: 8,
    },
    y: { ...rowScale(rows), padding: 0.25 },
    marks: [
      rowAxis(rows),
      Plot.barX([...merged(states), ...merged(windows)], {
        y: "row",
        x1: "start",
        x2: "end",
        fill: "colour",
      }),
      Plot.ruleY(rows, { stroke: "var(--line)", strokeWidth: 0.7, dy: 10 }),
    ],
  });
}

function legend(result: StudyResult): Markup {
  const swatch = (colour: string, label: string) =>
    html`<li><svg width="22" height="12" aria-hidden="true"><rect width="22" height="12" fill="${colour}"/></svg> ${label}</li>`;
  const people = result.people.map((person) =>
    swatch(appearanceOf(result.people, person.id).colour, `${person.id}: ${texts.timeline.states}`),
  );
  return html`<ul class="legend">${people}${swatch(usedColour, texts.timeline.accepted)}${swatch("var(--alarm)", texts.timeline.rejected)}</ul>
`;
}

function countTable(result: StudyResult): Markup {
  const { windows } = result.diagnostics;
  const share = windows.total > 0 ? ` (${decimals(1)((100 * windows.accepted) / windows.total)} %)` : "";
  const lead = html`<p>${whole(windows.accepted)} of ${whole(windows.total)} windows${share} of ${duration(result.settings.window.seconds)} were used. ${windows.rejected.length === 0 ? texts.timeline.noneRejected : texts.timeline.countsNote}</p>
`;
  if (windows.rejected.length === 0) return lead;
  return html`${lead}${table({
    caption: texts.timeline.counts,
    columns: [{ label: "Person" }, { label: "Reason" }, { label: "Windows", numeric: true }],
    rows: windows.rejected.map(({ person, reason, count }) => [
      person,
      reasonWords(reason),
      amount(count, decimals(0), texts.missing.absent),
    ]),
  })}`;
}

/** When each state held and what became of every window. */
export function timelineSection(result: StudyResult): Markup {
  const isEmpty = result.timeline.states.length === 0 && result.timeline.windows.length === 0;
  const picture = isEmpty
    ? html`<p>${texts.timeline.none}</p>\n`
    : figure(html`${legend(result)}<div class="wide">${timelineChart(result)}</div>`, texts.timeline.caption);
  return section("timeline", texts.headings.timeline, html`${picture}${countTable(result)}`);
}
