import * as Plot from "@observablehq/plot";
import { chart, pageWidth } from "../../report/chart.ts";
import { amount, decimals, signed } from "../../report/format.ts";
import { html, type Markup } from "../../report/html.ts";
import { details, figure, section, table } from "../../report/table.ts";
import type { DyadResult } from "../result.ts";
import {
  both,
  happens,
  legend,
  linePoints,
  looks,
  personMark,
  stateBands,
  swatch,
  timeAxis,
} from "./parts.ts";

/** Series of both hearts on one time axis, with their covariation, over bands of the state that was declared. */
export function heartsSection(result: DyadResult): Markup {
  const { people, data, time, splits, settings } = result;
  const { start, end } = time;
  const axis = timeAxis(start, end);
  const declared =
    splits.find(({ isDeclared }) => isDeclared) ?? splits.find(({ layer }) => layer === "touch");
  const bands =
    declared === undefined
      ? []
      : data.states.filter(
          ({ person, layer, state }) =>
            person === declared.person &&
            layer === declared.layer &&
            (declared.state === "any" ? happens(state) : state === declared.state),
        );
  const draw = (
    label: string,
    unit: string,
    lines: readonly { values: ArrayLike<number>; colour: string }[],
    last: boolean,
  ): Markup =>
    chart(label, {
      width: pageWidth,
      height: last ? 164 : 124,
      marginLeft: 62,
      marginRight: 12,
      marginTop: 22,
      marginBottom: last ? 38 : 10,
      x: {
        domain: axis.domain,
        label: last ? axis.label : null,
        labelAnchor: "center",
        labelArrow: "none",
        ...(last ? {} : { axis: null }),
      },
      y: { label: unit, grid: true, nice: true, ticks: 4 },
      marks: [
        stateBands(bands, axis.toX),
        ...lines.map(({ values, colour }) =>
          Plot.lineY(linePoints(values, start, 1, axis.toX), {
            x: "x",
            y: "y",
            stroke: colour,
            strokeWidth: 1.2,
          }),
        ),
        ...(unit === "z" ? [Plot.ruleY([0], { stroke: "var(--muted)" })] : []),
      ],
    });
  const [a, b] = people;
  const state =
    declared === undefined ? "" : `${declared.layer}${declared.state === "any" ? "" : `: ${declared.state}`}`;
  const pictures = [
    draw(
      `Interbeat interval of ${a.id}, mean ${a.meanInterval.toFixed(0)} ms.`,
      `${a.id} IBI (ms)`,
      [{ values: data.series.interbeat[0], colour: looks[0].colour }],
      false,
    ),
    draw(
      `Interbeat interval of ${b.id}, mean ${b.meanInterval.toFixed(0)} ms.`,
      `${b.id} IBI (ms)`,
      [{ values: data.series.interbeat[1], colour: looks[1].colour }],
      false,
    ),
    draw(
      "Respiratory sinus arrhythmia of both.",
      "lnRSA (ln ms²)",
      [
        { values: data.series.rsa[0], colour: looks[0].colour },
        { values: data.series.rsa[1], colour: looks[1].colour },
      ],
      false,
    ),
    draw(
      "Cardiac covariation in windows of 30 s.",
      "z",
      [{ values: data.series.covariation, colour: both }],
      true,
    ),
  ];
  const body = html`${figure(
    html`${legend([personMark(0, a.id), personMark(1, b.id), swatch(both, "covariation of the 30 s around"), ...(state === "" ? [] : [swatch("var(--infant-2)", state, 0.3)])])}<div class="wide">${pictures}</div>`,
    `Up is a longer interval, which is a slower heart. RSA is read at the middle of its 15 s and is missing near both ends and near gaps, because its filters invent nothing. A line that breaks is data that is missing. Neighbouring points of covariation share 29 of their 30 s.`,
  )}
${summary(result)}
${reactivityTable(result)}
<p class="small">lnRSA: natural logarithm of the variance in the breathing band (${people.map(({ id, rsaBand }) => `${id} ${rsaBand.low}–${rsaBand.high} Hz`).join(", ")}) in epochs of ${String(settings.epochSeconds)} s, Porges and Bohrer. ${gains(result)} Spectral: power in the same band over ${people.map(({ id, spectralSeconds }) => `${String(spectralSeconds)} s (${id})`).join(" and ")}. Heart rate, its variability and its low frequencies say nothing certain about sympathetic activity: that needs the pre-ejection period${people.some(({ preEjectionPeriod }) => Number.isFinite(preEjectionPeriod)) ? ", whose imported values stand in the table" : ", which was not recorded"}.</p>
`;
  return section("hearts", "Both hearts on one time axis", body);
}

