import { profiles } from "./profiles.ts";
import type { ConditionResult, ContrastResult, NullResult, StudyResult, Verdict } from "./result.ts";
import type { StudySettings } from "./settings.ts";

type Direction = ConditionResult["directions"][number];

/**
 * What the numbers allow one to say, in sentences a scientist can stand by. "Predictive coupling" throughout: the past of one
 * person's signal improves the prediction of the other's. That is not causation.
 */
export function drawVerdicts(
  profile: string,
  settings: StudySettings,
  conditions: readonly ConditionResult[],
  contrasts: readonly ContrastResult[],
  recording: StudyResult["recording"],
): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const condition of conditions) {
    if (!condition.reported) {
      verdicts.push({
        severity: "caution",
        text: `Condition ${condition.condition} is not reported: ${condition.reason}.`,
      });
      continue;
    }
    verdicts.push(...untested(condition, settings));
    for (const direction of condition.directions) {
      if (isAboveChance(direction, settings)) verdicts.push(...verdictsOn(direction, condition, settings));
    }
    for (const { severity, text } of condition.diagnostics.verdicts) {
      if (severity === "alarm" || severity === "caution")
        verdicts.push({ severity, text: `${condition.condition}: ${text}` });
    }
  }
  for (const contrast of contrasts) {
    if (contrast.q <= settings.alpha) verdicts.push({ severity: "good", text: sentenceOn(contrast) });
  }
  const family = conditions.flatMap(({ directions }) => directions.filter(({ q }) => Number.isFinite(q)));
  if (family.length > 0 && !family.some((each) => isAboveChance(each, settings))) {
    verdicts.push({
      severity: "note",
      text: "No direction and band of the declared family exceeds chance in any condition.",
    });
  }
  for (const damage of recording.damage)
    verdicts.push({ severity: "caution", text: `The file is damaged: ${damage}` });
  const wanted = profiles.find(({ name }) => name === profile)?.settings.gridRate;
  if (wanted !== undefined && wanted !== settings.gridRate) {
    verdicts.push({
      severity: "note",
      text: `The analysis ran at ${settings.gridRate} Hz and not at the profile's ${wanted} Hz, because that is what the slowest amplifier gives or what was asked for. Order ${settings.model.order} then looks back ${((1000 * settings.model.order) / settings.analysisRate).toFixed(0)} ms; compare only recordings analysed at one rate.`,
    });
  }
  const rank = { alarm: 0, caution: 1, good: 2, note: 3 };
  return unique(verdicts).sort((a, b) => rank[a.severity] - rank[b.severity]);
}

const unique = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter(({ text }, i) => verdicts.findIndex((other) => other.text === text) === i);

export const isAboveChance = (direction: Direction, settings: StudySettings): boolean => {
  const level = Number.isNaN(direction.q) ? direction.p : direction.q;
  return level <= settings.alpha;
};

/** Numbers without a test look like any other: say that there was none. */
function untested({ condition, nulls }: ConditionResult, { primaryNull }: StudySettings): Verdict[] {
  const reason = nulls.find(({ id }) => id === primaryNull)?.notDrawn;
  if (reason === undefined) return [];
  return [
    {
      severity: "caution",
      text: `${condition}: nothing is tested, because the null ${primaryNull} could not be drawn: ${reason}.`,
    },
  ];
}

function verdictsOn(direction: Direction, condition: ConditionResult, settings: StudySettings): Verdict[] {
  const { from, to, band, corrected, q, p } = direction;
  const where = `${from}->${to} ${band} under ${condition.condition}`;
  const level = Number.isNaN(q) ? `p = ${round(p)}, exploratory` : `q = ${round(q)}`;
  const verdicts: Verdict[] = [
    {
      severity: "good",
      text: `Predictive coupling ${where} exceeds chance (corrected ${round(corrected)}, ${level}).`,
    },
  ];
  const swap = rowOf(condition.nulls, "repetitionSwap", direction);
  const shuffle = rowOf(condition.nulls, "blockShuffle", direction);
  if (swap !== undefined && swap.p > settings.alpha) {
    verdicts.push({
      severity: "alarm",
      text: `${where}: the coupling is no stronger than between moments of different repetitions of the same stimulus (repetitionSwap p = ${round(swap.p)}). It can be explained by both heads following the stimulus: do not report it as coupling of this dyad.`,
    });
  } else if (swap === undefined) {
    verdicts.push({
      severity: "caution",
      text: "A shared stimulus (song, voice, light) drives both heads and looks like coupling. Nothing in this recording can tell the two apart: repeated stimuli (coded as states of layer stimulus) or other dyads with the same stimulus could. Until then say: coupling or common drive.",
    });
  }
  if (shuffle !== undefined && shuffle.p > settings.alpha) {
    verdicts.push({
      severity: "caution",
      text: `${where}: shuffling whole windows does not destroy it (blockShuffle p = ${round(shuffle.p)}): look at the model before believing it.`,
    });
  }
  const reversal = condition.timeReversal.find(
    (each) => [each.from, each.to].includes(from) && [each.from, each.to].includes(to),
  );
  const opposite = condition.directions.find(
    (each) => each.from === to && each.to === from && each.band === band,
  );
  const alone = opposite === undefined || !isAboveChance(opposite, settings);
  if (alone && reversal !== undefined && reversal.p > settings.alpha) {
    verdicts.push({
      severity: "caution",
      text: `${condition.condition}: net flow between ${reversal.from} and ${reversal.to} does not turn round with time (p = ${round(reversal.p)}), so unequal noise or a common source could stand behind the direction.`,
    });
  }
  return verdicts;
}

const rowOf = (nulls: readonly NullResult[], id: string, { from, to, band }: Direction) =>
  nulls
    .find((each) => each.id === id)
    ?.directions.find((row) => row.from === from && row.to === to && row.band === band);

function sentenceOn({ conditionA, conditionB, from, to, band, difference, q }: ContrastResult): string {
  const more = difference > 0 ? "stronger" : "weaker";
  return `Predictive coupling ${from}->${to} ${band} is ${more} under ${conditionA} than under ${conditionB} (difference ${round(difference)}, q = ${round(q)}).`;
}

const round = (value: number): string =>
  Math.abs(value) < 0.001 && value !== 0 ? value.toExponential(1) : value.toFixed(3);
