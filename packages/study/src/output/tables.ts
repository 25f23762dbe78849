import type { DirectedValue } from "@attune/signal";
import type {
  ConditionResult,
  ContrastResult,
  DirectionResult,
  LinkResult,
  NullResult,
  StudyResult,
} from "../result.ts";
import { type Column, makeTable, type Table } from "./table.ts";

interface InCondition {
  readonly condition: ConditionResult;
}
type DirectionRow = InCondition & { readonly value: DirectionResult };
type LinkRow = InCondition & { readonly value: LinkResult };
type NullRow = InCondition & { readonly test: NullResult; readonly value: NullResult["directions"][number] };
type WindowRow = StudyResult["timeline"]["windows"][number];

const SQUARED = "1 (unitless, 0 to 1)";

const conditionColumn: Column<InCondition> = {
  name: "condition",
  description: "State of the condition layer throughout the windows; `all` when no states were coded",
  cell: ({ condition }) => condition.condition,
};
const fromColumn = column("from", "Person whose past is used to predict (source)", (v) => v.from);
const toColumn = column("to", "Person who is predicted (sink)", (v) => v.to);
const bandColumn = column(
  "band",
  "Frequency band; its limits stand in the settings of result.json",
  (v) => v.band,
);
const measureColumn = column("measure", "Name of the measure and whether it is squared", (v) => v.measure);

function column(
  name: string,
  description: string,
  pick: (value: DirectedValue) => string | number,
  units?: string,
): Column<{ readonly value: Omit<DirectedValue, "corrected"> & { readonly corrected?: number } }> {
  return {
    name,
    description,
    ...(units === undefined ? {} : { units }),
    cell: ({ value }) => pick({ corrected: Number.NaN, ...value }),
  };
}

const valueColumns = [
  column(
    "value",
    "The measure as it is, averaged over the band; chance is not subtracted",
    (v) => v.value,
    SQUARED,
  ),
  column("null_mean", "Mean of the same number under the null", (v) => v.nullMean, SQUARED),
  column("null_sd", "Standard deviation of the same number under the null", (v) => v.nullSd, SQUARED),
];
const correctedColumn = column(
  "corrected",
  "(value - null_mean) / (1 - null_mean): 0 is chance, may be negative",
  (v) => v.corrected,
  "1 (unitless)",
);
const testColumns = [
  column("z", "(value - null_mean) / null_sd", (v) => v.z, "standard deviations of the null"),
  column("p", "One-sided: (1 + surrogates at least as large) / (1 + surrogates)", (v) => v.p),
];
const qColumn = (family: string): Column<{ readonly value: { readonly q: number } }> => ({
  name: "q",
  description: `p adjusted after Benjamini and Hochberg over ${family}; n/a outside that family`,
  cell: ({ value }) => value.q,
});
const conditionTail: readonly Column<InCondition>[] = [
  {
    name: "n_windows",
    description: "Accepted windows of the condition",
    units: "windows",
    cell: ({ condition }) => condition.nWindows,
  },
  {
    name: "clean_seconds",
    description: "Seconds of data that these windows cover at least once",
    units: "s",
    cell: ({ condition }) => condition.cleanSeconds,
  },
  {
    name: "model_status",
    description: "Whether the model behind the number can be trusted; only `ok` can",
    levels: {
      ok: "stable model, enough data",
      "insufficient-data": "too few observations for the coefficients",
      "not-positive-definite": "the residual covariance cannot be inverted",
      unstable: "the model's spectral radius is 1 or above",
    },
    cell: ({ condition }) => condition.health.status,
  },
  {
    name: "stationary_share",
    description:
      "Share of the condition's windows and channels whose level does not drift (KPSS test at .05); about 0.95 when all are stationary",
    units: "1 (unitless, 0 to 1)",
    cell: ({ condition }) => condition.diagnostics.stationarity.passRate,
  },
];

function directions(result: StudyResult): Table {
  const rows: DirectionRow[] = result.conditions.flatMap((condition) =>
    condition.directions.map((value) => ({ condition, value })),
  );
  return makeTable<DirectionRow>(
    "directions",
    "Coupling from one person to another: the mean over all channel pairs of the direction",
    rows,
    [
      conditionColumn,
      fromColumn,
      toColumn,
      bandColumn,
      measureColumn,
      ...valueColumns,
      correctedColumn,
      ...testColumns,
      qColumn("the declared family: both directions of the primary bands in every reported condition"),
      {
        name: "interval_low",
        description: "Lower end of the 95 % interval of the corrected value",
        units: "1 (unitless)",
        cell: ({ value }) => value.interval.low,
      },
      {
        name: "interval_high",
        description: "Upper end of the 95 % interval of the corrected value",
        units: "1 (unitless)",
        cell: ({ value }) => value.interval.high,
      },
      {
        name: "interval_method",
        description: "How the interval was computed",
        cell: ({ value }) => value.interval.method,
      },
      {
        name: "floor",
        description: "Analytic expectation without coupling, for orientation; surrogates decide",
        units: SQUARED,
        cell: ({ value }) => value.floor,
      },
      {
        name: "equalised",
        description: "The value with every condition cut to the same number of windows, mean over repeats",
        units: SQUARED,
        cell: ({ value }) => value.equalised,
      },
      ...conditionTail,
    ],
  );
}

