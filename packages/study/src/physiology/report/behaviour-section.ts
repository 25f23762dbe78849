import { STATE_WORDS } from "@attune/core";
import * as Plot from "@observablehq/plot";
import { chart, pageWidth } from "../../report/chart.ts";
import { amount, bareProbability, decimals, precise, signed } from "../../report/format.ts";
import { html, type Markup, nothing } from "../../report/html.ts";
import { details, figure, section, table } from "../../report/table.ts";
import type { BehaviourRow, DyadResult, EventLockedCourse, LagSequentialRow } from "../result.ts";
import { both, happens, legend, looks, swatch } from "./parts.ts";

/** Longest row of the ribbon, seconds; a longer session is shown in several, up to so many. */
const ROW_SECONDS = 120;
const MOST_ROWS = 10;

/** Turn-taking ribbon, contingencies, gaze, touch. */
export function behaviourSection(result: DyadResult): Markup {
  const { behaviour } = result;
  if (behaviour.length === 0)
    return section(
      "behaviour",
      "What both people did",
      html`<p>No behaviour was coded: give a table with --states.</p>\n`,
    );
  const pick = (topics: readonly BehaviourRow["topic"][]): BehaviourRow[] =>
    behaviour.filter(({ topic }) => topics.includes(topic));
  return section(
    "behaviour",
    "What both people did",
    html`${ribbon(result)}${contingencyTable(result)}
${details("Turns, chains, serve and return", rowsTable("Turns", pick(["turns"])))}
${details("Gaze: shares, mutual gaze against independence, first look", rowsTable("Gaze", pick(["gaze"])))}
${details("Voice per gaze, with exposure", rowsTable("Voice", pick(["voice"])))}
${details("What begins after what, second by second", lagTable(result))}
${details("Touch: kinds, bouts, latency after cries", rowsTable("Touch", pick(["touch"])))}
`,
  );
}

function ribbon({ data, time, people }: DyadResult): Markup {
  const isVoice = (layer: string): boolean => layer === "voice" || layer === "cry";
  const shown = data.states.filter(
    ({ layer, state }) => isVoice(layer) && happens(state) && !STATE_WORDS.notVoice.test(state),
  );
  if (shown.length === 0) return nothing;
  const nRows = Math.min(MOST_ROWS, Math.ceil((time.end - time.start) / ROW_SECONDS));
  const touch = data.states.filter(({ layer, state }) => layer === "touch" && happens(state));
  const rows = Array.from({ length: nRows }, (_, k) => time.start + k * ROW_SECONDS);
  const pieces = (states: DyadResult["data"]["states"]) =>
    states.flatMap((state) =>
      rows.flatMap((from) => {
        const x1 = Math.max(from, state.onset);
        const x2 = Math.min(from + ROW_SECONDS, state.onset + state.duration, time.end);
        return x2 > x1 ? [{ ...state, row: String(from), x1: x1 - from, x2: x2 - from }] : [];
      }),
    );
  const lane = (person: string): number => (person === people[0].id ? 0.5 : -0.5);
  const bars = pieces(shown).map((piece) => ({
    ...piece,
    y1: Math.min(0, lane(piece.person) * 1.9),
    y2: Math.max(0, lane(piece.person) * 1.9),
    fill:
      piece.layer === "cry" || STATE_WORDS.cry.test(piece.state)
        ? "var(--alarm)"
        : piece.person === people[0].id
          ? looks[0].colour
          : looks[1].colour,
  }));
  const picture = chart(`Voices of both people in ${nRows} rows of ${ROW_SECONDS} s.`, {
    width: pageWidth,
    height: 40 + 44 * nRows,
    marginLeft: 62,
    marginRight: 12,
    marginTop: 8,
    marginBottom: 34,
    x: {
      domain: [0, ROW_SECONDS],
      label: "Seconds from the start of the row",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: { domain: [-1, 1], axis: null },
    fy: {
      domain: rows.map(String),
      label: null,
      padding: 0.12,
      tickFormat: (from: string) => `${from} s`,
      axis: "left",
    },
    marks: [
      Plot.rect(pieces(touch), { x1: "x1", x2: "x2", fy: "row", fill: "var(--infant-2)", fillOpacity: 0.16 }),
      Plot.rect(bars, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fy: "row", fill: "fill" }),
      Plot.ruleY([0], { stroke: "var(--muted)", strokeWidth: 0.7 }),
    ],
  });
  const more =
    (time.end - time.start) / ROW_SECONDS > nRows ? ` The first ${nRows * ROW_SECONDS} s are shown.` : "";
  return figure(
    html`${legend([swatch(looks[0].colour, `${people[0].id}'s voice (above the line)`), swatch(looks[1].colour, `${people[1].id}'s voice (below)`), swatch("var(--alarm)", "cry"), swatch("var(--infant-2)", "touch", 0.3)])}<div class="wide">${picture}</div>`,
    `Read each row from left to right: where a bar above follows one below within a second or two, somebody was answered.${more}`,
  );
}