function summary({ people }: DyadResult): Markup {
  const none = "not recorded";
  const hasPreEjection = people.some(({ preEjectionPeriod }) => Number.isFinite(preEjectionPeriod));
  return table({
    caption: html`<b>Each heart over the time that both share.</b>`,
    columns: [
      { label: "Person" },
      ...[
        "Beats",
        "Rate (1/min)",
        "Interval (ms)",
        "SDNN (ms)",
        "RMSSD (ms)",
        "lnRSA (ln ms²)",
        "Spectral (ln ms²)",
        "Peak to trough (ms)",
        "Breaths (1/min)",
        ...(hasPreEjection ? ["PEP (ms)"] : []),
      ].map((label) => ({ label, numeric: true })),
    ],
    rows: people.map((each) => [
      each.id,
      String(each.nBeats),
      amount(each.heartRate, decimals(1), none),
      amount(each.meanInterval, decimals(1), none),
      amount(each.sdnn, decimals(1), none),
      amount(each.rmssd, decimals(1), none),
      amount(each.lnRsa, decimals(2), "no epoch with enough data"),
      amount(each.lnRsaSpectral, decimals(2), "no stretch with enough data"),
      amount(each.peakToTrough, decimals(1), "no belt"),
      amount(each.breathsPerMinute, decimals(1), "no belt"),
      ...(hasPreEjection ? [amount(each.preEjectionPeriod, decimals(1), "not imported")] : []),
    ]),
  });
}

/** What the filters do to RSA, in one sentence per person. */
function gains({ people, settings }: DyadResult): string {
  if (settings.correctGain) return "The gain of its filters was corrected.";
  const each = people.map(
    ({ id, rsaGain }) =>
      `${id} ${rsaGain.map(({ frequency, gain }) => `${gain.toFixed(2)} at ${frequency.toFixed(2)} Hz`).join(", ")}`,
  );
  return `Its filters are not flat (gain of amplitude: ${each.join("; ")}), so that a change of breathing rate alone changes it; --correct-gain takes this out.`;
}

const reactivityNames = { lnRsa: "lnRSA (ln ms²)", ibi: "IBI (ms)", pep: "PEP (ms)" } as const;

/** Change from the baseline, phase by phase. Nothing here is a test. */
function reactivityTable({ reactivity, settings, notReported }: DyadResult): Markup {
  const why = notReported.find(({ what }) => what.startsWith("reactivity"))?.why;
  if (reactivity === undefined || reactivity.rows.length === 0)
    return html`<p class="small">Reactivity, the change from a baseline, is not reported: ${why ?? "there is no baseline"}.</p>\n`;
  const digits = (measure: string) => decimals(measure === "lnRsa" ? 2 : 1);
  return table({
    caption: html`<b>Reactivity: change from the phase “${reactivity.baseline}”.</b> Epochs of ${String(settings.epochSeconds)} s that lie wholly in it are the baseline; the others are summed up by the phase that holds for most of each. z: in SD of the person's own baseline epochs, which a few epochs know badly. Description, not a test: the baseline belongs into a model of many dyads as a covariate, and must be of the same posture, awake.`,
    columns: [
      { label: "Person" },
      { label: "Measure" },
      { label: "Phase" },
      ...["Epochs", "Change", "z", "Baseline mean", "Baseline SD", "Baseline epochs"].map((label) => ({
        label,
        numeric: true,
      })),
    ],
    dense: true,
    rows: reactivity.rows.map((row) => [
      row.person,
      reactivityNames[row.measure],
      row.phase,
      String(row.nEpochs),
      amount(row.change, (value) => signed(value, row.measure === "lnRsa" ? 2 : 1), "no baseline epoch"),
      amount(row.z, (value) => signed(value, 2), "fewer than two baseline epochs"),
      amount(row.baselineMean, digits(row.measure), "no baseline epoch"),
      amount(row.baselineSd, digits(row.measure), "fewer than two baseline epochs"),
      String(row.nBaseline),
    ]),
  });
}

