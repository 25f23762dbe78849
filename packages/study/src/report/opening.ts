import type { StudyResult, Verdict } from "../result.ts";
import { answerSentences, contrastSentence, notReportedSentences } from "./answer.ts";
import { duration, enumerate, levelText } from "./format.ts";
import { html, type Markup, nothing, unbroken } from "./html.ts";
import { details } from "./table.ts";
import { texts } from "./texts.ts";

const loudness: readonly Verdict["severity"][] = ["alarm", "caution", "note", "good"];

/** Verdicts as boxes, loudest first; each says its severity as a word and a sign, not only by colour. */
export function verdictList(verdicts: readonly Verdict[]): Markup {
  if (verdicts.length === 0) return nothing;
  const sorted = loudness.flatMap((severity) => verdicts.filter((verdict) => verdict.severity === severity));
  const items = sorted.map(
    ({ severity, text }) =>
      html`<li class="${severity}"><span class="word"><span aria-hidden="true">${texts.severityGlyph[severity]}</span> ${texts.severity[severity]}</span><span>${text}</span></li>
`,
  );
  return html`<ul class="verdicts">
${items}</ul>
`;
}

/** Title, the answer, and what speaks against leaning on it. */
export function opening(result: StudyResult): Markup {
  const { recording, settings } = result;
  const [first = texts.answer.noFamily, ...rest] = answerSentences(result);
  const contrast = contrastSentence(result);
  const hasAlarm = result.verdicts.some((verdict) => verdict.severity === "alarm");
  const paragraphs = [
    html`<p class="first">${unbroken(first)}</p>\n`,
    ...rest.map((sentence) => html`<p>${unbroken(sentence)}</p>\n`),
    ...(contrast === undefined ? [] : [html`<p>${unbroken(contrast)}</p>\n`]),
    ...notReportedSentences(result).map((sentence) => html`<p>${sentence}</p>\n`),
    ...(hasAlarm ? [html`<p>${texts.answer.alarm}</p>\n`] : []),
    html`<p class="small">${texts.answer.meaning(levelText(settings.alpha))} ${texts.answer.singleRecording}</p>\n`,
  ];
  // What is good stands in the answer already; boxes are for what speaks against leaning on it.
  const warnings = result.verdicts.filter((verdict) => verdict.severity !== "good");
  const terms = texts.terms.entries.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>\n`);
  return html`<header>
<h1>${texts.title}: ${recording.name}</h1>
<p class="subtitle">${enumerate(result.people.map((person) => (person.id === person.role ? person.id : `${person.id} (${person.role})`)))} · ${recording.format} · ${duration(recording.durationSeconds)} · profile ${result.profile} · bands declared beforehand: ${enumerate(settings.primaryBands)}</p>
</header>
<div class="answer">
${paragraphs}</div>
${verdictList(warnings)}${details(texts.terms.summary, html`<dl class="terms">\n${terms}</dl>\n`)}`;
}
