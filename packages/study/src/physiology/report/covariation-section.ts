import * as Plot from "@observablehq/plot";
import { chart, labelMargin, pageWidth, rowAxis, rowScale } from "../../report/chart.ts";
import { amount, bareProbability, decimals, signed } from "../../report/format.ts";
import { html, type Markup, nothing } from "../../report/html.ts";
import { details, figure, section, table } from "../../report/table.ts";
import { FEWEST_WINDOWS_A_SIDE, hasLag, lagWords, nullNames, stateName } from "../answer.ts";
import type { DyadResult } from "../result.ts";
import { both, legend, swatch } from "./parts.ts";

const three = decimals(3);
const missing = "too few windows";

/** The declared measure by state with its null band, the measure over lags, the table of states. */
export function covariationSection(result: DyadResult): Markup {
  const { covariation, people } = result;
  const { primary } = covariation;
  const deciding = primary.nulls[0];
  const [a, b] = people.map(({ id }) => id) as [string, string];
  const body = html`<p>The measure that was declared before the data were seen: ${primary.description}. It is zero without covariation, positive when the two hearts slow and quicken together.</p>
${figure(
  html`${legend([swatch("var(--null)", `where chance puts the mean, 95 % of the time (${deciding === undefined ? "no null" : nullNames[deciding.kind]})`, 0.8), swatch(both, "mean and every window of 30 s")])}<div class="wide">${byStateChart(result)}</div>`,
  `Each small dot is one window, the black mark their mean. The grey band of a row is where the mean of these very windows lies when the hearts have nothing to do with each other: fewer windows, wider band. Whether two rows differ is not seen from their bands but tested in the table. Windows partly in a state are in the row of the whole session only.`,
)}
${splitTable(result)}
<h3>By lag, over the whole session</h3>
${figure(html`<div class="wide">${lagChart(result)}</div>`, `Right of 0: what ${a} does is seen in ${b} later (${a} leads); left of 0: ${b} leads. The grey band holds for all lags at once: 95 % of recordings shifted against each other stay inside. ${hasLag(primary) ? `Largest value: ${lagWords(primary.crossCorrelation.peakLag, a, b)}. A lag is not yet an influence: slow common drift and shared movement make lags too.` : "The curve stays inside: no lag stands out."}`)}
`;
  return section("covariation", "Do the two hearts covary?", body);
}

interface Row {
  readonly row: string;
  readonly z: readonly number[];
  readonly mean: number;
  /** 95 % of chance for the mean of these windows. */
  readonly low: number;
  readonly high: number;
}

function byStateChart({ covariation: { primary }, splits }: DyadResult): Markup {
  const deciding = primary.nulls[0];
  const rows: Row[] = [
    {
      row: "whole session",
      z: primary.z.filter((z) => !Number.isNaN(z)),
      mean: primary.value,
      low: deciding?.low ?? Number.NaN,
      high: deciding?.high ?? Number.NaN,
    },
  ];
  for (const split of splits.filter(({ insideNull }) => Number.isFinite(insideNull.low)).slice(0, 5)) {
    const name = stateName(split, splits);
    const zOf = (windows: readonly number[]): number[] => windows.map((w) => primary.z[w]!);
    rows.push({
      row: `in ${name}`,
      z: zOf(split.insideWindows),
      mean: split.inside.mean,
      ...split.insideNull,
    });
    if (split.outside.n > 0)
      rows.push({
        row: `without ${name}`,
        z: zOf(split.outsideWindows),
        mean: split.outside.mean,
        ...split.outsideNull,
      });
  }
  const labels = rows.map(({ row }) => row);
  const dots = rows.flatMap(({ row, z }) => thinned(z).map((each) => ({ row, z: each })));
  const label = rows
    .map(({ row, mean, z }) => `${row}: mean z ${mean.toFixed(3)}, ${z.length} windows`)
    .join("; ");
  return chart(`${label}.`, {
    width: pageWidth,
    height: 56 + 44 * rows.length,
    marginLeft: labelMargin(labels),
    marginRight: 16,
    marginTop: 8,
    marginBottom: 40,
    x: {
      label: "Covariation (mean Fisher z)",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      nice: true,
    },
    y: rowScale(labels),
    marks: [
      Plot.barX(
        rows.filter(({ low }) => Number.isFinite(low)),
        { x1: "low", x2: "high", y: "row", fill: "var(--null)", fillOpacity: 0.75, inset: 3 },
      ),
      Plot.ruleX([0], { stroke: "var(--muted)" }),
      rowAxis(labels),
      Plot.dot(dots, { x: "z", y: "row", r: 2.6, fill: both, fillOpacity: 0.35 }),
      Plot.tickX(rows, { x: "mean", y: "row", stroke: "var(--fg)", strokeWidth: 3.5, inset: 7 }),
    ],
  });
}

