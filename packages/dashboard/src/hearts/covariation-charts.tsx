import { useRef } from "preact/hooks";
import type uPlot from "uplot";
import { heartsText } from "../texts/hearts.ts";
import { Chart } from "./chart.tsx";
import type { CovariationSeries } from "./covariation-series.ts";
import { steadyRange } from "./interbeat-line.ts";
import { withinPlot } from "./paint-marks.ts";
import { NULL_MIDDLE } from "./read-hearts.ts";

/** Short sessions too begin with a wide axis, so that the first windows do not stand far apart. */
const LEAST_SECONDS = 120;

/** z of every window, and its place among mismatched windows below it. */
export function CovariationCharts({
  series,
  shape,
  label,
  placeLabel,
}: {
  series: CovariationSeries;
  /** Another one is another pair, measure or zero. */
  shape: string;
  label: string;
  placeLabel: string;
}) {
  const first = series.times[0] ?? 0;
  const state = useRef({ x: [0, 1], y: [0, 1] });
  state.current = {
    x: [first, Math.max(first + LEAST_SECONDS, series.times.at(-1) ?? 0)],
    y: steadyRange([-0.25, 0.25, ...series.z.filter((z) => z !== null)], 0.25),
  };
  const x = { time: false, range: () => state.current.x as [number, number] };
  const line = (stroke: string): uPlot.Series => ({ stroke, width: 1, points: { show: false } });
  const dots = (stroke: string, fill: string, size: number): uPlot.Series => ({
    stroke,
    paths: () => null,
    points: { show: true, size, width: 1.5, fill },
  });
  return (
    <>
      <Chart
        label={label}
        height={132}
        shape={shape}
        data={[series.times, series.z, series.inside, series.unplaced, series.outside]}
        options={(colours) => ({
          decimals: 2,
          scales: { x, y: { range: () => state.current.y as [number, number] } },
          series: [
            {},
            line(colours.grey),
            dots(colours.fg, colours.bg, 6),
            dots(colours.grey, colours.grey, 3),
            dots(colours.fg, colours.fg, 8),
          ],
          hooks: {
            drawClear: [
              (plot) =>
                withinPlot(plot, (context, ratio) => {
                  const y = plot.valToPos(0, "y", true);
                  context.strokeStyle = colours.muted;
                  context.lineWidth = ratio;
                  context.setLineDash([4 * ratio, 3 * ratio]);
                  context.beginPath();
                  context.moveTo(plot.bbox.left, y);
                  context.lineTo(plot.bbox.left + plot.bbox.width, y);
                  context.stroke();
                }),
            ],
          },
        })}
      />
      <p class="hearts-detail">{heartsText.percentileAxis}</p>
      <Chart
        label={placeLabel}
        height={84}
        shape={shape}
        data={[series.times, series.percentile]}
        options={(colours) => ({
          decimals: 0,
          ySplits: () => [0, 50, 100],
          scales: { x, y: { range: () => [-4, 104] } },
          series: [{}, { stroke: colours.fg, width: 1, points: { show: true, size: 4, fill: colours.fg } }],
          hooks: {
            drawClear: [
              (plot) =>
                withinPlot(plot, (context) => {
                  const [low, high] = NULL_MIDDLE.map((share) => plot.valToPos(100 * share, "y", true));
                  context.fillStyle = `${colours.grey}38`;
                  context.fillRect(plot.bbox.left, high!, plot.bbox.width, low! - high!);
                }),
            ],
          },
        })}
      />
    </>
  );
}
