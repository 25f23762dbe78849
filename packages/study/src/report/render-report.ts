import type { StudyResult } from "../result.ts";
import { contrastsSection } from "./contrasts.ts";
import { couplingSection } from "./coupling.ts";
import { eventSection } from "./event-locked.ts";
import { headsSection } from "./heads.ts";
import { html, trusted } from "./html.ts";
import { matrixSection } from "./matrix.ts";
import { modelSection } from "./model.ts";
import { nullsSection } from "./nulls.ts";
import { opening } from "./opening.ts";
import { otherSection } from "./other-measures.ts";
import { powerSection } from "./power.ts";
import { provenanceSection } from "./provenance.ts";
import { recordingSection } from "./recording.ts";
import { spectrumSection } from "./spectrum.ts";
import { styleSheet } from "./style.ts";
import { texts } from "./texts.ts";
import { timelineSection } from "./timeline.ts";

const contents: readonly (keyof typeof texts.headings)[] = [
  "coupling",
  "heads",
  "contrasts",
  "matrix",
  "spectrum",
  "timeline",
  "nulls",
  "model",
  "other",
  "events",
  "power",
  "recording",
  "provenance",
];

// The page may load nothing and run nothing, whatever stands in the data.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The report of one study as a single HTML document: the answer in one sentence, what speaks against it, and every
 * number with its null. It needs no network, no script and no font; it prints on A4 and follows the reader's light
 * or dark theme. The same result gives the same bytes. Numbers that are missing are written "n/a" with the reason;
 * every text that comes from the data is escaped.
 */
export function renderReport(result: StudyResult): string {
  const links = contents.map((id) => html`<li><a href="#${id}">${texts.headings[id]}</a></li>\n`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${texts.title}: ${result.recording.name}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${opening(result)}
<nav aria-label="Contents"><ol>
${links}</ol></nav>
${couplingSection(result)}
${headsSection(result)}
${contrastsSection(result)}
${matrixSection(result)}
${spectrumSection(result)}
${timelineSection(result)}
${nullsSection(result)}
${modelSection(result)}
${otherSection(result)}
${eventSection(result)}
${powerSection(result)}
${recordingSection(result)}
${provenanceSection(result)}
<footer><p>${texts.footer}</p></footer>
</main>
</body>
</html>
`.toString();
}
