import type { ConditionResult, StudyResult } from "../result.ts";
import { fixed } from "./format.ts";
import { at } from "./head-drawing.ts";
import { html, type Markup, nothing } from "./html.ts";
import { bandLabel, whyMissing } from "./judge.ts";
import { texts } from "./texts.ts";

const side = 300;
const margin = { left: 72, top: 66 };

/** Runs of neighbouring channels of one person: the blocks of the matrix. */
function blocksOf(montage: StudyResult["montage"]): { person: string; start: number; count: number }[] {
  const blocks: { person: string; start: number; count: number }[] = [];
  montage.forEach(({ person }, index) => {
    const last = blocks.at(-1);
    if (last?.person === person) last.count += 1;
    else blocks.push({ person, start: index, count: 1 });
  });
  return blocks;
}

/** Largest values between heads and within one: the ends of the two colour scales. */
export interface MatrixScale {
  readonly between: number;
  readonly within: number;
}

interface Square {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly value: number;
  readonly kind: "self" | "within" | "between";
  readonly title: string;
}

/** Strength of the paint, 0..1; capped so that the number on it stays readable in both themes. */
function opacity(kind: "within" | "between", share: number): string {
  return fixed((kind === "between" ? 0.85 : 0.5) * Math.max(0, Math.min(1, share)), 3);
}

const paint = { within: "var(--grey)", between: "var(--sequence)" } as const;

function square({ x, y, cell, value, kind, title }: Square, scale: MatrixScale): Markup {
  const frame = html`x="${at(x)}" y="${at(y)}" width="${at(cell)}" height="${at(cell)}"`;
  const hint = html`<title>${title}</title>`;
  const words = (text: string, size: number, colour: string) =>
    html`<text x="${at(x + cell / 2)}" y="${at(y + cell / 2 + size * 0.35)}" text-anchor="middle" font-size="${at(size)}" fill="${colour}">${text}</text>`;
  if (kind === "self")
    return html`<g><rect ${frame} fill="none" stroke="var(--line)"/><path d="M${at(x)},${at(y)} l${at(cell)},${at(cell)} m0,${at(-cell)} l${at(-cell)},${at(cell)}" stroke="var(--line)"/>${hint}</g>`;
  if (!Number.isFinite(value))
    return html`<g><rect ${frame} fill="none" stroke="var(--line)" stroke-dasharray="3 2"/>${words("n/a", Math.min(12, cell * 0.4), "var(--muted)")}${hint}</g>`;
  const number = cell < 30 ? nothing : words(shortShare(value), cell < 44 ? 11 : 14, "var(--fg)");
  return html`<g><rect ${frame} fill="${paint[kind]}" fill-opacity="${opacity(kind, value / scale[kind])}" stroke="var(--line)" stroke-width="0.5"/>${number}${hint}</g>`;
}

/** `.041`: three decimals without the zero before the point. */
function shortShare(value: number): string {
  return fixed(value, 3).replace(/^0/, "");
}

/** The matrix of one condition and band: rows receive, columns send. */
export function matrixDrawing(
  result: StudyResult,
  condition: ConditionResult,
  band: string,
  values: readonly number[],
  scale: MatrixScale,
): Markup {
  const { montage } = result;
  const n = montage.length;
  const cell = side / n;
  const blocks = blocksOf(montage);
  const squares: Markup[] = [];
  montage.forEach((to, sink) => {
    montage.forEach((from, source) => {
      const value = values[sink * n + source] ?? Number.NaN;
      const shown = Number.isFinite(value)
        ? fixed(value, 4)
        : `n/a (${whyMissing(condition, texts.missing.noData)})`;
      const title = `${from.person} ${from.channel} → ${to.person} ${to.channel}: ${shown}`;
      const kind = sink === source ? "self" : from.person === to.person ? "within" : "between";
      const x = margin.left + source * cell;
      const y = margin.top + sink * cell;
      squares.push(square({ x, y, cell, value, kind, title }, scale));
    });
  });
  const size = at(Math.min(14, cell * 0.75));
  const channels = montage.map(({ channel }, index) => {
    const along = (index + 0.5) * cell;
    const x = margin.left + along;
    const isNarrow = cell < 34;
    const top = isNarrow
      ? html`<text transform="translate(${at(x + 4)},${at(margin.top - 5)}) rotate(-60)" font-size="${size}" fill="var(--fg)">${channel}</text>`
      : html`<text x="${at(x)}" y="${at(margin.top - 6)}" text-anchor="middle" font-size="${size}" fill="var(--fg)">${channel}</text>`;
    return html`${top}<text x="${at(margin.left - 6)}" y="${at(margin.top + along + 4)}" text-anchor="end" font-size="${size}" fill="var(--fg)">${channel}</text>`;
  });
  const names = blocks.map(({ person, start, count }) => {
    const centre = (start + count / 2) * cell;
    return html`<text x="${at(margin.left + centre)}" y="${at(margin.top - 40)}" text-anchor="middle" font-size="14" font-weight="600" fill="var(--fg)">${texts.matrix.from} ${person}</text><text transform="translate(16,${at(margin.top + centre)}) rotate(-90)" text-anchor="middle" font-size="14" font-weight="600" fill="var(--fg)">${texts.matrix.to} ${person}</text>`;
  });
  const frames = blocks.flatMap((to) =>
    blocks
      .filter((from) => from.person !== to.person)
      .map(
        (from) =>
          html`<rect x="${at(margin.left + from.start * cell)}" y="${at(margin.top + to.start * cell)}" width="${at(from.count * cell)}" height="${at(to.count * cell)}" fill="none" stroke="var(--fg)" stroke-width="3"/>`,
      ),
  );
  const total = side + margin.left + 4;
  const label = `${condition.condition}, ${bandLabel(result, band)}: squared measure from each channel (columns) to each channel (rows).`;
  return html`<svg class="drawing" role="img" aria-label="${label}" viewBox="0 0 ${at(total)} ${at(side + margin.top + 4)}" width="${at(total)}" height="${at(side + margin.top + 4)}">
${squares}${channels}${names}${frames}</svg>`;
}

/** The two colour scales. */
export function matrixLegend(scale: MatrixScale): Markup {
  const ramp = (kind: "within" | "between", words: string) => {
    const steps = [0, 0.25, 0.5, 0.75, 1].map(
      (share, index) =>
        html`<rect x="${at(1 + index * 24)}" y="1" width="24" height="14" fill="${paint[kind]}" fill-opacity="${opacity(kind, share)}" stroke="var(--line)"/>`,
    );
    return html`<li><svg width="122" height="16" aria-hidden="true">${steps}</svg> ${words} ${fixed(scale[kind], 3)}</li>`;
  };
  return html`<ul class="legend">${ramp("between", texts.matrix.between)}${ramp("within", texts.matrix.within)}<li>${texts.matrix.unit}</li></ul>
`;
}
