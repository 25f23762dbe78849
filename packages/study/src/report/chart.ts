import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Markup, trusted } from "./html.ts";

/** Pixels that the report's column offers to a picture. */
export const pageWidth = 960;

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * A static chart as inline SVG, drawn by Observable Plot in a document that needs no browser. Colours are the page's
 * custom properties, so that the same picture serves light, dark and print. Never use `clip` or a legend of Plot:
 * their ids count up through the process, and the same result would give other bytes the second time.
 *
 * @param label what a screen reader says in place of the picture
 */
export function chart(label: string, options: Plot.PlotOptions): Markup {
  const svg = Plot.plot({ ...options, document, className: "chart" });
  svg.querySelector("style")?.remove();
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  return trusted(`${svg.outerHTML}\n`);
}

const pixelsPerCharacter = 6.3;
const labelPixels = 12;

/** Room that row labels need to the left of a chart, pixels: the longest label, within reason. */
export function labelMargin(labels: readonly string[]): number {
  const longest = labels.reduce((length, label) => Math.max(length, label.length), 0);
  return Math.min(320, 20 + pixelsPerCharacter * longest);
}

/** The scale of a chart whose rows have names; its labels are drawn by `rowAxis`. */
export function rowScale(labels: readonly string[]) {
  return { type: "band", domain: [...labels], label: null, axis: null } as const;
}

/** Row labels that end in an ellipsis where they would leave the picture. */
export function rowAxis(labels: readonly string[]): Plot.Markish {
  return Plot.axisY({
    anchor: "left",
    label: null,
    tickSize: 0,
    tickPadding: 8,
    lineWidth: (labelMargin(labels) - 10) / labelPixels,
    textOverflow: "ellipsis",
  });
}

/** Pieces of a list for charts that would become too narrow side by side. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}

/** Quantile of a sorted sample with linear interpolation (Hyndman and Fan 1996, type 7); NaN for an empty one. */
export function quantileOfSorted(sorted: readonly number[], probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** Largest finite number of a list; `fallback` when there is none. */
export function largest(values: Iterable<number>, fallback: number): number {
  let result = Number.NEGATIVE_INFINITY;
  for (const value of values) if (Number.isFinite(value) && value > result) result = value;
  return result === Number.NEGATIVE_INFINITY ? fallback : result;
}