/** At most some hundreds of dots a row: a day has thousands. */
function thinned(values: readonly number[]): readonly number[] {
  const step = Math.max(1, Math.ceil(values.length / 400));
  return values.filter((_, k) => k % step === 0);
}

function lagChart({ covariation: { primary }, people }: DyadResult): Markup {
  const { lags, values, nullHigh, nullLow, peakLag, peak } = primary.crossCorrelation;
  const points = lags.map((lag, k) => ({ lag, r: values[k]!, low: nullLow[k]!, high: nullHigh[k]! }));
  return chart(`Cross-correlation by lag, largest ${peak.toFixed(2)} at ${peakLag} s.`, {
    width: pageWidth,
    height: 230,
    marginLeft: 54,
    marginRight: 16,
    marginBottom: 40,
    x: {
      label: `Lag (s); right: ${people[0].id} leads`,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 11,
    },
    y: { label: "Correlation", grid: true, nice: true },
    marks: [
      Plot.areaY(points, { x: "lag", y1: "low", y2: "high", fill: "var(--null)", fillOpacity: 0.6 }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.ruleX([0], { stroke: "var(--fg)", strokeDasharray: "2 3" }),
      Plot.lineY(points, { x: "lag", y: "r", stroke: both, strokeWidth: 2.4 }),
      ...(Number.isFinite(peakLag)
        ? [Plot.dot([{ lag: peakLag, r: peak }], { x: "lag", y: "r", r: 5, fill: both })]
        : []),
    ],
  });
}

function splitTable({ splits, settings }: DyadResult): Markup {
  if (splits.length === 0)
    return html`<p>No state was coded, so covariation could not be split: give a table with --states, and name the layer with --split.</p>\n`;
  const usable = splits.filter(
    ({ inside, outside }) => inside.n >= FEWEST_WINDOWS_A_SIDE && outside.n >= FEWEST_WINDOWS_A_SIDE,
  );
  const rest = splits.filter((split) => !usable.includes(split));
  const rows = usable.map((split) => [
    html`${split.person} ${split.layer}: ${split.state}${split.isDeclared ? html` <span class="small">(declared)</span>` : nothing}`,
    String(split.inside.n),
    amount(split.inside.mean, three, missing),
    String(split.outside.n),
    amount(split.outside.mean, three, missing),
    amount(split.difference, (value) => signed(value, 3), missing),
    amount(split.hedgesG, decimals(2), missing),
    amount(split.p, bareProbability, "no room for shifts"),
    split.q <= settings.alpha
      ? html`<span class="above">${bareProbability(split.q)}</span>`
      : amount(split.q, bareProbability, "no room for shifts"),
  ]);
  const names = rest.map(
    ({ person, layer, state, inside, outside }) =>
      `${person} ${layer}: ${state} (${inside.n} in, ${outside.n} out)`,
  );
  return html`${table({
    caption: html`<b>The primary measure by state.</b> p: circular shifts of the state against the windows, two-sided. q: corrected within the declared states, or within all others. Windows overlap, so Hedges g describes and tests nothing. Bold: q at most ${String(settings.alpha)}.`,
    columns: [
      { label: "State" },
      ...["Windows in", "Mean z in", "Windows out", "Mean z out", "Difference", "Hedges g", "p", "q"].map(
        (label) => ({ label, numeric: true }),
      ),
    ],
    rows,
  })}${names.length === 0 ? nothing : html`<p class="small">Fewer than ${String(FEWEST_WINDOWS_A_SIDE)} windows of 30 s on one side, which compares nothing: ${names.join("; ")}. A window is in a state when half of it is, and out when none of it is; bouts of a few seconds that come every few seconds (looks, voices) leave no window out. What happens around each of them is in the panels around events.</p>\n`}`;
}

/** Every measure against every null. */
export function measuresSection(result: DyadResult): Markup {
  const { covariation, people, settings } = result;
  const [a, b] = people.map(({ id }) => id) as [string, string];
  const { primary, exploratory, familySize, notComputed } = covariation;
  const kinds = primary.nulls.map(({ kind }) => kind);
  const rows = [
    { ...primary, unit: "z", q: Number.NaN, lagSeconds: primary.crossCorrelation.peakLag, isPrimary: true },
    ...exploratory.map((each) => ({ ...each, isPrimary: false })),
  ].map((each) => [
    html`${each.isPrimary ? "primary" : each.id}<br><span class="note why">${each.description}</span>`,
    amount(each.value, three, "no value"),
    amount(each.nulls[0]?.mean, three, "no null"),
    amount(each.nulls[0]?.upper, three, "no null"),
    ...kinds.map((kind) =>
      amount(each.nulls.find((one) => one.kind === kind)?.p, bareProbability, "no null"),
    ),
    each.isPrimary
      ? "—"
      : each.q <= settings.alpha
        ? html`<span class="above">${bareProbability(each.q)}</span>`
        : amount(each.q, bareProbability, "no null"),
    !Number.isFinite(each.lagSeconds)
      ? "—"
      : (each.isPrimary ? each.p <= settings.alpha && hasLag(primary) : each.q <= settings.alpha)
        ? lagWords(each.lagSeconds, a, b)
        : "none stands out",
  ]);
  const without = notComputed.map(({ id, why }) => `${id} (${why})`).join("; ");
  return section(
    "measures",
    "All measures of covariation",
    html`<p>Different measures see different things and disagree often; that is why one was declared. The ${String(familySize)} exploratory ones are corrected together (q, by the first null). No p-value here comes from a table of correlations: series with memory correlate by chance.</p>
${table({
  caption: html`<b>Each measure with its nulls.</b> “95 % of chance”: the value that chance stays below 19 times in 20, by the first null.`,
  columns: [
    { label: "Measure" },
    ...[
      "Value",
      "Mean of chance",
      "95 % of chance",
      ...kinds.map((kind) => `p, ${nullNames[kind]}`),
      "q",
    ].map((label) => ({ label, numeric: true })),
    { label: "Lag" },
  ],
  dense: true,
  rows,
})}${descriptions(result)}${without === "" ? nothing : html`<p class="small">Not computed: ${without}.</p>\n`}`,
  );
}

/** What describes the measures further, and is not tested; partners' arousal around peaks, which is. */
function descriptions({ covariation: { exploratory, arousalPeaks }, people }: DyadResult): Markup {
  const rows = exploratory.flatMap(({ id, descriptions: own }) =>
    own.length === 0
      ? []
      : [
          { group: id },
          ...own.map(({ name, description, value, unit }) => [
            name,
            description,
            amount(
              value,
              unit === "count" || unit === "s" ? decimals(unit === "s" ? 1 : 0) : three,
              "no value",
            ),
            unit,
          ]),
        ],
  );
  const described = table({
    caption: html`<b>Described, not tested.</b> Signs, lags window by window (Boker's nearest peak, and the largest value), who leads in how many windows, the other numbers of SUSY and of the recurrence plot. “First” is ${people[0].id}, “second” ${people[1].id}.`,
    columns: [{ label: "Number" }, { label: "What" }, { label: "Value", numeric: true }, { label: "Unit" }],
    dense: true,
    rows,
  });
  const peaks = table({
    caption: html`<b>What one does at the peaks of the other's arousal.</b> Mean of the partner's arousal over 120 s after minus 60 s before, in SD of the session, against as many random moments; both directions corrected together.`,
    columns: [
      { label: "Peaks of" },
      { label: "Arousal of" },
      ...["Peaks", "Used", "Response (SD)", "p", "q"].map((label) => ({ label, numeric: true })),
    ],
    rows: arousalPeaks.map(({ peaksOf, nPeaks, nUsed, response, p, q, why }) => {
      const own = people[peaksOf === "first" ? 0 : 1].id;
      const partner = people[peaksOf === "first" ? 1 : 0].id;
      return [
        own,
        partner,
        String(nPeaks),
        String(nUsed),
        amount(response, (value) => signed(value, 2), "no peak"),
        amount(p, bareProbability, why),
        amount(q, bareProbability, why),
      ];
    }),
  });
  return html`${rows.length === 0 ? nothing : details("The same measures in more numbers", described)}${arousalPeaks.length === 0 ? nothing : peaks}`;
}
