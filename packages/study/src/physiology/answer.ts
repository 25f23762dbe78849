import type { Verdict } from "../result.ts";
import type { Heart } from "./hearts/heart.ts";
import { surrogatesNeeded } from "./reach.ts";
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

/** Windows of the primary measure below which a session says nothing: four that do not overlap. */
export const FEWEST_WINDOWS = 10;
/** The same on each side of a split. */
export const FEWEST_WINDOWS_A_SIDE = 5;
/** Share of intervals corrected or missing from which numbers of variability are suspect. */
const MOST_REPAIRED = 0.03;
/** Acts below which nothing is said about answers to them. */
const FEWEST_ACTS = 10;

/** A state by name, with its person where several people have the layer. */
export function stateName(
  { person, layer, state }: Pick<SplitResult, "person" | "layer" | "state">,
  splits: readonly SplitResult[],
): string {
  const isShared = splits.some((each) => each.layer === layer && each.person !== person);
  const name = state === "any" ? layer : `${layer} "${state}"`;
  return isShared ? `${person}'s ${name}` : name;
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
    ...splitWords(result.splits, result),
    exploratoryWords(result.covariation, result, first, second),
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
  if (primary.nWindows < FEWEST_WINDOWS)
    return `Whether the hearts of ${first} and ${second} covaried cannot be said: ${primary.nWindows} windows of ${primary.windowSeconds} s have a value, and ${FEWEST_WINDOWS} are needed.`;
  if (primary.p > settings.alpha && deciding.nSurrogates + 1 < 1 / settings.alpha)
    return `Whether the hearts of ${first} and ${second} covaried cannot be said: ${deciding.nSurrogates} ${nullNames[deciding.kind]} can give no p below ${(1 / (deciding.nSurrogates + 1)).toFixed(3)}.`;
  const test = `mean z = ${shown(primary.value, 3)}, by chance ${shown(deciding.mean, 3)} and 19 times in 20 below ${shown(deciding.upper, 3)}; ${p(primary.p)}, ${deciding.nSurrogates} ${nullNames[deciding.kind]}, ${primary.nWindows} windows`;
  if (primary.p > settings.alpha)
    return `No evidence that the hearts of ${first} and ${second} covaried over the session (${test}).`;
  const { peakLag, peak } = primary.crossCorrelation;
  const lag = hasLag(primary)
    ? `over the whole of it ${lagWords(peakLag, first, second)} (r = ${shown(peak, 2)}). A lag is not yet an influence.`
    : "over the whole of it no lag stands out.";
  const leak = onPaper(crossTalk);
  return `The hearts of ${first} and ${second} covaried${leak} more than chance over the session (${test}); ${lag}`;
}

/** What covariation under a leak is worth. */
const onPaper = ({ verdict }: CrossTalkResult): string => (verdict === "leak" ? " on paper" : "");

function splitWords(splits: readonly SplitResult[], { settings, crossTalk }: Known): string[] {
  return splits
    .filter(({ isDeclared }) => isDeclared)
    .map((split) => {
      const name = stateName(split, splits);
      if (Number.isNaN(split.difference) || Math.min(split.inside.n, split.outside.n) < FEWEST_WINDOWS_A_SIDE)
        return `Whether the hearts covaried differently during ${name} cannot be said: ${split.inside.n} windows in it and ${split.outside.n} without any of it, and ${FEWEST_WINDOWS_A_SIDE} of each are needed. A window is 30 s long: for bouts that are shorter or close together look at the panels around events.`;
      const numbers = `mean z ${shown(split.inside.mean, 3)} in ${split.inside.n} windows of it, ${shown(split.outside.mean, 3)} in ${split.outside.n} without; Hedges g = ${shown(split.hedgesG, 2)}, ${p(split.p)}, ${q(split.q)}`;
      if (Number.isNaN(split.q))
        return `Whether covariation differed in ${name} could not be tested (${numbers}).`;
      if (split.q <= settings.alpha)
        return `During ${name} the hearts covaried${onPaper(crossTalk)} ${split.difference > 0 ? "more" : "less"} than without (${numbers}).`;
      return split.canReach
        ? `No evidence that the hearts covaried differently during ${name} (${numbers}).`
        : `Whether the hearts covaried differently during ${name} cannot be said: the session leaves room for ${split.nShifts} shifts, too few for q to reach ${settings.alpha} (${numbers}).`;
    });
}

