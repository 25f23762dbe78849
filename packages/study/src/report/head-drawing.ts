import type { Person } from "@attune/signal";
import { appearanceOf } from "./appearance.ts";
import { electrodePosition } from "./electrode-position.ts";
import { html, type Markup, nothing } from "./html.ts";

/** Coordinates with one decimal; drawings are in pixels. */
export function at(value: number): string {
  if (!Number.isFinite(value))
    throw new Error("head-drawing: a coordinate is not finite; leave the shape out instead");
  return String(Math.round(value * 10) / 10);
}

export interface HeadPlace {
  readonly x: number;
  readonly y: number;
  /** +1: nose to the right; -1: nose to the left. */
  readonly facing: 1 | -1;
}

/** Half of the head's length from nose to back, pixels. */
export function headLength(person: Person): number {
  return person.role === "adult" ? 50 : person.role === "child" ? 42 : 34;
}

/**
 * A head from above. Adult: a long oval with ears and full outline. Infant: a small round head with one curl. Size, shape, colour and the label each tell them apart.
 */
export function headDrawing(
  people: readonly Person[],
  person: Person,
  place: HeadPlace,
  channels: readonly string[],
): Markup {
  const look = appearanceOf(people, person.id);
  const isAdult = person.role === "adult";
  const length = headLength(person);
  const width = isAdult ? length * 0.78 : length * 0.95;
  const { x, y, facing } = place;
  const paint = html`fill="${isAdult ? "var(--adult-soft)" : "var(--infant-soft)"}" stroke="${look.colour}" stroke-width="2.5"`;
  const tip = x + facing * (length + (isAdult ? 11 : 6));
  const root = x + facing * length * 0.96;
  const half = isAdult ? 8 : 5;
  const nose = html`<path d="M${at(root)},${at(y - half)} L${at(tip)},${at(y)} L${at(root)},${at(y + half)}" ${paint} stroke-linejoin="round"/>`;
  const ears = [-1, 1].map(
    (side) =>
      html`<ellipse cx="${at(x)}" cy="${at(y + side * width)}" rx="${isAdult ? "9" : "5"}" ry="${isAdult ? "5" : "3.5"}" ${paint}/>`,
  );
  const skull = html`<ellipse cx="${at(x)}" cy="${at(y)}" rx="${at(length)}" ry="${at(width)}" ${paint}/>`;
  const curl = isAdult
    ? nothing
    : html`<path d="M${at(x - facing * 30)},${at(y)} q${at(-facing * 10)},-10 ${at(-facing * 13)},0 q0,7 ${at(facing * 6)},4" fill="none" stroke="${look.colour}" stroke-width="2.5" stroke-linecap="round"/>`;
  const sites = channels.map((channel) => {
    const site = electrodePosition(channel);
    if (site === undefined) return nothing;
    // The front of the head points along `facing`; the person's left is then up or down.
    const cx = x + facing * site.y * length * 0.9;
    const cy = y + facing * site.x * width * 0.9;
    return html`<circle cx="${at(cx)}" cy="${at(cy)}" r="3" fill="${look.colour}"><title>${channel}</title></circle>`;
  });
  const label = html`<text x="${at(x)}" y="${at(y + 68)}" text-anchor="middle" font-size="13" font-weight="600" fill="${look.colour}">${look.glyph} ${person.id}</text>`;
  return html`<g>${ears}${nose}${skull}${curl}${sites}${label}</g>`;
}
