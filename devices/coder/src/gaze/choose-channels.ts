import type { Channel } from "@attune/signal";
import { CoderError } from "../errors.ts";

/**
 * A channel with what XDF's "Gaze Meta-Data" add: `type` (`ScreenX`, `Confidence` ...) and `eye`. Where a reader keeps them they
 * decide; labels do where it does not.
 */
export interface GazeChannel extends Channel {
  readonly type?: string;
  readonly eye?: string;
}

export interface GazeStream {
  readonly name: string;
  readonly channels: readonly GazeChannel[];
}

/** Where one eye's (or both eyes' common) point of gaze stands in a sample. Indices of channels, from 0. */
export interface EyeChannels {
  readonly x: number;
  readonly y: number;
  /** 0 to 1. */
  readonly confidence?: number;
  /** 1 where the tracker calls the point valid. */
  readonly valid?: number;
}

export interface GazeChannels {
  /** One entry, or one for each eye: then the mean of the valid ones counts. */
  readonly eyes: readonly EyeChannels[];
  /** Head yaw in degrees, where the stream has it. */
  readonly yaw?: number;
  readonly coordinates: "normalised" | "pixels" | "unknown";
  /** Which channels were chosen, for people. */
  readonly chosen: string;
}

type Eye = "both" | "left" | "right";

/** Labels of streams that carry no types, in order of preference; `x` stands for the axis, `EYE` for the eye. */
const POSITION_LABELS: readonly { readonly source: string; readonly pattern: RegExp }[] = [
  { source: "Pupil Capture", pattern: /^norm_pos_([xy])$/i },
  { source: "TittaLSL", pattern: /^([xy])\.position_on_display_area\.gaze_point\.(left|right)_eye$/i },
  { source: "Tobii Pro", pattern: /^(left|right)_gaze_point_on_display_area_([xy])$/i },
  { source: "Tobii Pro", pattern: /^gaze_point_on_display_area_([xy])$/i },
  { source: "gaze", pattern: /^gaze[_ ]?([xy])$/i },
  { source: "Neon", pattern: /^([xy])$/i },
];
const VALID_LABELS = [
  /^valid\.gaze_point\.(left|right)_eye$/i,
  /^(left|right)_gaze_point_valid(?:ity)?$/i,
  /^gaze_point_valid(?:ity)?$/i,
];
const CONFIDENCE_LABEL = /^(?:(left|right)_)?confidence$/i;
const YAW_LABEL = /^(?:head_?)?yaw$/i;

/**
 * Find the point of gaze in a stream by what its channels say of themselves, never by their position: types `ScreenX` and
 * `ScreenY` first (XDF "Gaze Meta-Data"; Pupil Capture, Neon and TittaLSL follow it), else labels that Pupil Capture
 * (`norm_pos_x`), TittaLSL, Tobii Pro or Neon (`x`) use. Points in millimetres, directions and pupils are not
 * points of gaze and are passed over.
 *
 * @throws CoderError listing the channels when none fits or when several fit equally well
 */
export function chooseGazeChannels(stream: GazeStream): GazeChannels {
  const found = byType(stream) ?? byLabel(stream);
  if (!found)
    throw new CoderError(
      `Stream "${stream.name}" has no point of gaze among its channels (${labels(stream)}); expected types ScreenX and ScreenY, or labels such as norm_pos_x and norm_pos_y (Pupil Capture) or x and y (Neon).`,
    );
  const eyes = found.map((eye) => withQuality(stream, eye));
  const yaw = stream.channels.findIndex(({ label }) => YAW_LABEL.test(label));
  const units = new Set(eyes.flatMap(({ x, y }) => [x, y]).map((i) => coordinates(stream.channels[i]!.unit)));
  return {
    eyes: eyes.map(({ eye: _, ...channels }) => channels),
    ...(yaw < 0 ? {} : { yaw }),
    coordinates: units.size === 1 ? [...units][0]! : "unknown",
    chosen: describe(stream, eyes, yaw),
  };
}

type Found = { readonly eye: Eye; readonly x: number; readonly y: number };

