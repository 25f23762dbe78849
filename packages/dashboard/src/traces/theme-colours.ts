import type { Tone } from "../parts/tone.ts";
import { mix, type Pixel, pixelOf } from "./raster.ts";

const NAMES = [
  "bg",
  "fg",
  "muted",
  "line",
  "panel",
  "shade",
  "adult",
  "adult-2",
  "infant",
  "infant-2",
  "grey",
  "alarm",
  "caution",
  "note",
  "good",
] as const;
export type ColourName = (typeof NAMES)[number];
export type ThemeColours = Readonly<Record<ColourName, string>>;

/** The colours that hold now, for what is drawn on a canvas, all as `#rrggbb`: a build may have written them shorter. */
export function readThemeColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  parser ??= document.createElement("canvas").getContext("2d")!;
  const colours: Partial<Record<ColourName, string>> = {};
  for (const name of NAMES) {
    parser.fillStyle = style.getPropertyValue(`--${name}`).trim();
    colours[name] = String(parser.fillStyle);
  }
  return colours as Record<ColourName, string>;
}

let parser: CanvasRenderingContext2D | undefined;

/** Calls back when the theme is changed. @returns what ends it */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class", "style"],
  });
  return () => observer.disconnect();
}

/** Behaviour towards the other, towards a thing, away from both: the same three colours for every layer and person. */
const STATE_COLOURS: Readonly<Record<string, ColourName>> = {
  direct: "infant-2",
  partner: "infant-2",
  mutual: "infant-2",
  speaking: "infant-2",
  vocalising: "infant-2",
  touching: "infant-2",
  object: "adult-2",
  indirect: "adult-2",
  "direct-oblique": "adult-2",
  averted: "grey",
  away: "grey",
  paused: "caution",
};
const QUIET = new Set(["unknown", "running", "none", "silent", "not-mutual", ""]);

/** Colour of a state; undefined for those that say that nothing is the case. */
export function stateColour(layer: string, state: string): ColourName | undefined {
  if (QUIET.has(state)) return undefined;
  return STATE_COLOURS[state] ?? (layer === "phase" ? "note" : "adult-2");
}

export interface TracePalette {
  readonly background: Pixel;
  readonly border: Pixel;
  readonly event: Pixel;
  readonly gap: Pixel;
  /** By person, alternating from row to row so that neighbours stay apart. */
  readonly traces: Readonly<Record<Tone, readonly [Pixel, Pixel]>>;
  readonly heart: Readonly<Record<Tone, Pixel>>;
}

export function tracePalette(colours: ThemeColours): TracePalette {
  const background = pixelOf(colours.bg);
  const pair = (colour: string): [Pixel, Pixel] => [pixelOf(colour), mix(background, pixelOf(colour), 0.72)];
  return {
    background,
    border: pixelOf(colours.line),
    event: pixelOf(colours.muted),
    gap: pixelOf(colours.alarm),
    traces: {
      adult: pair(colours.adult),
      "adult-2": pair(colours["adult-2"]),
      infant: pair(colours.infant),
      "infant-2": pair(colours["infant-2"]),
      grey: pair(colours.grey),
    },
    heart: {
      adult: pixelOf(colours.adult),
      "adult-2": pixelOf(colours["adult-2"]),
      infant: pixelOf(colours.infant),
      "infant-2": pixelOf(colours["infant-2"]),
      grey: pixelOf(colours.grey),
    },
  };
}
