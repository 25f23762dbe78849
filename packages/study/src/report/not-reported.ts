import type { ConditionResult, StudyResult } from "../result.ts";
import { html, type Markup } from "./html.ts";
import { reasonOf } from "./judge.ts";
import { texts } from "./texts.ts";

/** `n/a (condition not reported: only 6 s of clean data)`. */
export function notReportedWords(condition: ConditionResult): string {
  return `n/a (${texts.missing.notReported}: ${reasonOf(condition)})`;
}

/** One line under a picture for each condition that is not in it. */
export function notReportedLines(result: StudyResult): Markup[] {
  return result.conditions
    .filter((condition) => !condition.reported)
    .map((condition) => html`<p class="small">${condition.condition}: ${notReportedWords(condition)}</p>\n`);
}

/** The line above a picture whose numbers rest on a model that is not ok. */
export function unusableLine(condition: ConditionResult): Markup {
  return html`<p class="na">${texts.status[condition.health.status]}: ${texts.model.doNotUse}</p>\n`;
}

/** The heading above a condition's rows in a table, with what speaks against reading them. */
export function conditionHeading(condition: ConditionResult): Markup {
  if (!condition.reported)
    return html`${condition.condition} <span class="note">${notReportedWords(condition)}</span>`;
  if (condition.health.status !== "ok")
    return html`${condition.condition} <span class="note">${texts.status[condition.health.status]}: ${texts.model.doNotUse}</span>`;
  return html`${condition.condition}`;
}
