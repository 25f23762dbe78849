import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clockText } from "../traces/session-zero.ts";
import { onThemeChange, readThemeColours, type ThemeColours } from "../traces/theme-colours.ts";

/** Room of the vertical axis, so that charts and strips that stand below one another share the axis of time. */
export const AXIS_PIXELS = 58;
export const RIGHT_PIXELS = 12;

export type ChartOptions = Pick<uPlot.Options, "series" | "scales" | "bands" | "hooks"> & {
  readonly decimals: number;
  readonly ySplits?: uPlot.Axis["splits"];
};

interface Props {
  readonly label: string;
  readonly height: number;
  readonly data: uPlot.AlignedData;
  /** The lines that there are: another one makes the chart anew. */
  readonly shape: string;
  /** Called when the chart is made; what changes later, its hooks and ranges read through a reference. */
  readonly options: (colours: ThemeColours) => ChartOptions;
}

/** A chart of time that follows its width, its data and the theme. */
export function Chart({ label, height, data, shape, options }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef({ data, options });
  newest.current = { data, options };
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(
        whole(newest.current.options(readThemeColours()), element.clientWidth, height),
        newest.current.data,
        element,
      );
    };
    make();
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    const endTheme = onThemeChange(make);
    return () => {
      resize.disconnect();
      endTheme();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, height]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <div ref={box} class="hearts-chart" style={{ height: `${height}px` }} role="img" aria-label={label} />
  );
}

function whole(
  { decimals, ySplits, ...options }: ChartOptions,
  width: number,
  height: number,
): uPlot.Options {
  const colours = readThemeColours();
  const axis = {
    stroke: colours.muted,
    grid: { stroke: colours.line, width: 0.5 },
    ticks: { stroke: colours.line, width: 0.5, size: 4 },
    font: "11px system-ui, sans-serif",
  };
  return {
    width,
    height,
    padding: [8, RIGHT_PIXELS, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    ...options,
    axes: [
      { ...axis, size: 24, space: 60, values: (_, splits) => splits.map(clockText) },
      {
        ...axis,
        size: AXIS_PIXELS,
        space: 26,
        ...(ySplits === undefined ? {} : { splits: ySplits }),
        values: (_, splits) => splits.map((v) => v.toFixed(decimals).replace("-", "−")),
      },
    ],
  };
}