function contingencyTable({ behaviour, settings }: DyadResult): Markup {
  const shifts = behaviour.filter((row) => row.measure === "delta P" && row.null === "circular-shift");
  if (shifts.length === 0) return nothing;
  const of = (detail: string, measure: string, kind?: string): BehaviourRow | undefined =>
    behaviour.find(
      (row) => row.detail === detail && row.measure === measure && (kind === undefined || row.null === kind),
    );
  const two = decimals(2);
  return table({
    caption: html`<b>Who answers whom.</b> P(answer | act) beside the probability that a window of the same length, begun at any time, holds an answer; delta P is the difference. Two nulls: the answers shifted in time, and their gaps shuffled. Bold: p at most ${String(settings.alpha)} by shifts.`,
    columns: [
      { label: "Act and answer" },
      ...["Acts", "P(answer | act)", "Base rate", "Delta P", "Operant delta P", "p, shifts", "p, gaps"].map(
        (label) => ({ label, numeric: true }),
      ),
    ],
    rows: shifts.map((row) => {
      const answered = of(row.detail, "P(answer | act)");
      const isFromOffset = row.detail.endsWith("of its end");
      return [
        row.detail,
        String(row.n),
        amount(answered?.value, two, "no act"),
        amount(answered?.expected, two, "no act"),
        amount(row.value, two, "no act"),
        isFromOffset
          ? amount(of(row.detail, "operant delta P")?.value, two, "hardly any time without acts")
          : "—",
        row.p <= settings.alpha
          ? html`<span class="above">${bareProbability(row.p)}</span>`
          : amount(row.p, bareProbability, "too short"),
        isFromOffset
          ? amount(of(row.detail, "delta P", "shuffled-gaps")?.p, bareProbability, "too short")
          : "—",
      ];
    }),
  });
}

/** Log odds ratios of onsets by lag, one row a pair of acts. */
function lagTable({ lagSequential }: DyadResult): Markup {
  if (lagSequential.length === 0) return html`<p>Nothing was coded of both.</p>\n`;
  const name = ({ from, act, to, answer }: LagSequentialRow): string => `${from} ${act} → ${to} ${answer}`;
  const lags = [...new Set(lagSequential.map(({ lagSeconds }) => lagSeconds))];
  const pairs = [...new Set(lagSequential.map(name))].map((pair) =>
    lagSequential.filter((row) => name(row) === pair),
  );
  const two = decimals(2);
  return table({
    caption: html`<b>Onsets in bins of 1 s.</b> Log odds ratio (standard error): how the odds that something begins change so many bins after something else began; 0 is independence. n: answers that began within these bins. Where nothing ever followed, one half stands for none and the error is large. No p: the bins of one session are not independent; delta P above has one. Yule's Q, phi and Allison and Liker's z are in lag-sequential.tsv.`,
    columns: [
      { label: "Act → what begins after it" },
      ...["Acts", "n", ...lags.map((lag) => `${String(lag)}–${String(lag + 1)} s`)].map((label) => ({
        label,
        numeric: true,
      })),
    ],
    dense: true,
    rows: pairs.map((rows) => [
      name(rows[0]!),
      String(rows[0]!.counts[0] + rows[0]!.counts[1]),
      String(rows.reduce((sum, { counts }) => sum + counts[0], 0)),
      ...rows.map(({ logOddsRatio, standardError, counts }) =>
        counts[0] + counts[1] === 0
          ? "—"
          : html`<span class="nowrap">${signed(logOddsRatio, 2)} (${two(standardError)})</span>`,
      ),
    ]),
  });
}

function rowsTable(caption: string, rows: readonly BehaviourRow[]): Markup {
  if (rows.length === 0) return html`<p>Not coded.</p>\n`;
  return table({
    caption,
    columns: [
      { label: "Measure" },
      { label: "Who" },
      { label: "Of what" },
      ...["Value", "Expected", "n", "p"].map((label) => ({ label, numeric: true })),
    ],
    dense: true,
    rows: rows.map((row) => [
      `${row.measure} (${row.unit})`,
      row.from === row.to ? row.from : `${row.from} → ${row.to}`,
      row.detail,
      amount(row.value, decimals(row.unit === "count" || row.unit === "turns" ? 0 : 3), "no event"),
      Number.isFinite(row.expected) ? decimals(3)(row.expected) : "—",
      Number.isFinite(row.n) ? String(row.n) : "—",
      Number.isFinite(row.p) ? bareProbability(row.p) : "—",
    ]),
  });
}

/** Three significant digits. */
const brief = (value: number): string => precise(Number(value.toPrecision(3)));

