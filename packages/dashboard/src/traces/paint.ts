import type { Timeline } from "@attune/wire/page";
import { eventMarks } from "./event-marks.ts";
import type { TraceGroup, TraceRow } from "./layout.ts";
import { DENSE_PIXELS } from "./paint-lanes.ts";
import { mix, pixelOf, type Raster } from "./raster.ts";
import type { StreamTraces } from "./stream-traces.ts";
import { stateColour, type ThemeColours, type TracePalette } from "./theme-colours.ts";

/** Microvolts or millivolts that one row is high, by person. */
export interface Gains {
  readonly eegMicrovolts: Readonly<Record<string, number>>;
  readonly ecgMillivolts: number;
}

/** All that decides how columns become pixels. */
export interface Picture {
  readonly groups: readonly TraceGroup[];
  readonly streams: ReadonlyMap<string, StreamTraces>;
  readonly scales: ReadonlyMap<TraceRow, RowScale>;
  readonly palette: TracePalette;
  readonly colours: ThemeColours;
  readonly secondsPerColumn: number;
  readonly secondsPerGridLine: number;
  /** Session time that is shown as 0:00. */
  readonly zero: number;
  readonly lineWidth: number;
  readonly pixelsPerCssPixel: number;
  readonly timeline: Timeline;
  /** Layer whose states colour the ground. */
  readonly layer: { readonly person: string; readonly layer: string } | undefined;
}

export interface RowScale {
  /** Value in the middle of the row. */
  readonly middle: number;
  readonly pixelsPerUnit: number;
}

const STATE_SHARE = 0.09;
const PAUSE_SHARE = 0.14;
const GAP_SHARE = 0.1;
const EVENT_SHARE = 0.5;

/** Paints columns `first .. last` at `x = column - left`: ground, states, grid, gaps, events, then the lines. */
export function paintColumns(
  raster: Raster,
  picture: Picture,
  left: number,
  first: number,
  last: number,
): void {
  paintGround(raster, picture, left, first, last);
  for (const group of picture.groups) {
    let n = 0;
    for (const row of group.rows) {
      const stream = picture.streams.get(row.streamId);
      const scale = picture.scales.get(row);
      if (stream === undefined || scale === undefined) continue;
      const pixel =
        row.kind === "eeg" ? picture.palette.traces[group.tone][n++ % 2]! : picture.palette.heart[group.tone];
      const middle = row.top + row.height / 2;
      const half = picture.lineWidth / 2;
      const { columns } = stream;
      const base = row.channel * columns.capacity;
      for (
        let k = Math.max(first, columns.newest - columns.capacity + 1);
        k <= last && k <= columns.newest;
        k++
      ) {
        const slot = base + (((k % columns.capacity) + columns.capacity) % columns.capacity);
        const low = columns.low[slot]!;
        if (Number.isNaN(low)) continue;
        const top = middle - (columns.high[slot]! - scale.middle) * scale.pixelsPerUnit - half;
        const bottom = middle - (low - scale.middle) * scale.pixelsPerUnit + half;
        raster.span(k - left, top, bottom, pixel, group.top, group.bottom);
      }
    }
  }
}

function paintGround(raster: Raster, picture: Picture, left: number, first: number, last: number): void {
  const { palette, secondsPerColumn, groups, timeline, pixelsPerCssPixel } = picture;
  const { height } = raster.image;
  const grounds = groundOf(picture, first, last);
  for (let k = first; k <= last; k++) {
    raster.fill(k - left, 0, height, grounds[k - first]!);
    if (isGridLine(picture, k)) raster.tint(k - left, 0, height, palette.border, 0.6);
  }
  for (const group of groups) paintGaps(raster, picture, group, left, first, last);
  for (const { bottom } of groups.slice(0, -1))
    for (let k = first; k <= last; k++)
      raster.fill(k - left, Math.round(bottom) - 1, Math.round(bottom), palette.border);
  // A mark of many has no line: it would hide the traces that it is about.
  const near = DENSE_PIXELS * pixelsPerCssPixel * secondsPerColumn;
  for (const { from, count } of eventMarks(timeline.events, near)) {
    const k = Math.floor(from / secondsPerColumn);
    if (count === 1 && k >= first && k <= last) raster.tint(k - left, 0, height, palette.event, EVENT_SHARE);
  }
}

/** A gap of one stream darkens the rows of that stream and has a hard edge, however short it is. */
function paintGaps(
  raster: Raster,
  picture: Picture,
  group: TraceGroup,
  left: number,
  first: number,
  last: number,
): void {
  for (const [id, { columns }] of picture.streams) {
    const rows = group.rows.filter(({ streamId }) => streamId === id);
    if (rows.length === 0) continue;
    const top = Math.round(rows[0]!.top);
    const bottom = Math.round(rows.at(-1)!.top + rows.at(-1)!.height);
    for (
      let k = Math.max(first, columns.newest - columns.capacity + 1);
      k <= last && k <= columns.newest;
      k++
    ) {
      const slot = ((k % columns.capacity) + columns.capacity) % columns.capacity;
      if (columns.gaps[slot] === 0) continue;
      raster.tint(k - left, top, bottom, picture.palette.gap, GAP_SHARE);
      // Hatched, so that it is not told by colour alone.
      for (let y = top + ((((k - top) % 8) + 8) % 8); y < bottom; y += 8)
        raster.tint(k - left, y, y + 2, picture.palette.gap, 0.3);
    }
  }
}

function groundOf(picture: Picture, first: number, last: number): Uint32Array {
  const { palette, colours, secondsPerColumn, timeline, layer } = picture;
  const grounds = new Uint32Array(last - first + 1).fill(palette.background);
  const from = first * secondsPerColumn;
  const to = (last + 1) * secondsPerColumn;
  for (const interval of timeline.intervals) {
    const offset = interval.offset ?? Number.POSITIVE_INFINITY;
    if (interval.onset >= to || offset <= from) continue;
    const isPause = interval.layer === "pause";
    if (!isPause && (interval.layer !== layer?.layer || interval.person !== layer.person)) continue;
    const name = stateColour(interval.layer, interval.state);
    if (name === undefined) continue;
    const ground = mix(palette.background, pixelOf(colours[name]), isPause ? PAUSE_SHARE : STATE_SHARE);
    const begin = Math.max(first, Math.floor(interval.onset / secondsPerColumn));
    const end = Math.min(last + 1, Math.ceil(offset / secondsPerColumn));
    for (let k = begin; k < end; k++) grounds[k - first] = ground;
  }
  return grounds;
}

function isGridLine({ secondsPerColumn, secondsPerGridLine, zero }: Picture, k: number): boolean {
  const here = Math.floor((k * secondsPerColumn - zero) / secondsPerGridLine);
  return here !== Math.floor(((k - 1) * secondsPerColumn - zero) / secondsPerGridLine);
}
