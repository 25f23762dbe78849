import type { ConditionResult, ContrastResult, DirectionResult, StudyResult } from "../result.ts";
import { directionName } from "./appearance.ts";
import { enumerate, probability, signed } from "./format.ts";
import {
  bandLabel,
  type Direction,
  decidingProbability,
  directionsOf,
  findDirection,
  reasonOf,
  type Standing,
  standingOf,
} from "./judge.ts";
import { texts } from "./texts.ts";

/** `under direct gaze`, `over the whole recording`, `in the condition “song”`. */
export function conditionPhrase(result: StudyResult, condition: string): string {
  if (condition === "all") return "over the whole recording";
  if (result.settings.states.layer === "gaze") return `under ${condition} gaze`;
  return `in the condition “${condition}”`;
}

interface Cell {
  readonly condition: ConditionResult;
  readonly found: DirectionResult;
  readonly standing: Standing;
}

/** One declared number: a direction in a primary band, with where it stands in each reported condition. */
interface Declared {
  readonly direction: Direction;
  readonly band: string;
  readonly cells: readonly Cell[];
}

function declaredNumbers(result: StudyResult): Declared[] {
  return result.settings.primaryBands.flatMap((band) =>
    directionsOf(result).map((direction) => ({
      direction,
      band,
      cells: result.conditions.flatMap((condition) => {
        const found = findDirection(condition, direction, band);
        if (!condition.reported || found === undefined) return [];
        return [{ condition, found, standing: standingOf(condition, found, result.settings.alpha) }];
      }),
    })),
  );
}

function bracketed({ p, q }: { readonly p: number; readonly q: number }): string {
  return Number.isFinite(q) ? `(${probability("p", p)}, ${probability("q", q)})` : `(${probability("p", p)})`;
}

/** `adult → infant coupling in theta (3–6 Hz) was above chance under direct gaze (p = .001), not under averted gaze (p = .41)`. */
function clause(result: StudyResult, { direction, band, cells }: Declared): string {
  const named = (standing: Standing) =>
    enumerate(
      cells
        .filter((cell) => cell.standing === standing)
        .map((cell) => `${conditionPhrase(result, cell.condition.condition)} ${bracketed(cell.found)}`),
    );
  const not = named("not-above");
  return `${directionName(direction.from, direction.to)} coupling in ${bandLabel(result, band)} was ${texts.answer.above} ${named("above")}${not === "" ? "" : `, not ${not}`}`;
}

/** `infant → adult in theta and alpha, adult → infant in alpha`. */
function listed(result: StudyResult, numbers: readonly Declared[]): string {
  const bands = new Map<string, string[]>();
  for (const { direction, band } of numbers) {
    const name = directionName(direction.from, direction.to);
    bands.set(name, [...(bands.get(name) ?? []), bandLabel(result, band)]);
  }
  return [...bands].map(([name, list]) => `${name} in ${enumerate(list)}`).join(", ");
}

function smallest(values: readonly { readonly p: number }[]): string {
  const p = Math.min(...values.map((value) => value.p));
  return values.length === 1 ? `(${probability("p", p)})` : `(smallest ${probability("p", p)})`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/**
 * The answer in plain words, the findings first: for each declared band and direction, where the coupling was above
 * chance and where it was not. It says "predictive", never "causes", names everything that was declared, and never
 * derives a difference between conditions from two separate tests.
 */
export function answerSentences(result: StudyResult): string[] {
  if (!result.conditions.some((condition) => condition.reported)) return [texts.answer.nothingReported];
  const numbers = declaredNumbers(result).filter(({ cells }) => cells.length > 0);
  if (numbers.length === 0) return [texts.answer.noFamily];
  const has = (standing: Standing) => (number: Declared) =>
    number.cells.some((cell) => cell.standing === standing);
  const above = numbers.filter(has("above"));
  const inside = numbers.filter((number) => !has("above")(number) && has("not-above")(number));
  const untested = numbers.filter(has("untested"));
  const sentences: string[] = [];
  if (above.length > 0) sentences.push(sentence(above.map((number) => clause(result, number)).join("; ")));
  if (inside.length > 0) {
    const tested = inside.flatMap(({ cells }) => cells.filter((cell) => cell.standing === "not-above"));
    sentences.push(
      sentence(
        `${texts.answer.inside}: ${listed(result, inside)} ${smallest(tested.map((cell) => cell.found))}`,
      ),
    );
  }
  if (untested.length > 0) sentences.push(sentence(`${texts.answer.untested}: ${listed(result, untested)}`));
  for (const condition of result.conditions)
    if (condition.reported && condition.health.status !== "ok")
      sentences.push(
        sentence(
          `${texts.answer.unusable} ${conditionPhrase(result, condition.condition)}: ${texts.status[condition.health.status]}`,
        ),
      );
  return sentences.length > 0 ? sentences : [texts.answer.noNumbers];
}

function contrastClause(result: StudyResult, contrast: ContrastResult): string {
  const name = `${directionName(contrast.from, contrast.to)} in ${bandLabel(result, contrast.band)}`;
  const test = bracketed(contrast).slice(1, -1);
  return `${name} differed between ${contrast.conditionA} and ${contrast.conditionB} (${signed(contrast.difference, 3)}, ${test})`;
}

/** The direct comparison of conditions in words, for the declared bands; says so when there is none. */
export function contrastSentence(result: StudyResult): string | undefined {
  const usable = (name: string) =>
    result.conditions.some(
      (condition) => condition.condition === name && condition.reported && condition.health.status === "ok",
    );
  const tested = result.contrasts.filter(
    ({ band, p, difference, conditionA, conditionB }) =>
      result.settings.primaryBands.includes(band) &&
      Number.isFinite(p) &&
      Number.isFinite(difference) &&
      usable(conditionA) &&
      usable(conditionB),
  );
  if (tested.length === 0) {
    const nReported = result.conditions.filter((condition) => condition.reported).length;
    return nReported > 1 ? texts.answer.noContrast : undefined;
  }
  const differing = tested.filter((contrast) => decidingProbability(contrast) < result.settings.alpha);
  const others = tested.filter((contrast) => !differing.includes(contrast));
  const parts = differing.map((contrast) => contrastClause(result, contrast));
  if (others.length > 0)
    parts.push(
      `${differing.length > 0 ? texts.answer.noOtherDifference : texts.answer.noDifference} ${smallest(others)}`,
    );
  return `${texts.answer.contrastLead}${parts.join("; ")}.`;
}

/** Conditions without numbers, each with its reason. */
export function notReportedSentences(result: StudyResult): string[] {
  return result.conditions
    .filter((condition) => !condition.reported)
    .map((condition) => `Not reported: ${condition.condition} (${reasonOf(condition)}).`);
}