/** How much of this can be leaned on: coverage, corrections, cross-talk. */
export function qualitySection(result: DyadResult): Markup {
  const { people, crossTalk, data, time } = result;
  const axis = timeAxis(time.start, time.end);
  const changed = data.hearts.flatMap(({ person, intervalTimes, intervalMarks }) =>
    intervalMarks.flatMap((mark, k) => {
      const onset = intervalTimes[k]!;
      return mark !== "kept" && onset >= time.start && onset <= time.end ? [{ person, onset, mark }] : [];
    }),
  );
  const step = Math.max(1, Math.ceil(changed.length / 1500));
  const rows = people.map(({ id }) => id);
  const words: Readonly<Record<string, string>> = {
    leak: "A LEAK WAS FOUND",
    suspected: "suspected",
    "none-found": "none found, which is not the same as none",
    "insufficient-data": "the recording is too short to tell",
    "not-checked": "not checked",
  };
  const ticks = chart(`${changed.length} intervals were corrected or are missing.`, {
    width: pageWidth,
    height: 112,
    marginLeft: 70,
    marginRight: 12,
    marginBottom: 38,
    x: { domain: axis.domain, label: axis.label, labelAnchor: "center", labelArrow: "none" },
    y: { type: "band", domain: rows, label: null },
    marks: [
      Plot.tickX(
        changed.filter((_, k) => k % step === 0),
        {
          x: ({ onset }: { onset: number }) => axis.toX(onset),
          y: "person",
          stroke: ({ mark }: { mark: string }) => (mark === "missing" ? "var(--alarm)" : "var(--caution)"),
          strokeWidth: 1.6,
        },
      ),
      Plot.frame({ stroke: "var(--line)" }),
    ],
  });
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const quality = table({
    caption: html`<b>Signal and corrections.</b> Every change has its mark in beats.tsv and intervals.tsv.`,
    columns: [
      { label: "Person" },
      { label: "Source" },
      ...["Covered", "Corrected", "Beat quality", "Gaps", "Epochs left out"].map((label) => ({
        label,
        numeric: true,
      })),
      { label: "Marks" },
    ],
    rows: people.map((each) => [
      each.id,
      `${each.source}${Number.isFinite(each.samplingRate) ? `, ${each.samplingRate} Hz` : ""}`,
      amount(each.coverage, percent, "no data"),
      amount(each.correctedShare, percent, "no data"),
      amount(each.signalQuality, decimals(2), "imported beats"),
      String(each.nGaps),
      `${each.nEpochsLeftOut} of ${each.nEpochs}`,
      Object.entries(each.marks)
        .map(([mark, count]) => `${mark} ${count}`)
        .join(", "),
    ]),
  });
  const stretches = table({
    caption: html`<b>Cross-talk: ${words[crossTalk.verdict] ?? crossTalk.verdict}.</b> Each person's ECG and breathing were looked for in the other's trace${crossTalk.stretches.some(({ breathing }) => breathing.some(({ seenIn }) => seenIn === "belt")) ? ", and breathing in the other's belt" : ""}.`,
    columns: [
      { label: "Stretch" },
      ...["ECG correlation", "at (ms)", "Coincident beats beyond chance", "p (all tests)"].map((label) => ({
        label,
        numeric: true,
      })),
      { label: "Verdict" },
    ],
    rows: crossTalk.stretches.map((each) => [
      `${each.start.toFixed(0)}–${(each.start + each.seconds).toFixed(0)} s`,
      amount(each.ecgCorrelation, decimals(3), "too short"),
      amount(1000 * each.ecgLagSeconds, decimals(0), "too short"),
      amount(each.coincidenceExcess, percent, "too short"),
      amount(each.p, decimals(3), "too short"),
      words[each.verdict] ?? each.verdict,
    ]),
  });
  const percentOf = decimals(2);
  const breaths = table({
    caption: html`<b>One's breathing in a trace of the other.</b> Coherence at the frequency at which the first breathes, by the belt or, without one, by the baseline of the own ECG. p is adjusted for the tests of the stretch. People who breathe together are coherent without contact.`,
    columns: [
      { label: "Breathing of" },
      { label: "Read from" },
      { label: "Looked for in" },
      ...["From (s)", "Hz", "Coherence", "p"].map((label) => ({ label, numeric: true })),
    ],
    dense: true,
    rows: crossTalk.stretches.flatMap(({ start, breathing }) =>
      breathing.map(({ from, to, source, seenIn, hz, coherence, p }) => [
        from,
        source === "belt" ? "belt" : "ECG baseline",
        `${to}'s ${seenIn === "belt" ? "belt" : "ECG baseline"}`,
        start.toFixed(0),
        amount(hz, percentOf, "too short"),
        amount(coherence, percentOf, "too short"),
        amount(p, decimals(3), "too short"),
      ]),
    ),
  });
  return section(
    "quality",
    "Can the signals be trusted?",
    html`${figure(html`${legend([swatch("var(--caution)", "interval corrected"), swatch("var(--alarm)", "interval missing")])}<div class="wide">${ticks}</div>`, "Each tick is an interval that was not kept as it was found. Where they crowd, look at the ECG.")}${quality}${crossTalk.stretches.length === 0 ? html`<p>Cross-talk was not checked. ${crossTalk.reasons.join(" ")}</p>\n` : html`${stretches}${details("Breathing in the other's traces", breaths)}`}`,
  );
}
