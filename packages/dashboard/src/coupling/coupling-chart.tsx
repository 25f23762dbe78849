import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clockText } from "../traces/session-zero.ts";
import { onThemeChange, readThemeColours } from "../traces/theme-colours.ts";
import type { CouplingSeries } from "./coupling-series.ts";

const HEIGHT = 132;

/**
 * One direction over time: a line for each condition, the first in the colour of the person it comes from, the others grey and
 * dashed; the null band of the first is shaded.
 */
export function CouplingChart({
  series,
  colour,
  label,
}: {
  series: CouplingSeries;
  colour: "adult" | "infant";
  label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(series);
  newest.current = series;
  const conditionsKey = series.conditions.map(({ condition }) => condition).join();

  useEffect(() => {
    const element = box.current!;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(
        options(newest.current, colour, element.clientWidth),
        dataOf(newest.current),
        element,
      );
    };
    make();
    const resize = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    const endTheme = onThemeChange(make);
    return () => {
      resize.disconnect();
      endTheme();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [conditionsKey, colour]);
  useEffect(() => plot.current?.setData(dataOf(series)), [series]);

  return <div ref={box} class="coupling-chart" role="img" aria-label={label} />;
}

const dataOf = ({ times, conditions }: CouplingSeries): uPlot.AlignedData => [
  times,
  ...conditions.flatMap(({ nullLow, nullHigh, trusted, untrusted }) => [
    nullLow,
    nullHigh,
    trusted,
    untrusted,
  ]),
];

function options(series: CouplingSeries, colour: "adult" | "infant", width: number): uPlot.Options {
  const colours = readThemeColours();
  const axis = {
    stroke: colours.muted,
    grid: { stroke: colours.line, width: 0.5 },
    ticks: { stroke: colours.line, width: 0.5, size: 4 },
    font: "11px system-ui, sans-serif",
  };
  const lines = series.conditions.flatMap((_, n): uPlot.Series[] => {
    const stroke = n === 0 ? colours[colour] : colours.grey;
    const common = { spanGaps: true, points: { show: false } };
    return [
      { ...common, stroke: "transparent", width: 0 },
      { ...common, stroke: "transparent", width: 0 },
      { ...common, stroke, width: n === 0 ? 2 : 1.5, dash: n === 0 ? [] : [6, 4] },
      { ...common, stroke: colours.grey, width: 1, dash: [1, 3] },
    ];
  });
  return {
    width,
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most ?? 0, 0.01) * 1.08] } },
    series: [{}, ...lines],
    bands: series.conditions.length === 0 ? [] : [{ series: [2, 1], fill: `${colours.grey}38` }],
    axes: [
      { ...axis, size: 24, space: 70, values: (_, splits) => splits.map(clockText) },
      { ...axis, size: 46, space: 28, values: (_, splits) => splits.map((v) => v.toFixed(2)) },
    ],
  };
}
