import type { ConditionResult, DirectionResult, StudyResult } from "../result.ts";
import { html, type Markup } from "./html.ts";
import { texts } from "./texts.ts";

/**
 * Where a number stands to chance. `unusable`: it exists, but its model is not ok. `untested`: no null was computed.
 * `missing`: there is no number.
 */
export type Standing = "above" | "not-above" | "untested" | "unusable" | "missing";

/** The adjusted p where the number belongs to the declared family, the plain p outside it. */
export function decidingProbability({ p, q }: { readonly p: number; readonly q: number }): number {
  return Number.isFinite(q) ? q : p;
}

/** Above chance means q below `alpha` in the declared family, p below it outside. */
export function standingOf(
  condition: Pick<ConditionResult, "reported" | "health">,
  direction: Pick<DirectionResult, "value" | "p" | "q">,
  alpha: number,
): Standing {
  if (!condition.reported || !Number.isFinite(direction.value)) return "missing";
  if (condition.health.status !== "ok") return "unusable";
  if (!Number.isFinite(direction.p)) return "untested";
  return decidingProbability(direction) < alpha ? "above" : "not-above";
}

/** Why a condition's numbers may be missing, in a few words. */
export function whyMissing(condition: ConditionResult, otherwise: string): string {
  if (!condition.reported) return texts.missing.notReported;
  if (condition.health.status !== "ok") return texts.status[condition.health.status];
  return otherwise;
}

/** The condition's own sentence on why it is not reported. */
export function reasonOf(condition: ConditionResult): string {
  return condition.reason ?? texts.missing.noReason;
}

export interface Direction {
  readonly from: string;
  readonly to: string;
}

/** Directions between people, in the order in which the result names them. */
export function directionsOf(result: StudyResult): Direction[] {
  const seen = new Map<string, Direction>();
  for (const condition of result.conditions)
    for (const { from, to } of condition.directions) seen.set(JSON.stringify([from, to]), { from, to });
  return [...seen.values()];
}

/** Bands in the order of the settings, then any that only the results name. */
export function bandsOf(result: StudyResult): string[] {
  const names = result.settings.bands.map((band) => band.name);
  for (const condition of result.conditions)
    for (const { band } of condition.directions) if (!names.includes(band)) names.push(band);
  return names;
}

/** `theta (3–6 Hz)`. */
export function bandLabel(result: StudyResult, name: string): string {
  const band = result.settings.bands.find((candidate) => candidate.name === name);
  return band === undefined ? name : `${name} (${band.low}–${band.high}\u00a0Hz)`;
}

/** The band's label for a table, in one piece. */
export function bandCell(result: StudyResult, name: string): Markup {
  return html`<span class="nowrap">${bandLabel(result, name)}</span>`;
}

export function findDirection(
  condition: ConditionResult,
  { from, to }: Direction,
  band: string,
): DirectionResult | undefined {
  return condition.directions.find((item) => item.from === from && item.to === to && item.band === band);
}
