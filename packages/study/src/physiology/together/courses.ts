import {
  type CovariationStatistic,
  circularShiftNull,
  eventLockedMean,
  eventLockedResponse,
  type Intervals,
  isWithin,
  laggedCorrelation,
  primaryMeasure,
  quantile,
  type SampledSeries,
  seenTimes,
  windowedCrossCorrelation,
} from "@attune/core";
import type { DyadBehaviour } from "../behaviour/vocabulary.ts";
import { largestAbsolute, strongestLag } from "../covariation/measures.ts";
import { type Heart, SERIES_RATE } from "../hearts/heart.ts";
import type { SharedTime } from "../hearts/shared-span.ts";
import type { DyadSettings } from "../request.ts";
import type { BrainSeries, EventLockedCourse } from "../result.ts";

/** A series on the common timeline, with what it is in words. */
export interface TimelineSeries {
  readonly name: string;
  readonly unit: string;
  readonly series: SampledSeries;
}

/** Moments on the common timeline. */
export interface TimelineEvents {
  readonly name: string;
  /** Session seconds, rising. */
  readonly onsets: Float64Array;
}

const BEFORE_SECONDS = 10;
const AFTER_SECONDS = 20;
/** Fewer events give no course. */
export const FEWEST_EVENTS = 3;
/** An answer that makes a turn begins so soon after the other's end, seconds. */
const TURN_SECONDS = 2;

/**
 * The primary measure as a series: the mean z of the window that is centred on each second. Neighbours share 29 of their 30 s,
 * so it moves slowly by construction.
 */
export function covariationSeries(first: Float64Array, second: Float64Array): Float64Array {
  const windows = windowedCrossCorrelation(first, second, { ...primaryMeasure.options, stepSeconds: 1 });
  const out = new Float64Array(first.length).fill(Number.NaN);
  const half = windows.windowSeconds / 2;
  for (let w = 0; w < windows.z.length; w++) out[Math.round(windows.starts[w]! + half)] = windows.z[w]!;
  return out;
}

/** Series of both hearts, their covariation and the brains, all on session time. */
export function timelineSeries(
  first: Heart,
  second: Heart,
  covariation: Float64Array,
  brain: readonly BrainSeries[],
  { start }: SharedTime,
): TimelineSeries[] {
  const heart = ({ id, interbeat }: Heart): TimelineSeries => ({
    name: `interbeat interval of ${id}`,
    unit: "ms",
    series: { values: interbeat, startTime: start, samplingRate: SERIES_RATE },
  });
  return [
    heart(first),
    heart(second),
    {
      name: "cardiac covariation",
      unit: "z",
      series: { values: covariation, startTime: start, samplingRate: 1 },
    },
    ...brain.map(({ from, to, values, startTime, samplingRate }) => ({
      name: `brain coupling ${from}->${to}`,
      unit: "squared GPDC",
      series: { values, startTime, samplingRate },
    })),
  ];
}

/** Onsets that were seen to happen. */
export function timelineEvents(behaviour: DyadBehaviour): TimelineEvents[] {
  const { gaze, mutualGaze, touch, voice, second } = behaviour;
  const of = (
    name: string,
    stream: Intervals | undefined,
    observed: Intervals | undefined,
  ): TimelineEvents[] =>
    stream === undefined || observed === undefined
      ? []
      : [{ name, onsets: seenTimes(stream.onsets, observed) }];
  return [
    ...of("mutual gaze begins", mutualGaze, gaze?.observed),
    ...touch.flatMap(({ person, any, observed }) => of(`${person}'s touch begins`, any, observed)),
    ...of(`${second} cries`, voice?.cries, voice?.observed),
    ...(voice === undefined
      ? []
      : [{ name: "vocal turn", onsets: turnOnsets(voice.protophones, voice.first, voice.observed) }]),
  ].filter(({ onsets }) => onsets.length > 0);
}

/** Onsets of either person's voice that follow the other's end within 2 s. */
function turnOnsets(a: Intervals, b: Intervals, observed: Intervals): Float64Array {
  const after = (own: Intervals, other: Intervals): number[] => {
    const times: number[] = [];
    let k = 0;
    for (const onset of own.onsets) {
      while (k < other.offsets.length && other.offsets[k]! < onset) k++;
      const since = k === 0 ? Number.POSITIVE_INFINITY : onset - other.offsets[k - 1]!;
      if (since <= TURN_SECONDS && isWithin(onset, observed)) times.push(onset);
    }
    return times;
  };
  return Float64Array.from([...after(a, b), ...after(b, a)]).sort();
}

/** Mean courses of every series around every kind of event, each with a band that holds for all lags at once. */
export function eventLockedCourses(
  events: readonly TimelineEvents[],
  series: readonly TimelineSeries[],
  { seed, nSurrogates, alpha }: DyadSettings,
): EventLockedCourse[] {
  return events.flatMap(({ name: event, onsets }) =>
    onsets.length < FEWEST_EVENTS
      ? []
      : series.map(({ name, unit, series: each }): EventLockedCourse => {
          const key = `${event} / ${name}`;
          const course = eventLockedMean(each, onsets, {
            beforeSeconds: BEFORE_SECONDS,
            afterSeconds: AFTER_SECONDS,
            baselineSeconds: [-5, 0],
            nSurrogates,
            seed,
            key,
            alpha,
          });
          const response = eventLockedResponse(each, onsets, { nSurrogates, seed, key });
          return {
            event,
            series: name,
            unit,
            nEvents: course.nEvents,
            nLeftOut: course.nLeftOut,
            status: course.status,
            lags: Array.from(course.lags),
            mean: Array.from(course.mean),
            nullLow: Array.from(course.band?.low ?? []),
            nullHigh: Array.from(course.band?.high ?? []),
            peakLag: course.peakLag,
            peakValue: course.peakValue,
            peakP: course.peakP,
            response: response.mean,
            responseNullMean: response.nullMean,
            responseNullSd: response.nullSd,
            responseP: response.p,
          };
        }),
  );
}

/** Largest absolute lagged correlation of two series at 1 Hz, against circular shifts. */
export function seriesLeadLag(
  a: Float64Array,
  b: Float64Array,
  { seed, exploratorySurrogates }: DyadSettings,
): {
  readonly value: number;
  readonly lagSeconds: number;
  readonly nullMean: number;
  readonly nullSd: number;
  /** What chance stays below 19 times in 20. */
  readonly nullUpper: number;
  readonly p: number;
  readonly nSurrogates: number;
} {
  const options = { samplingRate: 1, maxLagSeconds: 15, minimumCoverage: 0.3 } as const;
  const of: CovariationStatistic = (x, y) => largestAbsolute(laggedCorrelation(x, y, options).values);
  const test = circularShiftNull(a, b, of, {
    samplingRate: 1,
    minimumShiftSeconds: 30,
    nSurrogates: exploratorySurrogates,
    seed,
  });
  return {
    value: test.observed,
    lagSeconds: strongestLag(laggedCorrelation(a, b, options)).lag,
    nullMean: test.mean,
    nullSd: test.sd,
    nullUpper: quantile(
      test.values.filter((value) => !Number.isNaN(value)),
      0.95,
    ),
    p: test.p,
    nSurrogates: test.nSurrogates,
  };
}
