import type { Timeline } from "@attune/wire/page";
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

export interface LaneView {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly zero: number;
  readonly secondsPerLabel: number;
}

/** Layers that are shown above the traces: gaze of everybody, phase, pause. */
export function lanesOf(timeline: Timeline, layers: readonly Lane[]): Lane[] {
  const lanes = new Map<string, Lane>();
  const add = ({ person, layer }: Lane): void => {
    lanes.set(`${person}.${layer}`, { person, layer });
  };
  for (const lane of layers) if (lane.layer === "gaze") add(lane);
  for (const lane of timeline.intervals) if (lane.layer === "gaze") add(lane);
  const session = timeline.intervals.some(({ layer }) => layer === "phase" || layer === "pause");
  return [...lanes.values(), ...(session ? [{ person: "session", layer: "phase" }] : [])];
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
    context.fillText(clockText(n * secondsPerLabel), x + 4, axis + AXIS_HEIGHT / 2);
  }
  context.fillStyle = colours.fg;
  for (const { at, label } of timeline.events) {
    if (at < from - (to - from) / 4 || at >= to) continue;
    const x = Math.round(xOf(at));
    context.fillRect(x, axis, 1, AXIS_HEIGHT);
    const length = context.measureText(label).width;
    context.fillStyle = colours.panel;
    context.fillRect(x + 1, axis + 1, length + 8, AXIS_HEIGHT - 2);
    context.fillStyle = colours.fg;
    context.fillText(label, x + 5, axis + AXIS_HEIGHT / 2);
  }
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
