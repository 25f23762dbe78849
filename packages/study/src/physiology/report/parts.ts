import { STATE_WORDS } from "@attune/core";
import type { StateInterval } from "@attune/signal";
import * as Plot from "@observablehq/plot";
import { html, type Markup } from "../../report/html.ts";

/** How the two people are drawn: colour and mark change together, as in the report on coupling. */
export const looks = [
  { colour: "var(--adult)", symbol: "circle", glyph: "●" },
  { colour: "var(--infant)", symbol: "triangle", glyph: "▲" },
] as const;

/** Neutral colours for what belongs to both. */
export const both = "var(--adult-2)";

const MOST_POINTS = 2400;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A series as points of a line. Long ones are drawn by the smallest and the largest value of each pixel, so that nothing that
 * stands out is lost; a NaN stays, and breaks the line.
 */
export function linePoints(
  values: ArrayLike<number>,
  start: number,
  step: number,
  toX: (time: number) => number,
): Point[] {
  const n = values.length;
  const bin = Math.max(1, Math.ceil((2 * n) / MOST_POINTS));
  const points: Point[] = [];
  for (let from = 0; from < n; from += bin) {
    let low = -1;
    let high = -1;
    for (let k = from; k < Math.min(n, from + bin); k++) {
      const value = values[k]!;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < values[low]!) low = k;
      if (high < 0 || value > values[high]!) high = k;
    }
    if (low < 0) points.push({ x: toX(start + from * step), y: Number.NaN });
    else
      for (const k of low === high ? [low] : [Math.min(low, high), Math.max(low, high)])
        points.push({ x: toX(start + k * step), y: values[k]! });
  }
  return points;
}

/** Time axis of a session: seconds, or minutes where it is long, or hours where it is very long. */
export function timeAxis(
  start: number,
  end: number,
): { toX(time: number): number; label: string; domain: [number, number] } {
  const [divisor, unit] = end - start > 7200 ? [3600, "h"] : end - start > 180 ? [60, "min"] : [1, "s"];
  const toX = (time: number): number => time / divisor;
  return { toX, label: `Session time (${unit})`, domain: [toX(start), toX(end)] };
}

/** Whether a state is something that happens, not rest and not unknown. */
export const happens = (state: string): boolean =>
  !STATE_WORDS.rest.test(state) && !STATE_WORDS.unknown.test(state);

/** Bands behind a chart where a state held. */
export function stateBands(states: readonly StateInterval[], toX: (time: number) => number): Plot.Markish {
  return Plot.rect(
    states.map(({ onset, duration }) => ({ x1: toX(onset), x2: toX(onset + duration) })),
    { x1: "x1", x2: "x2", fill: "var(--infant-2)", fillOpacity: 0.16 },
  );
}

export function swatch(colour: string, label: string, opacity = 1): Markup {
  return html`<li><svg width="22" height="12" aria-hidden="true"><rect width="22" height="12" fill="${colour}" fill-opacity="${String(opacity)}"/></svg> ${label}</li>`;
}

/** A line of the legend with the person's mark. */
export function personMark(k: 0 | 1, label: string): Markup {
  return html`<li><span aria-hidden="true" style="color:${looks[k].colour}">${looks[k].glyph}</span> ${label}</li>`;
}

export const legend = (items: readonly Markup[]): Markup => html`<ul class="legend">${items}</ul>\n`;
