import type { ConditionResult, StudyResult } from "../result.ts";
import { amount, bareProbability, decimals, fixed, notAvailable } from "./format.ts";
import { type Content, html, type Markup } from "./html.ts";
import { reasonOf, whyMissing } from "./judge.ts";
import { orderPart } from "./model-order.ts";
import { verdictList } from "./opening.ts";
import { section, table } from "./table.ts";
import { texts } from "./texts.ts";

const rows = texts.model.rows;

function range(values: readonly number[], why: string): Content {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return amount(undefined, decimals(2), why);
  const two = decimals(2);
  const missing = values.length - finite.length;
  const text = `${two(Math.min(...finite))} to ${two(Math.max(...finite))}`;
  return missing === 0 ? text : `${text}; n/a in ${missing} of ${values.length} channels (${why})`;
}

function whitenessCell(condition: ConditionResult, why: string): Content {
  const { test, statistic, df, p } = condition.diagnostics.whiteness;
  if (!Number.isFinite(statistic)) return notAvailable(why);
  return html`${test}: ${amount(statistic, decimals(1), why)} on ${amount(df, decimals(0), why)} df, p ${amount(p, (value) => (value < 0.001 ? "< .001" : `= ${bareProbability(value)}`), why)}`;
}

function crossCell(condition: ConditionResult, why: string): Content {
  const { r, low, high } = condition.diagnostics.residualCrossBrain;
  if (!Number.isFinite(r)) return notAvailable(why);
  const three = decimals(3);
  return html`${amount(r, three, why)} [${amount(low, three, why)}, ${amount(high, three, why)}]`;
}

function diagnosticsTable(result: StudyResult): Markup {
  const conditions = result.conditions;
  const row = (
    [name, goal]: readonly [string, string],
    cell: (condition: ConditionResult, why: string) => Content,
  ): readonly Content[] => [
    name,
    goal,
    ...conditions.map((condition) => cell(condition, whyMissing(condition, texts.missing.notComputed))),
  ];
  return table({
    caption: texts.model.table,
    columns: [
      { label: "Check" },
      { label: texts.model.goal },
      ...conditions.map((condition) => ({ label: condition.condition })),
    ],
    rows: [
      row(rows.status, ({ health }) =>
        health.status === "ok" ? "ok" : html`<b>${texts.status[health.status]}</b>`,
      ),
      row(rows.order, ({ diagnostics }, why) => amount(diagnostics.order, decimals(0), why)),
      row(rows.solver, ({ diagnostics }, why) =>
        diagnostics.solver === ""
          ? `n/a (${why})`
          : (texts.model.solvers[diagnostics.solver] ?? diagnostics.solver),
      ),
      row(rows.observations, ({ health }, why) => amount(health.nObservations, decimals(0), why)),
      row(rows.radius, ({ health }, why) => amount(health.spectralRadius, decimals(4), why)),
      row(rows.ratio, ({ health }, why) => amount(health.parameterRatio, decimals(4), why)),
      row(rows.whiteness, whitenessCell),
      row(rows.consistency, ({ diagnostics }, why) => amount(diagnostics.consistency, decimals(3), why)),
      row(rows.rSquared, ({ diagnostics }, why) => range(diagnostics.rSquared, why)),
      row(rows.durbinWatson, ({ diagnostics }, why) => range(diagnostics.durbinWatson, why)),
      row(rows.cross, crossCell),
      row(rows.stationarity, ({ diagnostics }, why) =>
        amount(diagnostics.stationarity.passRate, (share) => `${fixed(100 * share, 1)} %`, why),
      ),
    ],
  });
}

function verdictPart(condition: ConditionResult): Markup {
  const left = condition.reported
    ? ""
    : html`<p class="na">n/a (${texts.missing.notReported}: ${reasonOf(condition)})</p>\n`;
  const verdicts = condition.diagnostics.verdicts;
  const content = verdicts.length === 0 ? html`<p>${texts.model.noVerdicts}</p>\n` : verdictList(verdicts);
  return html`<h4>${condition.condition}</h4>\n${left}${content}`;
}

/** Everything that says whether the model may be believed, in numbers and in words. */
export function modelSection(result: StudyResult): Markup {
  return section(
    "model",
    texts.headings.model,
    html`<p>${texts.model.lead}</p>
${diagnosticsTable(result)}<h3>${texts.model.verdicts}</h3>
${result.conditions.map(verdictPart)}${orderPart(result)}`,
  );
}
