import type { Hello, Timeline } from "@attune/wire/page";
import { NULL_BAND_SDS } from "../coupling/read-evidence.ts";
import { eventMarks } from "../traces/event-marks.ts";
import { DENSE_PIXELS, isInLane } from "../traces/paint-lanes.ts";
import { clockText } from "../traces/session-zero.ts";
import { stateColour, type ThemeColours } from "../traces/theme-colours.ts";
import { labelSeconds, rowsHeight, type TimelineMeasures, type TimelineRow } from "./rows.ts";

export interface TimelinePicture {
  readonly timeline: Timeline;
  readonly rows: readonly TimelineRow[];
  readonly measures: TimelineMeasures;
  readonly people: Hello["people"];
  readonly band: string;
  readonly from: number;
  readonly to: number;
  readonly zero: number;
  readonly width: number;
  readonly colours: ThemeColours;
}

type Context = CanvasRenderingContext2D;
const LABEL_PIXELS = 80;

/** The whole session. In CSS pixels. */
export function paintTimeline(context: Context, picture: TimelinePicture): void {
  const { rows, measures, width, colours, from, to, zero, timeline } = picture;
  const x = (time: number): number => ((time - from) / Math.max(1e-9, to - from)) * width;
  let y = measures.axis;
  const height = rowsHeight(rows, measures);
  context.fillStyle = colours.bg;
  context.fillRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";

  const step = labelSeconds(((to - from) / width) * LABEL_PIXELS);
  for (let n = Math.ceil((from - zero) / step); zero + n * step <= to; n++) {
    const at = Math.round(x(zero + n * step));
    context.fillStyle = colours.line;
    context.fillRect(at, measures.axis - 5, 1, height);
    context.fillStyle = colours.muted;
    if (at < width - 30) context.fillText(clockText(n * step), at + 4, measures.axis / 2);
  }
  for (const row of rows) {
    const rowHeight = measures[row.kind];
    if (row.kind === "lane") paintLane(context, picture, row.lane, x, y, rowHeight);
    else if (row.kind === "rejected") paintRejected(context, picture, x, y, rowHeight);
    else if (row.kind === "gaps") paintGaps(context, picture, x, y, rowHeight);
    else paintCoupling(context, picture, row, x, y, rowHeight);
    y += rowHeight + measures.between;
  }
  // Many in few pixels are a bar on the axis; a line is for one that stands alone.
  for (const mark of eventMarks(timeline.events, (DENSE_PIXELS * (to - from)) / width)) {
    const left = Math.round(x(mark.from));
    context.fillStyle = colours.muted;
    if (mark.count > 1) {
      context.fillRect(left, measures.axis - 5, Math.max(3, x(mark.to) - left), 4);
      continue;
    }
    context.globalAlpha = 0.45;
    context.fillRect(left, measures.axis, 1, height);
    context.globalAlpha = 1;
    context.beginPath();
    context.moveTo(left - 4, measures.axis - 7);
    context.lineTo(left + 5, measures.axis - 7);
    context.lineTo(left + 0.5, measures.axis);
    context.fill();
  }
}

type Scale = (time: number) => number;

function paintLane(
  context: Context,
  picture: TimelinePicture,
  lane: { person: string; layer: string },
  x: Scale,
  y: number,
  height: number,
): void {
  const { timeline, colours, width } = picture;
  context.fillStyle = colours.shade;
  context.fillRect(0, y, width, height);
  for (const interval of timeline.intervals) {
    if (!isInLane(lane, interval)) continue;
    const left = x(interval.onset);
    const right = x(interval.offset ?? timeline.to);
    const name = stateColour(interval.layer, interval.state);
    if (name !== undefined) {
      context.fillStyle = colours[name];
      context.globalAlpha = interval.layer === "phase" ? 0.3 : 0.62;
      context.fillRect(left, y, Math.max(0.75, right - left - 0.5), height);
      context.globalAlpha = 1;
    }
    const room = right - Math.max(0, left) - 8;
    if (room < 24 || context.measureText(interval.state).width > room) continue;
    context.fillStyle = name === undefined ? colours.muted : colours.fg;
    context.fillText(interval.state, Math.max(0, left) + 4, y + height / 2 + 0.5);
  }
}

