import type uPlot from "uplot";
import type { BeatMark } from "./interbeat-line.ts";

const HALF = 4.5;

/** Marks beats that are not good as they came, by shape: no colour is needed to tell them. */
export function paintMark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  mark: BeatMark,
  ratio: number,
): void {
  const r = HALF * ratio;
  context.beginPath();
  switch (mark) {
    case "ectopic":
      polygon(context, x, y, [
        [0, -r],
        [r, 0],
        [0, r],
        [-r, 0],
      ]);
      break;
    case "missed":
      polygon(context, x, y, [
        [-r, -r],
        [r, -r],
        [0, r],
      ]);
      break;
    case "merged":
      context.rect(x - 0.8 * r, y - 0.8 * r, 1.6 * r, 1.6 * r);
      break;
    case "unused":
      context.moveTo(x - r, y - r);
      context.lineTo(x + r, y + r);
      context.moveTo(x + r, y - r);
      context.lineTo(x - r, y + r);
  }
  if (mark !== "unused") context.fill();
  context.stroke();
}

function polygon(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  points: readonly (readonly [number, number])[],
): void {
  for (const [dx, dy] of points) context.lineTo(x + dx, y + dy);
  context.closePath();
}

/** Draws within the plot only. */
export function withinPlot(
  plot: uPlot,
  draw: (context: CanvasRenderingContext2D, ratio: number) => void,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, devicePixelRatio);
  ctx.restore();
}