function exploratoryWords(
  { exploratory, familySize, primary }: CovariationResult,
  { settings: { alpha }, crossTalk }: Known,
  first: string,
  second: string,
): string {
  if (familySize === 0) return "No exploratory measure of covariation could be tested.";
  if (primary.nWindows < FEWEST_WINDOWS)
    return `The ${familySize} exploratory measures describe ${primary.nWindows} windows and are no evidence either way.`;
  const found = exploratory.filter((each) => each.q <= alpha);
  const blind = exploratory.filter((each) => !each.canReach && !(each.q <= alpha));
  const reach =
    blind.length === 0
      ? ""
      : ` For ${blind.length === familySize ? "all of them" : `${blind.length} of them`} the surrogates do not suffice (${Math.min(...blind.map(({ nulls }) => nulls[0]!.nSurrogates))}; one of ${familySize} alone needs ${surrogatesNeeded(familySize, alpha)}), so that their silence says nothing.`;
  if (found.length === 0)
    return `None of ${familySize} exploratory measures of covariation stood out after correction for their number.${reach}`;
  const named = found.map(({ id, q: value, lagSeconds }) =>
    Number.isNaN(lagSeconds)
      ? `${id} (${q(value)})`
      : `${id} (${q(value)}; ${lagWords(lagSeconds, first, second)})`,
  );
  return `Of ${familySize} exploratory measures ${found.length} stood out${onPaper(crossTalk)} after correction for their number: ${named.join(", ")}.${reach}`;
}

function contingencyWords(rows: readonly BehaviourRow[], alpha: number): string[] {
  const asked = rows.filter(
    ({ measure, detail, null: kind }) =>
      measure === "delta P" && kind === "circular-shift" && detail.includes("within 2 s of its end"),
  );
  const words = asked.map((row) => {
    const numbers = `delta P = ${shown(row.value, 2)}, by chance ${shown(row.expected, 2)}, ${p(row.p)}, n = ${row.n}`;
    const what = capital(row.detail.replace(/ of its end$/, ""));
    if (row.n < FEWEST_ACTS)
      return `${what}: cannot be said, ${row.n} ${row.n === 1 ? "act is" : "acts are"} too few (${FEWEST_ACTS} are needed).`;
    if (Number.isNaN(row.p)) return `${what}: could not be tested (n = ${row.n}).`;
    return row.p <= alpha
      ? `${what}: more often than chance (${numbers}).`
      : `${what}: no evidence of contingency (${numbers}).`;
  });
  const answers = asked.filter((row) => row.n >= FEWEST_ACTS && row.p <= alpha);
  const isMutual = answers.some(({ from, to }) =>
    answers.some((other) => other.from === to && other.to === from),
  );
  return isMutual
    ? [
        ...words,
        "Where both seem to answer each other, one of them may not: somebody who is answered promptly is heard again soon after the answer, because bursts of talk share their gaps. The return in the table of turns and the lag tables show which way an answer goes.",
      ]
    : words;
}

/** What speaks for and against leaning on the numbers, for boxes at the top of the report. */
export function verdictsOf(
  result: Known & Pick<DyadResult, "models" | "time">,
  hearts: readonly Heart[],
  strangers: readonly string[],
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
  if (strangers.length > 0)
    say(
      "caution",
      `States of ${strangers.join(", ")} were coded, who are neither ${people[0].id} nor ${people[1].id}: they are in no number about gaze, voice or touch. Name people as the states do, with --adult and --infant.`,
    );
  for (const person of people) {
    const repaired = person.correctedShare + (1 - person.coverage);
    if (repaired > MOST_REPAIRED && Number.isFinite(person.sdnn))
      say(
        "caution",
        `${person.id}: SDNN and RMSSD are not to be compared with those of cleaner recordings, because ${(100 * person.correctedShare).toFixed(1)} % of the intervals were corrected and ${(100 * (1 - person.coverage)).toFixed(1)} % of the time has none; what an artefact leaves makes both larger.`,
      );
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
