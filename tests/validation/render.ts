import type { PowerSummary, TestSummary } from "./judge.ts";

export interface ValidationReport {
  readonly nSurrogates: number;
  readonly seconds: number;
  readonly processes: number;
  readonly machine: string;
  readonly falseAlarms: readonly {
    readonly name: string;
    readonly what: string;
    readonly tests: readonly TestSummary[];
  }[];
  readonly power: readonly { readonly strength: number; readonly tests: readonly PowerSummary[] }[];
  readonly commonDrive: readonly {
    readonly strength: number;
    readonly tests: readonly PowerSummary[];
    readonly alarmed: number;
    readonly n: number;
  }[];
}

/** The validation report as a page of documentation. Every number comes from the run. */
export function renderValidation(report: ValidationReport): string {
  const nulls = report.falseAlarms.flatMap(({ tests }) => tests).filter(({ test }) => !isContrast(test));
  const contrasts = report.falseAlarms.flatMap(({ tests }) => tests).filter(({ test }) => isContrast(test));
  const outside = nulls.filter(
    ({ rejections, expected }) => rejections < expected.low || rejections > expected.high,
  );
  const uneven = nulls.filter(({ ksP }) => ksP <= 0.01);
  return [
    "# Validation",
    "",
    "How often the study finds what is not there, and how often it finds what is. Made by `pnpm validate`; do not edit by hand.",
    "",
    `Every dyad is simulated with known truth and takes the whole path: two amplifiers of different rate whose clocks drift apart, lost samples, movement artefacts, causal alignment, the pipeline, the profile \`recommended\` with ${report.nSurrogates} surrogates. ${report.machine}, ${report.processes} processes, ${report.seconds.toFixed(0)} s.`,
    "",
    "No public recording of an adult and an infant with EEG on both is available in a form that could be used here. Attune is validated on simulated coupling; its readers and its null results on real single-person infant and adult recordings and on real timing.",
    "",
    "## False alarms: 3 min, no coupling",
    "",
    `${nulls.length} tests of coupling in ${report.falseAlarms.length} kinds of dyad. Rejections at .05 lie outside the 99 % binomial range in ${outside.length} of them (about ${(nulls.length * 0.01).toFixed(1)} expected); the p-values differ from uniform at p <= .01 (Kolmogorov-Smirnov) in ${uneven.length} (about ${(nulls.length * 0.01).toFixed(1)} expected). ${contrasts.length} contrasts between conditions: they are conservative where neither condition has coupling, so their p-values are not uniform; the largest share of rejections is ${percent(Math.max(...contrasts.map(({ rejections, n }) => rejections / n)))}.`,
    "",
    ...report.falseAlarms.flatMap(({ name, what, tests }) => [
      `### ${name}: ${what}`,
      "",
      "| test | dyads | rejected at .05 | chance allows (99 %) | KS p |",
      "|---|---|---|---|---|",
      ...tests.map(
        ({ test, n, rejections, expected, ksP }) =>
          `| ${test} | ${n} | ${rejections} (${percent(rejections / n)}) | ${expected.low} to ${expected.high} | ${ksP.toFixed(3)} |`,
      ),
      "",
    ]),
    "## Power: 4 min, adult->infant under direct gaze only",
    "",
    "Found means p <= .05. Rows without planted coupling (infant->adult, averted gaze) should stay near 5 %. The rows of blockShuffle are the same dyads against the null that shuffles whole windows; under coupling one way it is not calibrated for the other way, which is why each direction has its own null by default.",
    "",
    ...report.power.flatMap(({ strength, tests }) => [`### g = ${strength}`, "", ...powerTable(tests), ""]),
    "## Common drive: 6 min, both heads answer the same song, repeated",
    "",
    "Without coupling, windows shuffled in time show a strong link, because both heads follow the song: only the null that pairs different repetitions of the song can tell.",
    "",
    ...report.commonDrive.flatMap(({ strength, tests, alarmed, n }) => [
      `### ${strength === 0 ? "no coupling" : `with coupling adult->infant, g = ${strength}`}`,
      "",
      `An alarm or a caution about the shared stimulus was raised for ${alarmed} of ${n} dyads.`,
      "",
      ...powerTable(tests.filter(({ test }) => !test.includes(" - "))),
      "",
    ]),
  ].join("\n");
}

const isContrast = (test: string): boolean => test.includes(" - ");

const powerTable = (tests: readonly PowerSummary[]): string[] => [
  "| test | found | 95 % interval |",
  "|---|---|---|",
  ...tests.map(
    ({ test, found, n, low, high }) => `| ${test} | ${found} of ${n} | ${percent(low)} to ${percent(high)} |`,
  ),
];

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
