import { InterbeatSeries } from "@attune/core";
import type { HeartSeries } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import type { GatedHeart, HeartTrend } from "./heart-events.ts";

/**
 * Settled intervals as a uniform series on the session clock, and their means over each whole second.
 *
 * A sample is final when an interval that closes at or after it is settled, and leaves with its nominal time.
 */
export function heartSeries(
  person: string,
  samplingRate: number,
): OperatorFunction<GatedHeart, HeartSeries | HeartTrend> {
  return (hearts) =>
    defer(() => {
      const line = new InterbeatSeries({ samplingRate });
      const means = new InterbeatSeries({ samplingRate: 1, method: "bin-mean" });
      return hearts.pipe(
        mergeMap((event): (HeartSeries | HeartTrend)[] => {
          if (event.kind !== "settled") return [];
          const out: (HeartSeries | HeartTrend)[] = [];
          const { startTime, firstSample, values } = line.push(event.times, event.intervals);
          const firstIndex = Math.round(startTime * samplingRate) + firstSample;
          if (values.length > 0) out.push({ kind: "heart-series", person, samplingRate, firstIndex, values });
          const bins = means.push(event.times, event.intervals);
          if (bins.values.length > 0)
            out.push({
              kind: "heart-trend",
              person,
              series: "interbeat-interval",
              firstIndex: Math.round(bins.startTime) + bins.firstSample,
              values: bins.values,
            });
          return out;
        }),
      );
    });
}
