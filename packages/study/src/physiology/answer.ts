import type { Verdict } from "../result.ts";
import type { Heart } from "./hearts/heart.ts";
import type {
  BehaviourRow,
  CovariationResult,
  CrossTalkResult,
  DyadResult,
  NullKind,
  SplitResult,
} from "./result.ts";

export const nullNames: Readonly<Record<NullKind, string>> = {
  pseudoDyad: "pseudo-dyads",
  pseudoDyadGroup: "pseudo-dyads, whole sample",
  circularShift: "circular shifts",
  segmentShuffle: "shuffled segments",
  phaseRandomised: "randomised phases",
};

/** Decimals with a real minus sign, and never minus zero. */
export function shown(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/^-(0(?:\.0*)?)$/, "$1")
    .replace("-", "\u2212");
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const p = (value: number): string =>
  value < 0.001 ? "p < .001" : `p = ${value.toFixed(3).replace(/^0/, "")}`;
const q = (value: number): string => p(value).replace("p", "q");

/** `adult leads by 3 s`, `neither leads`: what a lag says, in words. */
export function lagWords(lagSeconds: number, first: string, second: string): string {
  if (Number.isNaN(lagSeconds)) return "no lag stands out";
  if (lagSeconds === 0) return "neither leads";
  return `${lagSeconds > 0 ? first : second} leads by ${Math.abs(lagSeconds)} s`;
}

/** Whether the largest cross-correlation leaves the band that holds for all lags at once. */
export function hasLag({ crossCorrelation: { peak, nullHigh } }: CovariationResult["primary"]): boolean {
  return Math.abs(peak) > (nullHigh[0] ?? Number.POSITIVE_INFINITY);
}

type Known = Pick<
  DyadResult,
  "people" | "settings" | "crossTalk" | "covariation" | "splits" | "behaviour" | "together"
>;

/** The answer in words: what was declared first, what speaks against it before that. Null results are said as such. */
export function answerOf(result: Known): string[] {
  const [first, second] = result.people.map(({ id }) => id) as [string, string];
  return [
    ...crossTalkWords(result.crossTalk),
    primaryWords(result.covariation, first, second, result),
    ...splitWords(result.splits, result.settings.alpha),
    exploratoryWords(result.covariation, result.settings.alpha, first, second),
    ...contingencyWords(result.behaviour, result.settings.alpha),
    ...result.together.map(({ words }) => words),
  ];
}

function crossTalkWords({ verdict }: CrossTalkResult): string[] {
  if (verdict === "leak")
    return [
      "One ECG leaks into the other, so the covariation below is NOT evidence that the hearts covary: part of one heart was measured twice.",
    ];
  return verdict === "suspected"
    ? [
        "The signals of the two people may be mixed: look at the cross-talk section before leaning on any covariation.",
      ]
    : [];
}

function primaryWords(
  { primary }: CovariationResult,
  first: string,
  second: string,
  { settings, crossTalk }: Known,
): string {
  const [deciding] = primary.nulls;
  if (Number.isNaN(primary.value) || deciding === undefined || Number.isNaN(primary.p))
    return `Whether the hearts of ${first} and ${second} covaried cannot be said: too little of both was recorded at the same time.`;
  const test = `mean z = ${shown(primary.value, 3)}, by chance ${shown(deciding.mean, 3)} and 19 times in 20 below ${shown(deciding.upper, 3)}; ${p(primary.p)}, ${deciding.nSurrogates} ${nullNames[deciding.kind]}, ${primary.nWindows} windows`;
  if (primary.p > settings.alpha)
    return `No evidence that the hearts of ${first} and ${second} covaried over the session (${test}).`;
  const { peakLag, peak } = primary.crossCorrelation;
  const lag = hasLag(primary)
    ? `over the whole of it ${lagWords(peakLag, first, second)} (r = ${shown(peak, 2)}). A lag is not yet an influence.`
    : "over the whole of it no lag stands out.";
  const leak = crossTalk.verdict === "leak" ? " on paper" : "";
  return `The hearts of ${first} and ${second} covaried${leak} more than chance over the session (${test}); ${lag}`;
}

function splitWords(splits: readonly SplitResult[], alpha: number): string[] {
  return splits
    .filter(({ isDeclared }) => isDeclared)
    .map((split) => {
      const name = split.state === "any" ? split.layer : `${split.layer} "${split.state}"`;
      if (Number.isNaN(split.difference))
        return `In and out of ${name}: ${split.inside.n} windows inside and ${split.outside.n} outside are too few to compare.`;
      const numbers = `mean z ${shown(split.inside.mean, 3)} in ${split.inside.n} windows of it, ${shown(split.outside.mean, 3)} in ${split.outside.n} without; Hedges g = ${shown(split.hedgesG, 2)}, ${p(split.p)}, ${q(split.q)}`;
      if (Number.isNaN(split.q))
        return `Whether covariation differed in ${name} could not be tested (${numbers}).`;
      return split.q <= alpha
        ? `During ${name} the hearts covaried ${split.difference > 0 ? "more" : "less"} than without (${numbers}).`
        : `No evidence that the hearts covaried differently during ${name} (${numbers}).`;
    });
}

