import { isAboveChance, type StudyResult } from "@attune/study";
import { fixed } from "../output/format.ts";

/** Whether the analysis found what the simulation planted. */
export interface Recovery {
  readonly recovered: boolean;
  readonly sentence: string;
}

/**
 * Recovered means all three: adult->infant is above chance under direct gaze, it is stronger there than under averted gaze
 * (the contrast of conditions, not two separate tests), and infant->adult, where nothing was planted, stays within chance.
 */
export function judgeRecovery({ conditions, contrasts, settings }: StudyResult): Recovery {
  const inFamily = ({ band }: { readonly band: string }): boolean => settings.primaryBands.includes(band);
  const all = conditions.flatMap(({ condition, directions }) =>
    directions.filter(inFamily).map((each) => ({ ...each, condition })),
  );
  const found = all.filter(
    (each) => each.from === "adult" && each.condition === "direct" && isAboveChance(each, settings),
  );
  const stronger = contrasts.filter(
    (each) =>
      inFamily(each) &&
      each.from === "adult" &&
      each.conditionA === "direct" &&
      each.conditionB === "averted" &&
      each.difference > 0 &&
      each.q <= settings.alpha,
  );
  const reverse = all.filter((each) => each.from === "infant" && isAboveChance(each, settings));
  const missing = [
    ...(found.length > 0 ? [] : ["adult->infant is not above chance under direct gaze"]),
    ...(stronger.length > 0 ? [] : ["it is not reliably stronger under direct than under averted gaze"]),
    ...(reverse.length === 0 ? [] : ["infant->adult, where nothing was planted, exceeds chance"]),
  ];
  if (missing.length > 0)
    return {
      recovered: false,
      sentence: `The planted effect was NOT fully recovered: ${missing.join("; ")}.`,
    };
  const values = found
    .map(({ band, corrected, q }) => `${band} ${fixed(corrected, 4)}, q ${fixed(q, 4)}`)
    .join("; ");
  const differences = stronger
    .map(({ band, difference, q }) => `${band} ${fixed(difference, 4)}, q ${fixed(q, 4)}`)
    .join("; ");
  return {
    recovered: true,
    sentence: `The planted effect was recovered: adult->infant coupling is above chance under direct gaze (${values}), stronger than under averted gaze (${differences}), and infant->adult stays within chance.`,
  };
}
