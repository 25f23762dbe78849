import type { EventLockedResult, StudyResult } from "../result.ts";
import { directionMarkup } from "./appearance.ts";
import { enumerate, fixed, signed } from "./format.ts";
import { html, type Markup, nothing } from "./html.ts";
import { bandLabel } from "./judge.ts";
import { texts } from "./texts.ts";

type Line = EventLockedResult["directions"][number];

/** Times whose probability is below the level, as stretches of neighbours: `0.05 to 0.40 s and 1.10 s`. */
export function significantTimes(
  times: readonly number[],
  probabilities: readonly number[],
  alpha: number,
): string {
  const runs: { first: number; last: number }[] = [];
  probabilities.forEach((p, t) => {
    if (!(p < alpha)) return;
    const run = runs.at(-1);
    if (run !== undefined && run.last === t - 1) run.last = t;
    else runs.push({ first: t, last: t });
  });
  const second = (t: number) => fixed(times[t] ?? Number.NaN, 2);
  const words = runs.map(({ first, last }) =>
    first === last ? second(first) : `${second(first)} to ${second(last)}`,
  );
  return words.length === 0 ? "" : `${enumerate(words)} s`;
}

/** What the comparison with the time before the event says about one line, or undefined where it was not made. */
function riseSentence(line: Line, times: readonly number[], alpha: number): string | undefined {
  const rise = line.baselineDifference ?? [];
  let highest = -1;
  rise.forEach((value, t) => {
    if ((times[t] ?? -1) >= 0 && value > (rise[highest] ?? Number.NEGATIVE_INFINITY)) highest = t;
  });
  if (highest < 0) return undefined;
  const most = `at most ${signed(rise[highest] ?? Number.NaN, 4)} against the baseline, at ${fixed(times[highest] ?? Number.NaN, 2)} s; `;
  const p = line.baselineP ?? [];
  if (!p.some((value) => Number.isFinite(value))) return `${most}${texts.events.riseUntested}.`;
  const found = significantTimes(times, p, alpha);
  return most + (found === "" ? `${texts.events.noRise}.` : `${texts.events.rise} ${found}.`);
}

/** Whether coupling after an event is higher than before it, in one sentence for each line; nothing where it was not computed. */
export function riseList(result: StudyResult, event: EventLockedResult): Markup {
  const items = event.directions.flatMap((line) => {
    const sentence = riseSentence(line, event.times, result.settings.alpha);
    if (sentence === undefined) return [];
    return [
      html`<li>${directionMarkup(result.people, line.from, line.to)}, ${bandLabel(result, line.band)}: ${sentence}</li>\n`,
    ];
  });
  if (items.length === 0) return nothing;
  return html`<p><b>${texts.events.riseHeading}</b></p>\n<ul>\n${items}</ul>\n`;
}
