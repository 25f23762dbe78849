import { useComputed } from "@preact/signals";
import type { SessionView } from "../session/session-view.ts";
import { couplingText, findingSentence, roleWords } from "../texts/drawing.ts";
import { sessionZero } from "../traces/session-zero.ts";
import { bandOf, chosenBand } from "./chosen-band.ts";
import { isOfPair, PairChooser, pairOf } from "./chosen-pair.tsx";
import { ComparisonPlot } from "./comparison-plot.tsx";
import { ConditionTable } from "./condition-table.tsx";
import { CouplingChart } from "./coupling-chart.tsx";
import { couplingSeries } from "./coupling-series.ts";
import { NowCard } from "./now-card.tsx";
import { directionsOf, findingOf, nameOf, nullBand, shownCondition } from "./read-evidence.ts";
import "./coupling.css";

/** Coupling as one sentence, as numbers now, as a comparison of conditions, over time, and as a table. */
export function CouplingPanel({ view }: { view: SessionView }) {
  const hello = view.hello.value;
  const pair = pairOf(view);
  const known = view.evidence.value;
  const evidence =
    known === undefined
      ? undefined
      : {
          ...known,
          values: known.values.filter((e) => isOfPair(pair, e)),
          comparisons: known.comparisons.filter((c) => isOfPair(pair, c)),
        };
  const band = bandOf(view);
  const people = hello?.people ?? [];
  const series = useComputed(() => {
    const { couplings } = view.timeline.value;
    const chosen = bandOf(view);
    const directions = new Map(
      couplings
        .filter((c) => c.band === chosen && isOfPair(pairOf(view), c))
        .map(({ from, to }) => [`${from} ${to}`, { band: chosen, from, to }]),
    );
    const zero = sessionZero(view);
    return [...directions.values()].map((direction) => ({
      ...direction,
      series: couplingSeries(couplings, direction, zero),
    }));
  });
  if (hello !== undefined && hello.analysis === null)
    return (
      <section class="panel coupling-panel" aria-label={couplingText.title}>
        <p class="coupling-detail">{couplingText.none}</p>
      </section>
    );

  const finding = findingOf(evidence, band);
  const shown = evidence === undefined ? { condition: null, holds: false } : shownCondition(evidence);
  const now = evidence === undefined ? [] : directionsOf(evidence, band, shown.condition);
  const ofBand = evidence?.values.filter((e) => e.band === band) ?? [];
  const scale = Math.max(0.02, ...ofBand.flatMap((e) => [e.value ?? 0, nullBand(e)?.[1] ?? 0])) * 1.15;
  const sentence = findingSentence(finding, (person) => nameOf(person, people, roleWords));
  return (
    <section class="panel coupling-panel" aria-label={couplingText.title}>
      <p class="coupling-sentence" data-kind={finding.kind}>
        {sentence}
      </p>
      <div class="coupling-heading">
        <span class="coupling-claim">{couplingText.notCausation}</span>
        <PairChooser view={view} />
        <fieldset class="coupling-bands">
          <legend class="visually-hidden">{couplingText.band}</legend>
          {hello?.analysis?.bands.map(({ name, low, high }) => (
            <button
              type="button"
              key={name}
              aria-pressed={name === band}
              onClick={() => {
                chosenBand(view).value = name;
              }}
            >
              {couplingText.bandOf(name, low, high)}
            </button>
          ))}
        </fieldset>
      </div>
      {now.length === 0 ? (
        <p class="coupling-detail">{couplingText.waiting}</p>
      ) : (
        <>
          <h3>{couplingText.nowDuring(shown.condition ?? "", shown.holds)}</h3>
          <div class="coupling-cards">
            {now.map((e) => (
              <NowCard key={`${e.from}-${e.to}`} evidence={e} people={people} scale={scale} />
            ))}
          </div>
          <ComparisonPlot
            comparisons={evidence?.comparisons.filter((c) => c.band === band) ?? []}
            people={people}
          />
        </>
      )}
      {series.value.length > 0 && (
        <>
          <h3>{couplingText.overTime}</h3>
          {series.value.map(({ from, to, series: columns }) => {
            const role = people.find(({ id }) => id === from)?.role === "adult" ? "adult" : "infant";
            const words = couplingText.direction(
              nameOf(from, people, roleWords),
              nameOf(to, people, roleWords),
            );
            const names = columns.conditions.map(({ condition }) => condition);
            return (
              <figure class="coupling-figure" data-role={role} key={`${from}-${to}`}>
                <figcaption>
                  <span class="coupling-shape" aria-hidden="true" /> {words}
                  {names.map((name, n) => (
                    <span key={name} class="coupling-key" data-first={n === 0}>
                      {name}
                    </span>
                  ))}
                </figcaption>
                <CouplingChart series={columns} colour={role} label={couplingText.chart(words, names)} />
              </figure>
            );
          })}
          {hello?.analysis !== null && hello?.analysis !== undefined && (
            <p class="coupling-detail">
              {couplingText.pooled(hello.analysis.forgettingSeconds, hello.analysis.windowSeconds)}
            </p>
          )}
        </>
      )}
      {ofBand.length > 0 && (
        <>
          <h3>{couplingText.perCondition}</h3>
          <ConditionTable values={ofBand} people={people} />
        </>
      )}
    </section>
  );
}
