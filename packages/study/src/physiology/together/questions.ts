import { benjaminiHochberg, eventLockedResponse } from "@attune/core";
import { shown } from "../answer.ts";
import type { SharedTime } from "../hearts/shared-span.ts";
import { canReach, surrogatesNeeded } from "../reach.ts";
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
  isLeak: boolean,
): { readonly rows: TogetherRow[]; readonly notAsked: { readonly what: string; readonly why: string }[] } {
  const rows: Asked[] = [];
  const notAsked: { what: string; why: string }[] = [];
  for (const { event, series: wanted, when, response, baseline } of questions) {
    // Touch of either person is a question of its own.
    const all = events.filter(({ name }) => name.endsWith(event));
    const asked = all.length === 0 ? [undefined] : all;
    const about = series.filter((one) => wanted.test(one.name));
    for (const [happened, { name, unit, series: each }] of asked.flatMap((one) =>
      about.map((other) => [one, other] as const),
    )) {
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
              key: `together ${happened.name} ${name}`,
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
        nullUpper: Number.NaN,
        low: found.mean - found.nullMean - NULL_REACH * found.nullSd,
        high: found.mean - found.nullMean + NULL_REACH * found.nullSd,
        p: found.p,
        nSurrogates: settings.nSurrogates,
      });
    }
  }
  rows.push(...brainAndHeart(series, time, settings));
  const q = benjaminiHochberg(rows.map(({ p }) => p));
  const reach = canReach(rows, settings.alpha);
  const needed = surrogatesNeeded(rows.filter(({ p }) => !Number.isNaN(p)).length, settings.alpha);
  return {
    rows: rows.map((row, k) => {
      const isOneSided = !Number.isNaN(row.nullUpper);
      const stands = q[k]! <= settings.alpha && (isOneSided || row.low > 0 || row.high < 0);
      const judged = { ...row, q: q[k]!, stands, canReach: reach[k]! };
      const onPaper = isLeak && [row.from, row.to].includes("cardiac covariation");
      return { ...judged, words: wordsOf(judged, needed, onPaper) };
    }),
    notAsked,
  };
}

type Asked = Omit<TogetherRow, "q" | "stands" | "words" | "canReach">;

function brainAndHeart(series: readonly TimelineSeries[], time: SharedTime, settings: DyadSettings): Asked[] {
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
        // A largest |r| is tested on one side, and its null is skewed: what chance stays below, and no interval.
        nullUpper: found.nullUpper,
        low: Number.NaN,
        high: Number.NaN,
        p: found.p,
        nSurrogates: found.nSurrogates,
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

function wordsOf(row: Omit<TogetherRow, "words">, needed: number, onPaper: boolean): string {
  const digits = row.unit === "ms" ? 1 : 3;
  const number = (value: number): string => shown(value, digits);
  const difference = row.value - row.nullMean;
  const numbers = Number.isNaN(row.nullUpper)
    ? `${number(difference)} ${row.unit} beyond the null (${number(row.low)} to ${number(row.high)})`
    : `${number(row.value)} ${row.unit}, by chance ${number(row.nullMean)} and 19 times in 20 below ${number(row.nullUpper)}`;
  const judged = `${numbers}, q = ${row.q.toFixed(3)}, n = ${row.n}`;
  if (Number.isNaN(row.p))
    return `${row.question} It could not be tested: the recording is too short for its null.`;
  if (row.stands) return `${row.question} Yes${onPaper ? ", on paper" : ""}: ${judged}.`;
  return row.canReach
    ? `${row.question} No evidence: ${judged}.`
    : `${row.question} Cannot be said: ${row.nSurrogates} surrogates are too few for q to reach the level among these questions, ${needed} or more are needed (${judged}).`;
}
