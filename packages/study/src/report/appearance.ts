import type { Person } from "@attune/signal";
import { html, type Markup } from "./html.ts";

/** How a person is drawn everywhere: colour and mark always change together, so that neither is needed alone. */
export interface Appearance {
  readonly colour: string;
  readonly symbol: "circle" | "triangle" | "square" | "diamond";
  /** The mark as a character, for legends and headings. */
  readonly glyph: string;
}

// Blue against orange, then violet against green: pairs that the common colour-vision deficiencies keep apart.
const grown: readonly Appearance[] = [
  { colour: "var(--adult)", symbol: "circle", glyph: "●" },
  { colour: "var(--adult-2)", symbol: "square", glyph: "■" },
];
const small: readonly Appearance[] = [
  { colour: "var(--infant)", symbol: "triangle", glyph: "▲" },
  { colour: "var(--infant-2)", symbol: "diamond", glyph: "◆" },
];

/** The look of the person with this id; a direction wears the look of its sender. */
export function appearanceOf(people: readonly Person[], id: string): Appearance {
  const person = people.find((candidate) => candidate.id === id);
  const isAdult = person === undefined || person.role === "adult";
  const alike = people.filter((candidate) => (candidate.role === "adult") === isAdult);
  const index = Math.max(
    0,
    alike.findIndex((candidate) => candidate.id === id),
  );
  const palette = isAdult ? grown : small;
  return palette[index % palette.length] as Appearance;
}

/** `● adult → infant` as a heading or table cell. */
export function directionName(from: string, to: string): string {
  return `${from} → ${to}`;
}

export function directionMarkup(people: readonly Person[], from: string, to: string): Markup {
  const look = appearanceOf(people, from);
  return html`<span class="direction"><span aria-hidden="true" style="color:${look.colour}">${look.glyph}</span> ${directionName(from, to)}</span>`;
}
