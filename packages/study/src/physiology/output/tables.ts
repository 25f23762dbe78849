import { makeTable, type Table } from "../../output/table.ts";
import type { DyadResult } from "../result.ts";
import { behaviourTables } from "./behaviour-tables.ts";
import { column } from "./column.ts";

/** All tables of a dyad. Each column says what it is in `columns.json`. */
export function dyadTables(result: DyadResult): Table[] {
  return [
    beats(result),
    intervals(result),
    series(result),
    covariation(result),
    splits(result),
    reactivity(result),
    ...behaviourTables(result),
  ];
}

const BEAT_MARKS = {
  kept: "as it was found",
  ectopic: "moved: an ectopic beat",
  missed: "put in: a beat had been missed",
  extra: "taken out: a beat too many",
  long: "moved: its interval was too long",
  short: "moved: its interval was too short",
  missing: "damaged stretch, left missing",
};

/** One element of one heart's arrays. */
interface InHeart {
  readonly heart: DyadResult["data"]["hearts"][number];
  readonly k: number;
}

/** Rows of all hearts, one after the other, made when they are walked. */
const rowsOf = ({ data }: DyadResult, lengthOf: (heart: InHeart["heart"]) => number): Iterable<InHeart> => ({
  *[Symbol.iterator]() {
    for (const heart of data.hearts) for (let k = 0; k < lengthOf(heart); k++) yield { heart, k };
  },
});

function beats(result: DyadResult): Table {
  const rows = rowsOf(result, ({ beatTimes }) => beatTimes.length);
  return makeTable<InHeart>("beats", "Heartbeats as they were found, and what was done to each.", rows, [
    column("person", "who", ({ heart }) => heart.person),
    column("onset", "R peak, session time", ({ heart, k }) => heart.beatTimes[k], "s"),
    {
      name: "mark",
      description: "what the correction did to this beat",
      levels: BEAT_MARKS,
      cell: ({ heart, k }) => heart.beatMarks[k],
    },
    column(
      "quality",
      "how much this looks like a beat of this trace, 0 to 1",
      ({ heart, k }) => heart.beatQuality[k],
    ),
    column(
      "late",
      "found afterwards: search-back, or while the size of the beats was learnt",
      ({ heart, k }) => heart.beatLate[k] === 1,
    ),
  ]);
}

function intervals(result: DyadResult): Table {
  const rows = rowsOf(result, ({ intervals: values }) => values.length);
  return makeTable<InHeart>("intervals", "Corrected interbeat intervals by closing beat.", rows, [
    column("person", "who", ({ heart }) => heart.person),
    column(
      "onset",
      "closing beat after correction, session time",
      ({ heart, k }) => heart.intervalTimes[k],
      "s",
    ),
    column("ibi", "interval, n/a where it is missing", ({ heart, k }) => heart.intervals[k], "ms"),
    {
      name: "mark",
      description: "how the interval came to its value",
      levels: BEAT_MARKS,
      cell: ({ heart, k }) => heart.intervalMarks[k],
    },
  ]);
}

function series({ data, time, people }: DyadResult): Table {
  const { interbeat, rsa, covariation: z } = data.series;
  const seconds = Array.from({ length: time.end - time.start }, (_, k) => k);
  const [a, b] = people;
  return makeTable<number>("series", "Both hearts at 1 Hz on session time, and their covariation.", seconds, [
    column("onset", "session time", (k) => time.start + k, "s"),
    column(
      `ibi_${a.id}`,
      `mean interbeat interval of ${a.id} over the second that begins here`,
      (k) => interbeat[0][k],
      "ms",
    ),
    column(`ibi_${b.id}`, `the same of ${b.id}`, (k) => interbeat[1][k], "ms"),
    column(`lnrsa_${a.id}`, `RSA of ${a.id} in the 15 s around this time`, (k) => rsa[0][k], "ln(ms^2)"),
    column(`lnrsa_${b.id}`, `the same of ${b.id}`, (k) => rsa[1][k], "ln(ms^2)"),
    column("covariation_z", "mean Fisher z of the primary measure's window around this time", (k) => z[k]),
  ]);
}

interface CovariationRow {
  readonly id: string;
  readonly role: string;
  readonly description: string;
  readonly value: number;
  readonly unit: string;
  readonly lag: number;
  readonly null: string;
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
  readonly z: number;
  readonly p: number;
  readonly q: number;
  readonly n: number;
}

const untested = {
  lag: Number.NaN,
  null: "n/a",
  mean: Number.NaN,
  sd: Number.NaN,
  low: Number.NaN,
  high: Number.NaN,
  z: Number.NaN,
  p: Number.NaN,
  q: Number.NaN,
  n: Number.NaN,
};

/** Numbers that describe a measure further, one a row, without p. */
const describedRows = (exploratory: DyadResult["covariation"]["exploratory"]): CovariationRow[] =>
  exploratory.flatMap(({ id, descriptions }) =>
    descriptions.map(
      ({ name, description, value, unit }): CovariationRow => ({
        ...untested,
        id: `${id} / ${name}`,
        role: "descriptive",
        description,
        value,
        unit,
      }),
    ),
  );

const peakRows = (found: DyadResult["covariation"]["arousalPeaks"]): CovariationRow[] =>
  found.map(
    ({ peaksOf, response, p, q, nSurrogates }): CovariationRow => ({
      ...untested,
      id: `arousal at peaks of the ${peaksOf} member`,
      role: "peaks",
      description: "the partner's arousal over 120 s after minus 60 s before peaks of the top 5 %",
      value: response,
      unit: "SD",
      null: "randomMoments",
      p,
      q,
      n: nSurrogates,
    }),
  );

