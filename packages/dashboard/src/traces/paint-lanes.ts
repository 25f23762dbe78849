import type { Hello, Timeline } from "@attune/wire/page";
import { byPerson } from "../parts/person-order.ts";
import { eventMarks, freeLabels } from "./event-marks.ts";
import { clockText } from "./session-zero.ts";
import { stateColour, type ThemeColours } from "./theme-colours.ts";

/** One line of state bands. */
export interface Lane {
  readonly person: string;
  readonly layer: string;
}

export const LANE_HEIGHT = 16;
export const AXIS_HEIGHT = 16;
const LANE_GAP = 2;
/** Events that are nearer are one mark. */
export const DENSE_PIXELS = 16;

export interface LaneView {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly zero: number;
  readonly secondsPerLabel: number;
}

/** Layers that are shown above the traces: gaze of everybody, phase, pause. */
export function lanesOf(timeline: Timeline, layers: readonly Lane[], people: Hello["people"] = []): Lane[] {
  const lanes = new Map<string, Lane>();
  const add = ({ person, layer }: Lane): void => {
    lanes.set(`${person}.${layer}`, { person, layer });
  };
  for (const lane of layers) if (lane.layer === "gaze") add(lane);
  for (const lane of timeline.intervals) if (lane.layer === "gaze") add(lane);
  const session = timeline.intervals.some(({ layer }) => layer === "phase" || layer === "pause");
  return [
    ...byPerson([...lanes.values()], people),
    ...(session ? [{ person: "session", layer: "phase" }] : []),
  ];
}

/** Intervals that a lane shows: pauses stand in the lane of the phases. */
export const isInLane = (lane: Lane, interval: Lane & { readonly state: string }): boolean =>
  lane.layer === "phase"
    ? interval.layer === "phase" || (interval.layer === "pause" && interval.state === "paused")
    : interval.layer === lane.layer && interval.person === lane.person;

/** Bands with their words, events, and the axis of time. Everything in CSS pixels. */
export function paintLanes(
  context: CanvasRenderingContext2D,
  { from, to, width, zero, secondsPerLabel }: LaneView,
  lanes: readonly Lane[],
  timeline: Timeline,
  colours: ThemeColours,
): void {
  const height = lanes.length * (LANE_HEIGHT + LANE_GAP) + AXIS_HEIGHT;
  const xOf = (time: number): number => ((time - from) / (to - from)) * width;
  context.fillStyle = colours.bg;
  context.fillRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  lanes.forEach((lane, n) => {
    const y = n * (LANE_HEIGHT + LANE_GAP);
    context.fillStyle = colours.shade;
    context.fillRect(0, y, width, LANE_HEIGHT);
    for (const interval of timeline.intervals) {
      const offset = interval.offset ?? to;
      if (interval.onset >= to || offset <= from || !isInLane(lane, interval)) continue;
      paintBand(
        context,
        Math.max(-2, xOf(interval.onset)),
        Math.min(width, xOf(offset)),
        y,
        interval,
        colours,
      );
    }
  });
  const axis = lanes.length * (LANE_HEIGHT + LANE_GAP);
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  const first = Math.ceil((from - zero) / secondsPerLabel);
  for (let n = first; zero + n * secondsPerLabel < to; n++) {
    const x = xOf(zero + n * secondsPerLabel);
    context.fillRect(Math.round(x), axis + AXIS_HEIGHT - 5, 1, 5);
    const label = clockText(n * secondsPerLabel);
    // Half a time would be another time.
    if (x + 4 + context.measureText(label).width <= width)
      context.fillText(label, x + 4, axis + AXIS_HEIGHT / 2);
  }
  paintEvents(context, { from, to, width }, axis, timeline, colours);
}

/** Few events by their labels, as far as none lies on another; many in few pixels as one mark, the longer the more. */
function paintEvents(
  context: CanvasRenderingContext2D,
  { from, to, width }: Pick<LaneView, "from" | "to" | "width">,
  axis: number,
  timeline: Timeline,
  colours: ThemeColours,
): void {
  const secondsPerPixel = (to - from) / width;
  const shown = eventMarks(timeline.events, DENSE_PIXELS * secondsPerPixel)
    .filter((mark) => mark.to >= from - (to - from) / 4 && mark.from < to)
    .map((mark) => {
      const start = Math.round((mark.from - from) / secondsPerPixel);
      const length = mark.count > 1 ? Math.max(2, (mark.to - mark.from) / secondsPerPixel) : 1;
      const label = mark.count > 1 ? `${mark.count}×` : mark.label;
      const room = label === "" ? 0 : context.measureText(label).width + 8;
      return { start, length, label, left: start + length, width: room, isFirst: mark.count === 1 };
    });
  const isFree = freeLabels(shown);
  shown.forEach(({ start, length, label, left, width: room, isFirst }, n) => {
    context.fillStyle = colours.muted;
    if (isFirst) context.fillRect(start, axis, 1, AXIS_HEIGHT);
    else context.fillRect(start, axis + AXIS_HEIGHT - 4, length, 4);
    if (!isFree[n]) return;
    context.fillStyle = colours.panel;
    context.fillRect(left, axis + 1, room, AXIS_HEIGHT - 2);
    context.fillStyle = colours.fg;
    context.fillText(label, left + 4, axis + AXIS_HEIGHT / 2);
  });
}

function paintBand(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  y: number,
  { layer, state }: { readonly layer: string; readonly state: string },
  colours: ThemeColours,
): void {
  const name = stateColour(layer, state);
  if (name === undefined) {
    if (right - left > context.measureText(state).width + 10 && state !== "") {
      context.fillStyle = colours.muted;
      context.fillText(state, Math.max(0, left) + 6, y + LANE_HEIGHT / 2 + 0.5);
    }
    return;
  }
  context.fillStyle = colours[name];
  context.globalAlpha = 0.3;
  context.fillRect(left, y, Math.max(1, right - left), LANE_HEIGHT);
  context.globalAlpha = 1;
  context.fillRect(left, y, 2, LANE_HEIGHT);
  if (right - Math.max(0, left) < context.measureText(state).width + 10) return;
  context.fillStyle = colours.fg;
  context.fillText(state, Math.max(0, left) + 6, y + LANE_HEIGHT / 2 + 0.5);
}
