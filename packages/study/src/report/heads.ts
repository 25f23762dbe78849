import type { Person } from "@attune/signal";
import type { ConditionResult, DirectionResult, StudyResult } from "../result.ts";
import { appearanceOf, directionName } from "./appearance.ts";
import { largest } from "./chart.ts";
import { fixed, probability } from "./format.ts";
import { at, headDrawing } from "./head-drawing.ts";
import { html, type Markup } from "./html.ts";
import {
  bandLabel,
  bandsOf,
  directionsOf,
  findDirection,
  reasonOf,
  type Standing,
  standingOf,
} from "./judge.ts";
import { unusableLine } from "./not-reported.ts";
import { figure, section } from "./table.ts";
import { texts } from "./texts.ts";

const width = 320;
const top = 18;
const height = 138;
const middle = 80;
// Between the noses: the adult stands at x = 66, the other person at 264.
const leftEdge = 130;
const rightEdge = 222;
const thinnest = 1.5;
const thickest = 14;

/** Everything that is shown about one arrow. */
interface Arrow {
  readonly from: Person;
  readonly to: Person;
  readonly standing: Standing;
  readonly strokeWidth: number;
  readonly words: string;
}

/** Short, because it stands between the heads; the tables say more. */
function wordsOf(found: DirectionResult | undefined, standing: Standing): string {
  if (found === undefined || standing === "missing") return texts.heads.noData;
  if (!Number.isFinite(found.corrected) || !Number.isFinite(found.p)) return texts.heads.noNull;
  return `${fixed(found.corrected, 3)}, ${probability("p", found.p)}`;
}

function arrowOf(
  condition: ConditionResult,
  found: DirectionResult | undefined,
  from: Person,
  to: Person,
  { maximum, alpha }: { readonly maximum: number; readonly alpha: number },
): Arrow {
  const standing = found === undefined ? "missing" : standingOf(condition, found, alpha);
  const share = Math.max(0, found?.corrected ?? 0) / maximum;
  return {
    from,
    to,
    standing,
    strokeWidth: Number.isFinite(share) ? thinnest + (thickest - thinnest) * Math.min(1, share) : thinnest,
    words: wordsOf(found, standing),
  };
}

/** A straight arrow between the heads with its point at the receiver; the upper one runs right, the lower one left. */
function arrowDrawing(people: readonly Person[], arrow: Arrow, goesRight: boolean): Markup {
  const sign = goesRight ? 1 : -1;
  const isAbove = arrow.standing === "above";
  const colour = isAbove ? appearanceOf(people, arrow.from.id).colour : "var(--grey)";
  const dash = isAbove ? "" : html` stroke-dasharray="7 5"`;
  const start = goesRight ? leftEdge : rightEdge;
  const end = goesRight ? rightEdge : leftEdge;
  const y = middle - sign * 19;
  const size = 6 + arrow.strokeWidth * 0.7;
  const stop = end - sign * size * 1.5;
  const text = goesRight ? y - size - 5 : y + size + 14;
  const label = html`<text x="${at((leftEdge + rightEdge) / 2)}" y="${at(text)}" text-anchor="middle" font-size="12" fill="var(--fg)" font-weight="${isAbove ? "700" : "400"}">${arrow.words}</text>`;
  if (arrow.standing === "missing") return label;
  return html`<path d="M${at(start)},${at(y)} H${at(stop)}" fill="none" stroke="${colour}" stroke-width="${at(arrow.strokeWidth)}"${dash}/>
<path d="M${at(end)},${at(y)} L${at(stop)},${at(y - size)} V${at(y + size)} Z" fill="${colour}"/>
${label}`;
}

interface Pair {
  readonly left: Person;
  readonly right: Person;
}

function panel(
  result: StudyResult,
  { left, right }: Pair,
  condition: ConditionResult,
  band: string,
  maximum: number,
): Markup {
  const scale = { maximum, alpha: result.settings.alpha };
  const title = `${condition.condition} · ${bandLabel(result, band)}`;
  const there = arrowOf(
    condition,
    findDirection(condition, { from: left.id, to: right.id }, band),
    left,
    right,
    scale,
  );
  const back = arrowOf(
    condition,
    findDirection(condition, { from: right.id, to: left.id }, band),
    right,
    left,
    scale,
  );
  const label = `${title}. ${directionName(left.id, right.id)}: ${there.words}. ${directionName(right.id, left.id)}: ${back.words}.`;
  const channelsOf = (person: Person) =>
    result.montage.filter((site) => site.person === person.id).map((site) => site.channel);
  const warning = condition.health.status === "ok" ? "" : unusableLine(condition);
  return html`<div><h3>${title}</h3>
${warning}<svg class="drawing" role="img" aria-label="${label}" viewBox="0 ${String(top)} ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}">
${headDrawing(result.people, left, { x: 66, y: middle, facing: 1 }, channelsOf(left))}
${headDrawing(result.people, right, { x: 264, y: middle, facing: -1 }, channelsOf(right))}
${arrowDrawing(result.people, there, true)}
${arrowDrawing(result.people, back, false)}
</svg></div>
`;
}

/** Two heads from above per pair of people, condition and band, with an arrow each way. */
export function headsSection(result: StudyResult): Markup {
  const pairs: Pair[] = [];
  result.people.forEach((left, index) => {
    for (const right of result.people.slice(index + 1)) {
      const isBetween = ({ from, to }: { readonly from: string; readonly to: string }) =>
        (from === left.id && to === right.id) || (from === right.id && to === left.id);
      if (directionsOf(result).some(isBetween)) pairs.push({ left, right });
    }
  });
  const all = result.conditions.flatMap((condition) =>
    condition.directions.map((direction) => direction.corrected),
  );
  const maximum = largest(all, 1);
  const figures = pairs.map((pair) => {
    const panels = result.conditions.flatMap((condition) =>
      condition.reported
        ? bandsOf(result).map((band) => panel(result, pair, condition, band, maximum > 0 ? maximum : 1))
        : [
            html`<div class="across"><h3>${condition.condition}</h3><p class="na">n/a. ${texts.heads.notReported}: ${reasonOf(condition)}</p></div>\n`,
          ],
    );
    const heading = pairs.length > 1 ? html`<h3>${pair.left.id} and ${pair.right.id}</h3>\n` : "";
    return html`${heading}<div class="panels">\n${panels}</div>\n`;
  });
  const body =
    pairs.length === 0 ? html`<p>${texts.coupling.noDirections}</p>` : figure(figures, texts.heads.caption);
  return section("heads", texts.headings.heads, body);
}