/** Share of rejected windows in each pixel: the taller, the more. */
function paintRejected(
  context: Context,
  { timeline, colours, width, from, to }: TimelinePicture,
  x: Scale,
  y: number,
  height: number,
): void {
  context.fillStyle = colours.shade;
  context.fillRect(0, y, width, height);
  const bin = 3;
  const bins = new Float64Array(Math.ceil(width / bin) + 1);
  const secondsPerBin = ((to - from) / width) * bin;
  for (const { at, seconds } of timeline.rejected) {
    const first = Math.max(0, x(at) / bin);
    const last = Math.min(bins.length - 1, x(at + seconds) / bin);
    for (let n = Math.floor(first); n <= last; n++) {
      const covered = Math.min(n + 1, last) - Math.max(n, first);
      bins[n] = Math.min(
        1,
        bins[n]! + Math.max(covered, seconds < secondsPerBin ? seconds / secondsPerBin : 0),
      );
    }
  }
  context.fillStyle = colours.caution;
  bins.forEach((share, n) => {
    if (share > 0)
      context.fillRect(
        n * bin,
        y + height - Math.max(2, share * height),
        bin - 0.5,
        Math.max(2, share * height),
      );
  });
}

function paintGaps(
  context: Context,
  { timeline, colours, width }: TimelinePicture,
  x: Scale,
  y: number,
  height: number,
): void {
  context.fillStyle = colours.shade;
  context.fillRect(0, y, width, height);
  context.fillStyle = colours.alarm;
  // However short, a gap is seen.
  for (const gap of timeline.gaps)
    context.fillRect(x(gap.from), y, Math.max(2, x(gap.to) - x(gap.from)), height);
}

/** Corrected coupling of each condition around its null: the band is what chance does, grey is what may not be read. */
function paintCoupling(
  context: Context,
  { timeline, colours, width, band, people }: TimelinePicture,
  row: { readonly from: string; readonly to: string },
  x: Scale,
  y: number,
  height: number,
): void {
  context.fillStyle = colours.shade;
  context.fillRect(0, y, width, height);
  const points = timeline.couplings
    .filter((c) => c.band === band && c.from === row.from && c.to === row.to)
    .sort((a, b) => a.at - b.at);
  let most = 0.01;
  let least = 0;
  for (const { corrected, nullSd } of points) {
    most = Math.max(most, corrected ?? 0, NULL_BAND_SDS * (nullSd ?? 0));
    least = Math.min(least, corrected ?? 0, -NULL_BAND_SDS * (nullSd ?? 0));
  }
  const yOf = (value: number): number => y + 3 + (1 - (value - least) / (most - least)) * (height - 6);
  const conditions = [...new Set(points.map(({ condition }) => condition))];
  const first = points.filter(({ condition, nullSd }) => condition === conditions[0] && nullSd !== null);
  context.fillStyle = colours.grey;
  context.globalAlpha = 0.25;
  context.beginPath();
  for (const { at, nullSd } of first) context.lineTo(x(at), yOf(NULL_BAND_SDS * nullSd!));
  for (const { at, nullSd } of first.toReversed()) context.lineTo(x(at), yOf(-NULL_BAND_SDS * nullSd!));
  context.fill();
  context.globalAlpha = 1;
  const isAdult = people.find(({ id }) => id === row.from)?.role === "adult";
  conditions.forEach((condition, n) => {
    const own = points.filter((p) => p.condition === condition && p.corrected !== null);
    context.setLineDash(n === 0 ? [] : [5, 3]);
    context.lineWidth = n === 0 ? 1.8 : 1.2;
    for (let i = 1; i < own.length; i++) {
      const [a, b] = [own[i - 1]!, own[i]!];
      context.strokeStyle =
        !a.isTrusted || !b.isTrusted ? colours.grey : isAdult ? colours.adult : colours.infant;
      context.beginPath();
      context.moveTo(x(a.at), yOf(a.corrected!));
      context.lineTo(x(b.at), yOf(b.corrected!));
      context.stroke();
    }
  });
  context.setLineDash([]);
}
