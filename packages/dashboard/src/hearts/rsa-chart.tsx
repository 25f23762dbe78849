import type { HeartOfPerson } from "@attune/wire/page";
import { useRef } from "preact/hooks";
import type { Tone } from "../parts/tone.ts";
import { Chart } from "./chart.tsx";
import { columnsOf, steadyRange } from "./interbeat-line.ts";

interface Props {
  readonly label: string;
  readonly lines: readonly { readonly tone: Tone; readonly trend: HeartOfPerson["rsaTrend"] }[];
  readonly from: number;
  readonly to: number;
  readonly zero: number;
}

/** RSA at the centres of its windows, on the axis of time of the intervals. */
export function RsaChart({ label, lines, from, to, zero }: Props) {
  const shown = lines.map(({ trend }) => trend.filter(({ at }) => at >= from));
  const { times, columns } = columnsOf(
    shown.map((trend) => ({ times: trend.map(({ at }) => at), values: trend.map(({ value }) => value) })),
  );
  const range = steadyRange(
    shown.flatMap((trend) => trend.flatMap(({ value }) => value ?? [])),
    1,
  );
  const state = useRef({ from, to, range });
  state.current = { from, to, range };
  return (
    <Chart
      label={label}
      height={104}
      shape={`${zero} ${lines.map(({ tone }) => tone).join()}`}
      data={[times.map((at) => at - zero), ...columns]}
      options={(colours) => ({
        decimals: 1,
        scales: {
          x: { time: false, range: () => [state.current.from - zero, state.current.to - zero] },
          y: { range: () => state.current.range },
        },
        series: [
          {},
          ...lines.map(({ tone }) => ({ stroke: colours[tone], width: 1.5, points: { show: false } })),
        ],
      })}
    />
  );
}