/** Mean courses around gaze, touch and cries. */
export function eventsSection(result: DyadResult): Markup {
  const { eventLocked, people } = result;
  if (eventLocked.length === 0)
    return section(
      "events",
      "Around gaze, touch, cries and turns",
      html`<p>There are fewer than three events of every kind, or none was coded.</p>\n`,
    );
  const events = [...new Set(eventLocked.map(({ event }) => event))];
  const colourOf = ({ series }: EventLockedCourse): string =>
    series.endsWith(`of ${people[0].id}`) || series.includes(`${people[0].id}->`)
      ? looks[0].colour
      : series.endsWith(`of ${people[1].id}`) || series.includes(`${people[1].id}->`)
        ? looks[1].colour
        : both;
  const panel = (course: EventLockedCourse): Markup =>
    html`<div><h3>${course.series}</h3>${courseChart(course, colourOf(course))}<p>${String(course.nEvents)} events${course.nLeftOut > 0 ? ` (${String(course.nLeftOut)} left out: too little data around them)` : ""}. ${course.status === "ok" ? `0 to 10 s minus 5 s before: ${brief(course.response)} ${course.unit} (by chance ${brief(course.responseNullMean)} ± ${brief(course.responseNullSd)}), p = ${bareProbability(course.responseP)}` : "Too short for a null."}</p></div>\n`;
  return section(
    "events",
    "Around gaze, touch, cries and turns",
    html`<p>Mean courses around events, each epoch minus the mean of its 5 s before. For intervals, up is a slower heart.</p>
${events.map((event) => {
  const courses = eventLocked.filter((course) => course.event === event);
  const empty = courses.filter(({ nEvents }) => nEvents === 0).map(({ series }) => series);
  return html`<h3>${event}</h3>
<div class="panels">${courses.filter(({ nEvents }) => nEvents > 0).map(panel)}</div>
${empty.length === 0 ? nothing : html`<p class="small">No event has enough data around it in: ${empty.join(", ")}.</p>\n`}`;
})}
<p class="small"><b>How to read it.</b> Grey: 95 % of the courses around events that were shifted together in time stay inside at all moments. Dashed: the event. A course that leaves the grey before the event says that the series moved first. p belongs to the number under the picture and is not corrected for the number of pictures; the questions below are.</p>
${together(result)}`,
  );
}

function courseChart(course: EventLockedCourse, colour: string): Markup {
  const step = Math.max(1, Math.ceil(course.lags.length / 160));
  const points = course.lags
    .map((lag, k) => ({ lag, mean: course.mean[k]!, low: course.nullLow[k]!, high: course.nullHigh[k]! }))
    .filter((_, k) => k % step === 0);
  return chart(`${course.series} around ${course.event}: ${course.nEvents} events.`, {
    width: 300,
    height: 182,
    marginLeft: 46,
    marginRight: 8,
    marginTop: 20,
    marginBottom: 32,
    x: { label: "s from event", labelAnchor: "center", labelArrow: "none", ticks: 6 },
    y: { label: course.unit, grid: true, nice: true, ticks: 4 },
    marks: [
      Plot.areaY(points, { x: "lag", y1: "low", y2: "high", fill: "var(--null)", fillOpacity: 0.6 }),
      Plot.ruleX([0], { stroke: "var(--fg)", strokeDasharray: "2 3" }),
      Plot.ruleY([0], { stroke: "var(--muted)", strokeWidth: 0.7 }),
      Plot.lineY(points, { x: "lag", y: "mean", stroke: colour, strokeWidth: 2 }),
    ],
  });
}

function together({ together: rows }: DyadResult): Markup {
  if (rows.length === 0) return nothing;
  const digits = (unit: string) => decimals(unit === "ms" ? 1 : 3);
  return html`<h3>Who leads across brains, hearts and behaviour?</h3>
${table({
  caption: html`<b>Questions that were declared, null results included.</b> The interval is the difference from chance, plus and minus 1.96 SD of chance: what the recording can and cannot rule out. A largest |r| is asked on one side: beside it stands what chance stays below 19 times in 20. q: corrected over these questions. Yes: q at most the level that was set, and the interval leaves out 0.`,
  columns: [
    { label: "Question" },
    { label: "Compared" },
    ...["n", "Beyond chance", "Interval", "p", "q"].map((label) => ({ label, numeric: true })),
    { label: "Answer" },
  ],
  dense: true,
  rows: rows.map((row) => [
    row.question,
    row.measure,
    String(row.n),
    amount(row.value - row.nullMean, digits(row.unit), "no null"),
    Number.isFinite(row.nullUpper)
      ? html`<span class="nowrap">${digits(row.unit)(row.value)}, chance below ${digits(row.unit)(row.nullUpper)}</span> ${row.unit}`
      : Number.isFinite(row.low)
        ? html`<span class="nowrap">${digits(row.unit)(row.low)} to ${digits(row.unit)(row.high)}</span> ${row.unit}`
        : "—",
    amount(row.p, bareProbability, "too short"),
    amount(row.q, bareProbability, "too short"),
    row.stands
      ? html`<span class="above">yes${/ Yes, on paper: /.test(row.words) ? ", on paper" : ""}</span>`
      : Number.isNaN(row.p)
        ? "not testable"
        : row.canReach
          ? "no evidence"
          : "cannot be said: too few surrogates",
  ]),
})}`;
}
