import { useRef } from "preact/hooks";
import type { Tone } from "../parts/tone.ts";
import { Chart } from "./chart.tsx";
import { columnsOf, type InterbeatLine, steadyRange } from "./interbeat-line.ts";
import { paintMark, withinPlot } from "./paint-marks.ts";

interface Props {
  readonly label: string;
  readonly lines: readonly { readonly tone: Tone; readonly line: InterbeatLine }[];
  /** Session time of both ends. */
  readonly from: number;
  readonly to: number;
  readonly zero: number;
}

/** A line for each heart, with a mark on every beat that was corrected. */
export function InterbeatChart({ label, lines, from, to, zero }: Props) {
  const { times, columns } = columnsOf(lines.map(({ line }) => line));
  const known = lines.flatMap(({ line }) => [
    ...line.values.filter((value) => value !== null),
    ...line.marks.map(({ value }) => value),
  ]);
  const range = steadyRange(known, 100);
  const state = useRef({ lines, from, to, zero, range });
  state.current = { lines, from, to, zero, range };
  const shape = `${zero} ${lines.map(({ tone }) => tone).join()}`;
  return (
    <Chart
      label={label}
      height={170}
      shape={shape}
      data={[times.map((at) => at - zero), ...columns]}
      options={(colours) => ({
        decimals: 0,
        scales: {
          x: { time: false, range: () => [state.current.from - zero, state.current.to - zero] },
          y: { range: () => state.current.range },
        },
        series: [
          {},
          ...lines.map(({ tone }) => ({ stroke: colours[tone], width: 1.5, points: { show: false } })),
        ],
        hooks: {
          draw: [
            (plot) =>
              withinPlot(plot, (context, ratio) => {
                context.lineWidth = 1.5 * ratio;
                context.fillStyle = colours.bg;
                for (const { tone, line } of state.current.lines) {
                  context.strokeStyle = colours[tone];
                  for (const { at, value, mark } of line.marks)
                    paintMark(
                      context,
                      plot.valToPos(at - zero, "x", true),
                      plot.valToPos(value, "y", true),
                      mark,
                      ratio,
                    );
                }
              }),
          ],
        },
      })}
    />
  );
}
