import { makeTable, type Table } from "../../output/table.ts";
import type {
  BehaviourRow,
  DyadResult,
  EventLockedCourse,
  LagSequentialRow,
  TogetherRow,
} from "../result.ts";
import { column } from "./column.ts";

/** What both people did, in what order, and what went with it. */
export function behaviourTables(result: DyadResult): Table[] {
  return [behaviour(result), lagSequential(result), courses(result), together(result)];
}

function behaviour({ behaviour: rows }: DyadResult): Table {
  return makeTable<BehaviourRow>("behaviour", "What both people did, one number a row.", rows, [
    column("topic", "gaze, voice, touch, contingency, turns", ({ topic }) => topic),
    column("measure", "which number", ({ measure }) => measure),
    column("from", "who acts", ({ from }) => from),
    column("to", "towards whom", ({ to }) => to),
    column("detail", "of what", ({ detail }) => detail),
    column("value", "observed", ({ value }) => value),
    column("unit", "of the value", ({ unit }) => unit),
    column("n", "events behind it", ({ n }) => n),
    column(
      "expected",
      "without a relation: base rate, share under independence, mean of the null",
      ({ expected }) => expected,
    ),
    column("null_sd", "SD under the null", ({ nullSd }) => nullSd),
    column("p", "one-sided, by the null", ({ p }) => p),
    column("null", "which null", (row) => row.null),
  ]);
}

function lagSequential({ lagSequential: rows }: DyadResult): Table {
  return makeTable<LagSequentialRow>(
    "lag-sequential",
    "Onsets in bins of 1 s: how often an answer begins so many bins after an act. Pool log odds ratios over dyads, never counts.",
    rows,
    [
      column("from", "who acts", ({ from }) => from),
      column("act", "what begins", ({ act }) => act),
      column("to", "who answers", ({ to }) => to),
      column("answer", "what begins then", ({ answer }) => answer),
      column("lag", "from act to answer, start of the bin", ({ lagSeconds }) => lagSeconds, "s"),
      column("n_both", "pairs of bins with act and answer", ({ counts }) => counts[0]),
      column("n_act", "with the act alone", ({ counts }) => counts[1]),
      column("n_answer", "with the answer alone", ({ counts }) => counts[2]),
      column("n_neither", "with neither", ({ counts }) => counts[3]),
      column(
        "yule_q",
        "(ad - bc) / (ad + bc); one half added to all counts where one is 0",
        ({ yuleQ }) => yuleQ,
      ),
      column(
        "log_odds",
        "ln(ad / bc), with the same half; 0 is independence",
        ({ logOddsRatio }) => logOddsRatio,
      ),
      column(
        "log_odds_se",
        "its standard error, as if bins were independent",
        ({ standardError }) => standardError,
      ),
      column("phi", "correlation of the two yes-or-no variables", ({ phi }) => phi),
      column(
        "allison_liker_z",
        "describes: standard normal only if bins were independent, which those of one session are not",
        ({ allisonLikerZ }) => allisonLikerZ,
      ),
    ],
  );
}

function courses({ eventLocked }: DyadResult): Table {
  const rows = eventLocked.flatMap((course) => course.lags.map((lag, k) => ({ course, lag, k })));
  type Row = { course: EventLockedCourse; lag: number; k: number };
  return makeTable<Row>(
    "events-locked",
    "Mean courses around events, each epoch minus its 5 s before.",
    rows,
    [
      column("event", "what happened at 0", ({ course }) => course.event),
      column("series", "what is averaged", ({ course }) => course.series),
      column("unit", "of the mean", ({ course }) => course.unit),
      column("lag", "from the event", ({ lag }) => lag, "s"),
      column("mean", "over events", ({ course, k }) => course.mean[k]),
      column(
        "null_low",
        "band that 95 % of courses around shifted events stay within at all lags",
        ({ course, k }) => course.nullLow[k],
      ),
      column("null_high", "its upper edge", ({ course, k }) => course.nullHigh[k]),
      column("n_events", "events used", ({ course }) => course.nEvents),
    ],
  );
}

function together({ together: rows }: DyadResult): Table {
  return makeTable<TogetherRow>(
    "together",
    "Questions across brains, hearts and behaviour, null results included.",
    rows,
    [
      column("question", "in words", ({ question }) => question),
      column("from", "what comes first", ({ from }) => from),
      column("to", "what comes second", ({ to }) => to),
      column("measure", "what was compared", ({ measure }) => measure),
      column("value", "observed", ({ value }) => value),
      column("unit", "of the value", ({ unit }) => unit),
      column("n", "events, or seconds", ({ n }) => n),
      column("null_mean", "mean under circular shifts", ({ nullMean }) => nullMean),
      column("null_sd", "SD under circular shifts", ({ nullSd }) => nullSd),
      column(
        "null_upper",
        "95 % point of the null, for a question that is asked on one side",
        ({ nullUpper }) => nullUpper,
      ),
      column("low", "value - null mean - 1.96 null SD, for two-sided questions", ({ low }) => low),
      column("high", "value - null mean + 1.96 null SD, for two-sided questions", ({ high }) => high),
      column("p", "by circular shifts", ({ p }) => p),
      column("n_surrogates", "surrogates", ({ nSurrogates }) => nSurrogates),
      column(
        "can_reach",
        "whether q could have reached the level with so many surrogates",
        ({ canReach }) => canReach,
      ),
      column("q", "Benjamini-Hochberg over these questions", ({ q }) => q),
    ],
  );
}
