import { duration, fixed } from "../../report/format.ts";
import { html, type Markup, trusted, unbroken } from "../../report/html.ts";
import { verdictList } from "../../report/opening.ts";
import { styleSheet } from "../../report/style.ts";
import { section, table } from "../../report/table.ts";
import type { DyadResult } from "../result.ts";
import { behaviourSection, eventsSection } from "./behaviour-section.ts";
import { covariationSection, measuresSection } from "./covariation-section.ts";
import { heartsSection, qualitySection } from "./hearts-section.ts";

// The page may load nothing and run nothing, whatever stands in the data.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const contents = [
  ["covariation", "Do the two hearts covary?"],
  ["hearts", "Both hearts on one time axis"],
  ["behaviour", "What both people did"],
  ["events", "Around gaze, touch, cries and turns"],
  ["measures", "All measures of covariation"],
  ["models", "Stability and influence"],
  ["quality", "Can the signals be trusted?"],
  ["missing", "What is not reported, and why"],
  ["provenance", "How to reproduce this"],
] as const;

/**
 * The report of one dyad as a single HTML document: the answer in words, what speaks against it, and every number with its
 * null. No network, no script, no font; A4, light and dark. The same result gives the same bytes.
 */
export function renderDyadReport(result: DyadResult): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Hearts, voices, touch: ${result.name}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${openingOf(result)}
<nav aria-label="Contents"><ol>
${contents.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>\n`)}</ol></nav>
${covariationSection(result)}
${heartsSection(result)}
${behaviourSection(result)}
${eventsSection(result)}
${measuresSection(result)}
${modelsSection(result)}
${qualitySection(result)}
${missingSection(result)}
${provenanceSection(result)}
<footer><p>Covariation is not synchrony of minds, a lag is not an influence, and more is not better: its sign and meaning depend on the situation. One recording says nothing about other dyads.</p></footer>
</main>
</body>
</html>
`.toString();
}

function openingOf(result: DyadResult): Markup {
  const { people, time, answer, verdicts, together, splits, settings } = result;
  // What the tables say in full stays there; the answer holds what was declared and what stood out.
  const isShown = (sentence: string): boolean =>
    !together.some(({ words, stands }) => words === sentence && !stands);
  const [first = "", ...rest] = answer.filter(isShown);
  const nBlind = together.filter(({ stands, canReach }) => !stands && !canReach).length;
  const nOpen = together.filter(({ stands, canReach }) => !stands && canReach).length;
  const split = splits.some(({ isDeclared }) => isDeclared) ? ` · declared split: ${settings.split}` : "";
  return html`<header>
<h1>Hearts, voices, touch: ${result.name}</h1>
<p class="subtitle">${people.map(({ id }) => id).join(" and ")} · ${duration(time.end - time.start)} shared by both hearts · session time ${String(time.start)} to ${String(time.end)} s${split} · seed ${String(settings.seed)}</p>
</header>
<div class="answer">
<p class="first">${unbroken(first)}</p>
${rest.map((sentence) => html`<p>${unbroken(sentence)}</p>\n`)}${nOpen > 0 ? html`<p>Of ${String(together.length)} questions across brains, hearts and behaviour ${String(nOpen)} found no evidence; they stand in the section on events with their intervals.</p>\n` : ""}${nBlind > 0 ? html`<p>To ${String(nBlind)} of ${String(together.length)} questions across brains, hearts and behaviour the recording or its surrogates cannot say anything.</p>\n` : ""}
<p class="small">“More than chance” means p at most ${String(settings.alpha)} against surrogates of this recording or of other dyads. This is one recording.</p>
</div>
${verdictList(verdicts.filter(({ severity }) => severity !== "good"))}`;
}

function modelsSection({ models, people, time }: DyadResult): Markup {
  const number = (value: number): string => (Number.isFinite(value) ? fixed(value, 2) : "n/a");
  const names = { lnRsa: "lnRSA", ibi: "IBI" } as const;
  const rows = models.measures.flatMap((each) => [
    {
      group: html`${names[each.measure]} <span class="note">${each.status === "ok" ? `${each.nTransitions} pairs of successive epochs; stability is biased by about ${number(each.stabilityBias)}${each.tooFewEpochs ? ": TOO FEW EPOCHS, description only" : ""}` : "too few epochs for the model"}</span>`,
    },
    ...each.paths.map(({ from, to, kind, estimate, low, high }) => [
      kind === "stability" ? `${from} → itself, next epoch` : `${from} → ${to}, next epoch`,
      kind,
      number(estimate),
      `${number(low)} to ${number(high)}`,
    ]),
    [
      `${people[1].id} on ${people[0].id}, same epoch`,
      "covariation",
      number(each.covariation.estimate),
      `${number(each.covariation.low)} to ${number(each.covariation.high)}`,
    ],
  ]);
  return section(
    "models",
    "Stability and influence",
    html`<p>Does a person's next epoch follow from their own present one, or from the partner's? Both directions, for this dyad alone. The intervals take epochs as independent given the model and describe the dyad; a test needs many dyads, for which epochs.csv is made (lme4, nlme, DSEM).</p>
${table({
  caption: html`<b>Epochs of ${String(time.epochSeconds)} s.</b>`,
  columns: [
    { label: "Path" },
    { label: "Kind" },
    { label: "Estimate", numeric: true },
    { label: "95 % interval", numeric: true },
  ],
  rows,
})}`,
  );
}

function missingSection({ notReported, brain }: DyadResult): Markup {
  return section(
    "missing",
    "What is not reported, and why",
    html`${table({
      caption: "A blank would look like a zero; so what is missing is named.",
      columns: [{ label: "What" }, { label: "Why" }],
      rows: notReported.map(({ what, why }) => [what, why]),
    })}${brain.isAvailable ? html`<p>Brain coupling: squared GPDC of ${String(brain.nWindows)} windows by themselves, ${brain.band}, profile ${brain.profile}.</p>\n` : ""}`,
  );
}

function provenanceSection({ provenance, settings, name }: DyadResult): Markup {
  const entries: [string, string][] = [
    ["Attune", provenance.attuneVersion],
    ["Settings hash", provenance.settingsHash],
    ["Seed", String(settings.seed)],
    ["Alignment", "offline: whole-file clock fit"],
    ...provenance.inputs.map(({ name: file, sha256 }): [string, string] => [file, sha256]),
    ["Settings", JSON.stringify(settings)],
  ];
  return section(
    "provenance",
    "How to reproduce this",
    html`<p>The same input, settings, seed and version give the same numbers for ${name}. What was done stands in sentences in METHODS.md.</p>
<dl class="terms">
${entries.map(([term, value]) => html`<dt>${term}</dt><dd><code>${value}</code></dd>\n`)}</dl>
`,
  );
}
