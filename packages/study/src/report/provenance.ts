import type { StudyResult } from "../result.ts";
import { amountText, precise } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { details, section, table } from "./table.ts";
import { texts } from "./texts.ts";

function words(value: unknown): string {
  if (typeof value === "number") return amountText(value, precise, texts.missing.absent);
  if (value === undefined || value === null) return `n/a (${texts.missing.absent})`;
  if (typeof value === "object" && !Array.isArray(value))
    return Object.entries(value)
      .map(([key, part]) => `${key} ${words(part)}`)
      .join(", ");
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(words).join("; ");
  return String(value);
}

/** `filter.highPassHz`, `0.5`: settings as dotted paths, in their own order. */
function flattened(value: object, path = ""): [string, string][] {
  return Object.entries(value).flatMap(([key, part]): [string, string][] => {
    const name = path === "" ? key : `${path}.${key}`;
    const isGroup = typeof part === "object" && part !== null && !Array.isArray(part);
    return isGroup ? flattened(part, name) : [[name, words(part)]];
  });
}

/** What somebody else needs to get the same numbers. */
export function provenanceSection(result: StudyResult): Markup {
  const { provenance, settings, montage } = result;
  const channels = result.people.map(
    (person) =>
      `${person.id}: ${montage
        .filter((site) => site.person === person.id)
        .map((site) => site.channel)
        .join(", ")}`,
  );
  const facts: [string, string | Markup][] = [
    ["Attune version", provenance.attuneVersion],
    ["Profile", result.profile],
    ["Settings hash", html`<code>${provenance.settingsHash}</code>`],
    ["Seed", amountText(provenance.seed, precise, texts.missing.absent)],
    ["Clock alignment", texts.provenance.alignment[provenance.alignment]],
    ["Filter phase", texts.provenance.filterPhase[provenance.filterPhase]],
    [texts.provenance.montage, channels.join("; ")],
  ];
  const inputs =
    provenance.inputs.length === 0
      ? html`<p>${texts.provenance.noInputs}</p>\n`
      : table({
          caption: texts.provenance.inputs,
          columns: [{ label: "File" }, { label: "SHA-256" }],
          rows: provenance.inputs.map(({ name, sha256 }) => [name, html`<code>${sha256}</code>`]),
        });
  return section(
    "provenance",
    texts.headings.provenance,
    html`<dl class="terms">
${facts.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>\n`)}</dl>
${inputs}${details(
  texts.provenance.settings,
  table({
    caption: `${result.profile}, as used`,
    columns: [{ label: "Setting" }, { label: "Value" }],
    rows: flattened(settings).map(([name, value]) => [html`<code>${name}</code>`, value]),
  }),
)}<p>${texts.provenance.rerun}</p>
`,
  );
}
