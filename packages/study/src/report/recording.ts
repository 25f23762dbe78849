import type { RecordingSummary, StudyResult } from "../result.ts";
import { amount, decimals, duration, fixed, signed } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { section, table } from "./table.ts";
import { texts } from "./texts.ts";

type StreamSummary = RecordingSummary["streams"][number];

function streamTable(streams: readonly StreamSummary[]): Markup {
  return table({
    caption: html`<b>${texts.recording.table}.</b> ${texts.recording.note}`,
    columns: [
      { label: "Stream" },
      { label: "Type" },
      { label: "Person" },
      ...["Nominal rate (Hz)", "Effective rate (Hz)", "Clock offset (s)", "Drift (ppm)", "Gaps"].map(
        (label) => ({
          label,
          numeric: true,
        }),
      ),
    ],
    rows: streams.map((stream) => [
      stream.name === stream.id
        ? stream.name
        : html`${stream.name} <span class="small">(${stream.id})</span>`,
      stream.type,
      stream.person ?? "nobody",
      stream.nominalSamplingRate === 0
        ? "irregular"
        : amount(
            stream.nominalSamplingRate,
            (value) => String(Number(fixed(value, 4))),
            texts.missing.absent,
          ),
      amount(
        stream.effectiveSamplingRate,
        decimals(4),
        stream.nominalSamplingRate === 0 ? texts.missing.irregular : texts.missing.notComputed,
      ),
      amount(stream.clockOffsetSeconds, (value) => signed(value, 6), texts.missing.notComputed),
      amount(stream.driftPpm, (value) => signed(value, 2), texts.missing.notComputed),
      stream.gaps.length === 0
        ? "none"
        : `${stream.gaps.length}, ${duration(stream.gaps.reduce((sum, gap) => sum + gap.duration, 0))} in all`,
    ]),
  });
}

function gapTable(streams: readonly StreamSummary[]): Markup {
  const rows = streams.flatMap((stream) =>
    stream.gaps.map((gap) => [
      stream.name,
      amount(gap.start, decimals(3), texts.missing.absent),
      amount(gap.duration, decimals(3), texts.missing.absent),
    ]),
  );
  if (rows.length === 0) return html`<p>${texts.recording.noGaps}</p>\n`;
  return table({
    caption: texts.recording.gaps,
    columns: [
      { label: "Stream" },
      { label: "Starts (s)", numeric: true },
      { label: "Lasts (s)", numeric: true },
    ],
    rows,
  });
}

/** What was recorded: streams, rates, clocks, gaps and damage. */
export function recordingSection(result: StudyResult): Markup {
  const { streams, damage } = result.recording;
  const harm =
    damage.length === 0
      ? html`<p>${texts.recording.noDamage}</p>\n`
      : html`<ul>\n${damage.map((sentence) => html`<li>${sentence}</li>\n`)}</ul>\n`;
  return section(
    "recording",
    texts.headings.recording,
    html`${streamTable(streams)}${gapTable(streams)}<h3>${texts.recording.damage}</h3>\n${harm}`,
  );
}
