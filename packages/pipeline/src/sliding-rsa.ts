import { SlidingRmssd, SlidingRsa } from "@attune/core";
import type { HeartSeries, Person, RmssdSample, RsaSample } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import type { GatedHeart, HeartTrend } from "./heart-events.ts";
import type { HeartSettings } from "./settings.ts";

/** RSA that slides along the series, and its value at every whole second. */
export function rsaOfSeries(
  person: Person,
  { seriesRate, rsaWindowSeconds }: HeartSettings,
): OperatorFunction<HeartSeries, RsaSample | HeartTrend> {
  return (series) =>
    defer(() => {
      const sliding = new SlidingRsa({
        samplingRate: seriesRate,
        population: person.role,
        windowSeconds: rsaWindowSeconds,
      });
      let origin = Number.NaN;
      return series.pipe(
        mergeMap(({ firstIndex, values }): (RsaSample | HeartTrend)[] => {
          if (Number.isNaN(origin)) origin = firstIndex;
          const startTime = origin / seriesRate;
          const windows = sliding.push({ startTime, firstSample: firstIndex - origin, values });
          if (windows.values.length === 0) return [];
          const rsa: RsaSample = {
            kind: "rsa",
            person: person.id,
            samplingRate: seriesRate,
            firstIndex: origin + windows.firstSample,
            values: windows.values,
          };
          const seconds = atWholeSeconds(rsa);
          return seconds.values.length > 0 ? [rsa, seconds] : [rsa];
        }),
      );
    });
}

function atWholeSeconds({ person, samplingRate, firstIndex, values }: RsaSample): HeartTrend {
  const first = Math.ceil(firstIndex / samplingRate);
  const last = Math.floor((firstIndex + values.length - 1) / samplingRate);
  return {
    kind: "heart-trend",
    person,
    series: "rsa",
    firstIndex: first,
    values: Float64Array.from(
      { length: Math.max(0, last - first + 1) },
      (_, k) => values[(first + k) * samplingRate - firstIndex]!,
    ),
  };
}

/** ln RMSSD at every settled interval. */
export function rmssdOfIntervals(
  person: string,
  windowSeconds: number,
): OperatorFunction<GatedHeart, RmssdSample> {
  return (hearts) =>
    defer(() => {
      const sliding = new SlidingRmssd({ windowSeconds });
      return hearts.pipe(
        mergeMap((event): RmssdSample[] => {
          if (event.kind !== "settled") return [];
          const { times, values } = sliding.push(event);
          return Array.from(times, (at, k) => ({
            kind: "rmssd",
            person,
            at,
            windowSeconds,
            value: values[k]!,
          }));
        }),
      );
    });
}
