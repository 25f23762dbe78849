import { benjaminiHochberg, eventLockedResponse } from "@attune/core";
import { shown } from "../answer.ts";
import type { SharedTime } from "../hearts/shared-span.ts";
import type { DyadSettings } from "../request.ts";
import type { TogetherRow } from "../result.ts";
import { seriesLeadLag, type TimelineEvents, type TimelineSeries } from "./courses.ts";

type Span = readonly [from: number, to: number];

/** Before or after an event, how a series differs from its own baseline. */
interface Question {
  readonly event: string;
  readonly series: RegExp;
  readonly when: "after" | "before";
  readonly response: Span;
  readonly baseline: Span;
}

/** Declared here and nowhere else; all that a recording can answer are corrected together. */
const questions: readonly Question[] = [
  {
    event: "mutual gaze begins",
    series: /^brain coupling/,
    when: "after",
    response: [0, 5],
    baseline: [-5, 0],
  },
  {
    event: "mutual gaze begins",
    series: /^cardiac covariation/,
    when: "after",
    response: [0, 15],
    baseline: [-15, 0],
  },
  {
    event: "touch begins",
    series: /^cardiac covariation/,
    when: "after",
    response: [0, 30],
    baseline: [-15, 0],
  },
  { event: "touch begins", series: /^brain coupling/, when: "after", response: [0, 10], baseline: [-5, 0] },
  {
    event: "touch begins",
    series: /^interbeat interval of/,
    when: "after",
    response: [0, 10],
    baseline: [-5, 0],
  },
  { event: "cries", series: /^interbeat interval of/, when: "after", response: [0, 10], baseline: [-5, 0] },
  { event: "vocal turn", series: /^brain coupling/, when: "before", response: [-5, 0], baseline: [-15, -10] },
  {
    event: "vocal turn",
    series: /^cardiac covariation/,
    when: "before",
    response: [-15, 0],
    baseline: [-45, -30],
  },
];

const NULL_REACH = 1.96;
/** Covariation remembers its 30 s windows: shifts must be longer, and a short recording has too few of them. */
const COVARIATION_SHIFT_SECONDS = 45;
const COVARIATION_LEAST_SECONDS = 300;
/** A question wants more events than a picture: the shifts of a few are few looks. */
const FEWEST_EVENTS = 5;

/**
 * Who leads across kinds of signals: does a gaze precede coupling, does coupling precede a vocal turn, do brain coupling and
 * cardiac covariation move together. Null results stand beside the others, with the interval that the null leaves.
 */
export function askTogether(
  events: readonly TimelineEvents[],
  series: readonly TimelineSeries[],
  time: SharedTime,
  settings: DyadSettings,
): { readonly rows: TogetherRow[]; readonly notAsked: { readonly what: string; readonly why: string }[] } {
  const rows: Omit<TogetherRow, "q" | "stands" | "words">[] = [];
  const notAsked: { what: string; why: string }[] = [];
  for (const { event, series: wanted, when, response, baseline } of questions) {
    const happened = events.find(({ name }) => name.endsWith(event));
    for (const { name, unit, series: each } of series.filter((one) => wanted.test(one.name))) {
      const question =
        when === "after"
          ? `Does ${name} change after ${happened?.name ?? event}?`
          : `Does ${name} change before a ${happened?.name ?? event}?`;
      const isSlow = name === "cardiac covariation";
      if (isSlow && time.end - time.start < COVARIATION_LEAST_SECONDS) {
        notAsked.push({
          what: question,
          why: `it takes ${COVARIATION_LEAST_SECONDS} s or more: covariation in 30 s windows has a long memory`,
        });
        continue;
      }
      const found =
        happened === undefined
          ? undefined
          : eventLockedResponse(each, happened.onsets, {
              responseSeconds: response,
              baselineSeconds: baseline,
              nSurrogates: settings.nSurrogates,
              seed: settings.seed,
              key: `together ${event} ${name}`,
              ...(isSlow ? { minimumShiftSeconds: COVARIATION_SHIFT_SECONDS } : {}),
            });
      if (happened === undefined || found === undefined || found.nEvents < FEWEST_EVENTS) {
        const why = `${found?.nEvents ?? 0} events have enough data around them, and ${FEWEST_EVENTS} are needed`;
        notAsked.push({ what: question, why });
        continue;
      }
      rows.push({
        question,
        from: when === "after" ? happened.name : name,
        to: when === "after" ? name : happened.name,
        measure: `${span(response)} minus ${span(baseline)} around the event`,
        value: found.mean,
        unit,
        n: found.nEvents,
        nullMean: found.nullMean,
        nullSd: found.nullSd,
        low: found.mean - found.nullMean - NULL_REACH * found.nullSd,
        high: found.mean - found.nullMean + NULL_REACH * found.nullSd,
        p: found.p,
      });
    }
  }
  rows.push(...brainAndHeart(series, time, settings));
  const q = benjaminiHochberg(rows.map(({ p }) => p));
  return {
    rows: rows.map((row, k) => {
      const stands = q[k]! <= settings.alpha && (row.low > 0 || row.high < 0);
      const judged = { ...row, q: q[k]!, stands };
      return { ...judged, words: wordsOf(judged) };
    }),
    notAsked,
  };
}

function brainAndHeart(
  series: readonly TimelineSeries[],
  time: SharedTime,
  settings: DyadSettings,
): Omit<TogetherRow, "q" | "stands" | "words">[] {
  const heart = series.find(({ name }) => name === "cardiac covariation");
  if (heart === undefined) return [];
  return series
    .filter(({ name }) => name.startsWith("brain coupling"))
    .map(({ name, series: brain }) => {
      const found = seriesLeadLag(perSecond(brain, time), heart.series.values, settings);
      return {
        question: `Do ${name} and cardiac covariation move together (largest absolute correlation, lags of 15 s either way)?`,
        from: name,
        to: heart.name,
        measure: `correlation at ${found.lagSeconds} s (positive: the brains first)`,
        value: found.value,
        unit: "|r|",
        n: time.end - time.start,
        nullMean: found.nullMean,
        nullSd: found.nullSd,
        low: found.value - found.nullMean - NULL_REACH * found.nullSd,
        high: found.value - found.nullMean + NULL_REACH * found.nullSd,
        p: found.p,
      };
    });
}

/** Means over each second of the shared time. */
function perSecond(
  { values, startTime, samplingRate }: TimelineSeries["series"],
  { start, end }: SharedTime,
): Float64Array {
  const sums = new Float64Array(end - start);
  const counts = new Float64Array(end - start);
  values.forEach((value, k) => {
    const second = Math.floor(startTime + k / samplingRate - start);
    if (Number.isNaN(value) || second < 0 || second >= sums.length) return;
    sums[second]! += value;
    counts[second]! += 1;
  });
  return sums.map((sum, k) => sum / counts[k]!);
}

const span = ([from, to]: Span): string => `${shown(from, 0)} to ${shown(to, 0)} s`;

function wordsOf(row: Omit<TogetherRow, "words">): string {
  const digits = row.unit === "ms" ? 1 : 3;
  const number = (value: number): string => shown(value, digits);
  const difference = row.value - row.nullMean;
  const interval = `${number(difference)} ${row.unit} beyond the null (${number(row.low)} to ${number(row.high)})`;
  if (Number.isNaN(row.p))
    return `${row.question} It could not be tested: the recording is too short for its null.`;
  return row.stands
    ? `${row.question} Yes: ${interval}, q = ${row.q.toFixed(3)}, n = ${row.n}.`
    : `${row.question} No evidence: ${interval}, q = ${row.q.toFixed(3)}, n = ${row.n}.`;
}