function links(result: StudyResult): Table {
  const rows: LinkRow[] = result.conditions.flatMap((condition) =>
    condition.links.map((value) => ({ condition, value })),
  );
  return makeTable<LinkRow>(
    "links",
    "Coupling from one channel of a person to one channel of another",
    rows,
    [
      conditionColumn,
      fromColumn,
      { name: "from_channel", description: "Channel of the source", cell: ({ value }) => value.fromChannel },
      toColumn,
      { name: "to_channel", description: "Channel of the sink", cell: ({ value }) => value.toChannel },
      bandColumn,
      measureColumn,
      ...valueColumns,
      correctedColumn,
      ...testColumns,
      qColumn("all links of all conditions"),
      ...conditionTail,
    ],
  );
}

function contrasts(result: StudyResult): Table {
  const text = (
    name: keyof ContrastResult,
    as: string,
    description: string,
    units?: string,
  ): Column<ContrastResult> => ({
    name: as,
    description,
    ...(units === undefined ? {} : { units }),
    cell: (row) => row[name],
  });
  return makeTable<ContrastResult>(
    "contrasts",
    "Coupling under one condition minus coupling under another",
    result.contrasts,
    [
      text("conditionA", "condition_a", "First condition"),
      text("conditionB", "condition_b", "Condition that is subtracted"),
      text("from", "from", "Person whose past is used to predict (source)"),
      text("to", "to", "Person who is predicted (sink)"),
      text("band", "band", "Frequency band"),
      text("measure", "measure", "Name of the measure and whether it is squared"),
      text(
        "difference",
        "difference",
        "Corrected value under condition_a minus corrected value under condition_b",
        "1 (unitless)",
      ),
      text(
        "nullMean",
        "null_mean",
        "Mean of the difference when jackknife pseudo-values of state episodes are permuted",
        "1 (unitless)",
      ),
      text("nullSd", "null_sd", "Standard deviation of the same", "1 (unitless)"),
      text("z", "z", "(difference of raw values - null_mean) / null_sd", "standard deviations of the null"),
      text("p", "p", "Two-sided, from the permutation of episode labels"),
      text(
        "q",
        "q",
        "p adjusted after Benjamini and Hochberg over the contrasts of the primary bands; n/a outside them",
      ),
      text("nPermutations", "n_permutations", "Permutations drawn"),
    ],
  );
}

function windows(result: StudyResult): Table {
  return makeTable<WindowRow>(
    "windows",
    "Every window that was cut, used or not, in order of time",
    result.timeline.windows,
    [
      {
        name: "onset",
        description: "Start of the window on the session clock",
        units: "s",
        cell: ({ start }) => start,
      },
      { name: "duration", description: "Length of the window", units: "s", cell: ({ duration }) => duration },
      {
        name: "accepted",
        description: "Whether the window was used",
        levels: { true: "used", false: "left out" },
        cell: ({ accepted }) => accepted,
      },
      {
        name: "condition",
        description: "Condition of the window; n/a when its state was not one and the same",
        cell: ({ condition }) => condition,
      },
      {
        name: "reasons",
        description: "Why it was left out: `person: reason`, separated by semicolons",
        cell: ({ reasons }) => reasons.join("; "),
      },
    ],
  );
}

function nulls(result: StudyResult): Table {
  const rows: NullRow[] = result.conditions.flatMap((condition) =>
    condition.nulls.flatMap((test) => test.directions.map((value) => ({ condition, test, value }))),
  );
  return makeTable<NullRow>("nulls", "The same values against every null that was drawn", rows, [
    conditionColumn,
    { name: "null", description: "Name of the null", cell: ({ test }) => test.id },
    {
      name: "primary",
      description: "Whether the headline numbers use this null",
      levels: { true: "yes", false: "no" },
      cell: ({ test }) => test.id === result.settings.primaryNull,
    },
    fromColumn,
    toColumn,
    bandColumn,
    measureColumn,
    ...valueColumns,
    ...testColumns,
    {
      name: "n_surrogates",
      description: "Surrogates drawn; 0 when the null could not be drawn",
      cell: ({ test }) => test.nSurrogates,
    },
    {
      name: "tests",
      description: "What a small p under this null speaks for",
      cell: ({ test }) => test.tests,
    },
    { name: "destroys", description: "What the null takes away", cell: ({ test }) => test.destroys },
    { name: "keeps", description: "What the null leaves in place", cell: ({ test }) => test.keeps },
  ]);
}

/** All tables of a result; the same tables with the same columns for every result, whatever it holds. */
export const tablesOf = (result: StudyResult): Table[] => [
  directions(result),
  links(result),
  contrasts(result),
  windows(result),
  nulls(result),
];