function covariation({ covariation: { primary, exploratory, arousalPeaks } }: DyadResult): Table {
  const rows = [
    { ...primary, role: "primary", unit: "z", lagSeconds: primary.crossCorrelation.peakLag, q: Number.NaN },
    ...exploratory.map((each) => ({ ...each, role: "exploratory" })),
  ].flatMap(({ id, role, description, unit, lagSeconds, q, nulls }) =>
    nulls.map(
      (each, k): CovariationRow => ({
        id,
        role,
        description,
        value: each.observed,
        unit,
        lag: lagSeconds,
        null: each.kind,
        mean: each.mean,
        sd: each.sd,
        low: each.low,
        high: each.high,
        z: each.z,
        p: each.p,
        q: k === 0 ? q : Number.NaN,
        n: each.nSurrogates,
      }),
    ),
  );
  rows.push(...describedRows(exploratory), ...peakRows(arousalPeaks));
  return makeTable<CovariationRow>(
    "covariation",
    "Every measure of covariation against every null; the first null of a measure decides.",
    rows,
    [
      column("measure", "which", ({ id }) => id),
      {
        name: "role",
        description: "whether it was declared",
        levels: {
          primary: "declared before the data were seen",
          exploratory: "corrected as a family",
          descriptive: "describes a measure further, not tested",
          peaks: "both directions corrected together, two-sided",
        },
        cell: ({ role }) => role,
      },
      column("description", "what it is", ({ description }) => description),
      column("value", "observed", ({ value }) => value),
      column("unit", "of the value", ({ unit }) => unit),
      column("lag", "where it lies; positive: the first member leads", ({ lag }) => lag, "s"),
      column("null", "which surrogates", (row) => row.null),
      column("null_mean", "mean under the null", ({ mean }) => mean),
      column("null_sd", "SD under the null", ({ sd }) => sd),
      column("null_low", "2.5 % point of the null", ({ low }) => low),
      column("null_high", "97.5 % point of the null", ({ high }) => high),
      column("z", "(value - null mean) / null SD", ({ z }) => z),
      column("p", "one-sided (peaks: two-sided), (1 + surrogates as large) / (1 + n)", ({ p }) => p),
      column("q", "Benjamini-Hochberg over the exploratory family, by the deciding null", ({ q }) => q),
      column("n_surrogates", "surrogates", ({ n }) => n),
    ],
  );
}

function splits({ splits: rows }: DyadResult): Table {
  type Row = DyadResult["splits"][number];
  return makeTable<Row>("splits", "The primary measure in and out of each coded state.", rows, [
    column("person", "whose state", ({ person }) => person),
    column("layer", "layer of the state", ({ layer }) => layer),
    column("state", "state; any is all of a layer together", ({ state }) => state),
    column("declared", "whether this layer was named with --split", ({ isDeclared }) => isDeclared),
    column("n_inside", "windows at least half in the state", ({ inside }) => inside.n),
    column("z_inside", "their mean Fisher z", ({ inside }) => inside.mean),
    column("z_inside_median", "their median", ({ inside }) => inside.median),
    column("n_outside", "windows without any of it", ({ outside }) => outside.n),
    column("z_outside", "their mean Fisher z", ({ outside }) => outside.mean),
    column("z_outside_median", "their median", ({ outside }) => outside.median),
    column("n_mixed", "windows left out: partly in the state, or partly unknown", ({ nMixed }) => nMixed),
    column("difference", "inside minus outside", ({ difference }) => difference),
    column("hedges_g", "of the difference; windows overlap, so it describes", ({ hedgesG }) => hedgesG),
    column("p", "two-sided, by circular shifts of the state", ({ p }) => p),
    column("q", "Benjamini-Hochberg within declared or within other states", ({ q }) => q),
    column("n_shifts", "shifts", ({ nShifts }) => nShifts),
    column(
      "can_reach",
      "whether q could have reached the level with so many shifts",
      ({ canReach }) => canReach,
    ),
    column(
      "lag_inside",
      "lag of the largest cross-correlation inside; positive: the first member leads",
      ({ insideLagSeconds }) => insideLagSeconds,
      "s",
    ),
  ]);
}

function reactivity({ reactivity: found }: DyadResult): Table {
  type Row = NonNullable<DyadResult["reactivity"]>["rows"][number];
  return makeTable<Row>(
    "reactivity",
    "How far each phase lies from the same person's own baseline: means over its epochs.",
    found?.rows ?? [],
    [
      column("person", "who", ({ person }) => person),
      column("measure", "lnRsa, ibi or pep", ({ measure }) => measure),
      column("unit", "of change and baseline", ({ unit }) => unit),
      column("phase", "phase that holds for most of the epoch", ({ phase }) => phase),
      column("n_epochs", "its epochs with a value", ({ nEpochs }) => nEpochs),
      column("change", "mean of epoch minus baseline mean", ({ change }) => change),
      column("z", "the same in SD of the baseline epochs", ({ z }) => z),
      column("baseline_mean", "mean of the baseline epochs", ({ baselineMean }) => baselineMean),
      column("baseline_sd", "their SD", ({ baselineSd }) => baselineSd),
      column("n_baseline", "baseline epochs with a value", ({ nBaseline }) => nBaseline),
    ],
  );
}