function byType(stream: GazeStream): Found[] | undefined {
  const found: { axis: "x" | "y"; eye: Eye; index: number }[] = [];
  stream.channels.forEach(({ type, eye }, index) => {
    const axis = /^screen([xy])$/i.exec(type ?? "")?.[1]?.toLowerCase() as "x" | "y" | undefined;
    if (axis) found.push({ axis, eye: eyeOf(eye), index });
  });
  return pair(stream, found);
}

function byLabel(stream: GazeStream): Found[] | undefined {
  for (const { pattern } of POSITION_LABELS) {
    const found: { axis: "x" | "y"; eye: Eye; index: number }[] = [];
    stream.channels.forEach(({ label }, index) => {
      const parts = pattern.exec(label)?.slice(1);
      if (!parts) return;
      const axis = parts.find((part) => /^[xy]$/i.test(part))!.toLowerCase() as "x" | "y";
      found.push({ axis, eye: eyeOf(parts.find((part) => /left|right/i.test(part))), index });
    });
    const pairs = pair(stream, found);
    if (pairs) return pairs;
  }
  return undefined;
}

/** Both axes of the common point where there is one, else of each eye. */
function pair(
  stream: GazeStream,
  found: readonly { axis: "x" | "y"; eye: Eye; index: number }[],
): Found[] | undefined {
  const pairs = (["both", "left", "right"] as const).flatMap((eye): Found[] => {
    const of = (axis: "x" | "y"): typeof found => found.filter((one) => one.axis === axis && one.eye === eye);
    const x = of("x");
    const y = of("y");
    if (x.length > 1 || y.length > 1)
      throw new CoderError(
        `Stream "${stream.name}" has several points of gaze (${[...x, ...y].map(({ index }) => stream.channels[index]!.label).join(", ")}); name the two channels to use.`,
      );
    return x[0] && y[0] ? [{ eye, x: x[0].index, y: y[0].index }] : [];
  });
  if (pairs.length === 0) return undefined;
  return pairs[0]!.eye === "both" ? [pairs[0]!] : pairs;
}

function withQuality(stream: GazeStream, { eye, x, y }: Found): EyeChannels & { readonly eye: Eye } {
  const index = (fits: (channel: GazeChannel) => boolean): number => stream.channels.findIndex(fits);
  const confidence = index(
    ({ label, type, eye: of }) =>
      (/^confidence$/i.test(type ?? "") && eyeOf(of) === eye) ||
      (type === undefined && matchesEye(CONFIDENCE_LABEL.exec(label), eye)),
  );
  const valid = index(({ label }) => VALID_LABELS.some((pattern) => matchesEye(pattern.exec(label), eye)));
  return { eye, x, y, ...(confidence < 0 ? {} : { confidence }), ...(valid < 0 ? {} : { valid }) };
}

const matchesEye = (match: RegExpExecArray | null, eye: Eye): boolean =>
  match !== null && eyeOf(match[1]) === eye;

const eyeOf = (text: string | undefined): Eye => {
  const eye = text?.toLowerCase();
  return eye === "left" || eye === "right" ? eye : "both";
};

function coordinates(unit: string): GazeChannels["coordinates"] {
  if (/^(normali[sz]ed|norm)$/i.test(unit)) return "normalised";
  return /^(px|pixels?)$/i.test(unit) ? "pixels" : "unknown";
}

const labels = ({ channels }: GazeStream): string => channels.map(({ label }) => label).join(", ");

function describe(stream: GazeStream, eyes: readonly (EyeChannels & { eye: Eye })[], yaw: number): string {
  const name = (index: number): string => `${stream.channels[index]!.label} (channel ${index + 1})`;
  const parts = eyes.map(({ eye, x, y, confidence, valid }) => {
    const quality = [
      confidence === undefined ? [] : [`confidence ${name(confidence)}`],
      valid === undefined ? [] : [`validity ${name(valid)}`],
    ].flat();
    const who = eye === "both" ? "" : `${eye} eye: `;
    return `${who}${[`${name(x)} and ${name(y)}`, ...quality].join(", ")}`;
  });
  return [...parts, ...(yaw < 0 ? [] : [`head yaw ${name(yaw)}`])].join("; ");
}