function exploratoryWords(
  { exploratory, familySize }: CovariationResult,
  alpha: number,
  first: string,
  second: string,
): string {
  const found = exploratory.filter((each) => each.q <= alpha);
  if (found.length === 0)
    return `None of ${familySize} exploratory measures of covariation stood out after correction for their number.`;
  const named = found.map(({ id, q: value, lagSeconds }) =>
    Number.isNaN(lagSeconds)
      ? `${id} (${q(value)})`
      : `${id} (${q(value)}; ${lagWords(lagSeconds, first, second)})`,
  );
  return `Of ${familySize} exploratory measures ${found.length} stood out after correction for their number: ${named.join(", ")}.`;
}

function contingencyWords(rows: readonly BehaviourRow[], alpha: number): string[] {
  return rows
    .filter(
      ({ measure, detail, null: kind }) =>
        measure === "delta P" && kind === "circular-shift" && detail.includes("within 2 s of its end"),
    )
    .map((row) => {
      const numbers = `delta P = ${shown(row.value, 2)}, by chance ${shown(row.expected, 2)}, ${p(row.p)}, n = ${row.n}`;
      const what = capital(row.detail.replace(/ of its end$/, ""));
      if (Number.isNaN(row.p)) return `${what}: could not be tested (n = ${row.n}).`;
      return row.p <= alpha
        ? `${what}: more often than chance (${numbers}).`
        : `${what}: no evidence of contingency (${numbers}).`;
    });
}

/** What speaks for and against leaning on the numbers, for boxes at the top of the report. */
export function verdictsOf(
  result: Known & Pick<DyadResult, "models" | "time">,
  hearts: readonly Heart[],
): Verdict[] {
  const verdicts: Verdict[] = [];
  const say = (severity: Verdict["severity"], text: string): void => {
    verdicts.push({ severity, text });
  };
  const { crossTalk, covariation, people, time } = result;
  if (crossTalk.verdict === "leak")
    say(
      "alarm",
      `Cross-talk: ${crossTalk.reasons.join(" ")} Do not interpret any covariation of this recording.`,
    );
  else if (crossTalk.verdict === "suspected")
    say("caution", `Cross-talk is suspected: ${crossTalk.reasons.join(" ")}`);
  else if (crossTalk.verdict === "not-checked")
    say("caution", `Cross-talk could not be checked. ${crossTalk.reasons.join(" ")}`);
  else if (crossTalk.verdict === "insufficient-data")
    say("caution", "The recording is too short to check for cross-talk.");
  const { decidedBy, nulls } = covariation.primary;
  const nOthers = nulls.find(({ kind }) => kind === "pseudoDyad")?.nSurrogates ?? 0;
  const needed = Math.ceil(1 / result.settings.alpha) - 1;
  if (decidedBy !== "pseudoDyad")
    say(
      "caution",
      `The p of the primary measure comes from circular shifts of one recording, which is a screening test: ${
        nOthers === 0
          ? `with --pseudo-dyads and ${needed} or more other dyads it becomes the main one.`
          : `${nOthers} other ${nOthers === 1 ? "dyad" : "dyads"} cannot reach p = ${result.settings.alpha}, so give ${needed} or more with --pseudo-dyads.`
      }`,
    );
  else
    say(
      "note",
      `${nOthers} pseudo-dyads can give no p below ${(1 / (nOthers + 1)).toFixed(3)}: small q of the ${covariation.familySize} exploratory measures need more of them.`,
    );
  const { comparedSeconds } = covariation;
  if (comparedSeconds < time.end - time.start)
    say(
      "note",
      `Pseudo-dyads are compared over the first ${comparedSeconds} s, which is what the shortest of them has: this dyad's value in that comparison is ${shown(nulls.find(({ kind }) => kind === "pseudoDyad")?.observed ?? Number.NaN, 3)}.`,
    );
  for (const person of people) {
    if (person.coverage < 0.8)
      say(
        "caution",
        `${person.id}: intervals cover ${(100 * person.coverage).toFixed(0)} % of the shared time; epochs below 80 % are left out.`,
      );
    if (person.nEpochsLeftOut > 0)
      say(
        "note",
        `${person.id}: ${person.nEpochsLeftOut} of ${person.nEpochs} epochs are left out for coverage or corrections.`,
      );
    if (person.nOutsideBand > 0)
      say(
        "caution",
        `${person.id}: breathing leaves the RSA band (${person.rsaBand.low}-${person.rsaBand.high} Hz) in ${person.nOutsideBand} epochs, whose RSA does not measure what its name says.`,
      );
    if (person.nPreEjectionLeftOut > 0)
      say(
        "caution",
        `${person.id}: ${person.nPreEjectionLeftOut} imported pre-ejection periods are missing or outside 20 to 250 ms and were left out.`,
      );
    if (person.role !== "adult" && person.samplingRate < 500)
      say(
        "note",
        `${person.id}: an infant's RSA wants an ECG of 500 Hz or more; at ${person.samplingRate} Hz single epochs may be off by some hundredths of ln(ms^2).`,
      );
  }
  if (hearts.every(({ read }) => read.belt === undefined))
    say("note", "Breathing was not recorded: RSA cannot be told from changes of breathing.");
  if (result.models.measures.some(({ tooFewEpochs }) => tooFewEpochs))
    say(
      "caution",
      "Fewer than 10 epochs: the lagged models are biased downwards by about (1 + phi) / T (Nickell); read them as description.",
    );
  return verdicts;
}
