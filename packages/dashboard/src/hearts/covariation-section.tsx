import type { CovariationOfWindow, Hearts, Hello } from "@attune/wire/page";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { nameOf } from "../coupling/read-evidence.ts";
import { roleWords } from "../texts/drawing.ts";
import { heartsText } from "../texts/hearts.ts";
import { clockText } from "../traces/session-zero.ts";
import { CovariationCharts } from "./covariation-charts.tsx";
import { choicesOf, covariationSeries, windowsOf } from "./covariation-series.ts";
import { placeOf } from "./read-hearts.ts";
import { StateTable } from "./state-table.tsx";

/** How two hearts went together: the newest window, all of them over time, and by state. */
export function CovariationSection({
  hearts,
  people,
  zero,
}: {
  hearts: Hearts;
  people: Hello["people"];
  zero: number;
}) {
  const chosenPair = useSignal<string | undefined>(undefined);
  const chosenSeries = useSignal<string | undefined>(undefined);
  const choices = choicesOf(hearts);
  const pairs = new Map(choices.map((choice) => [`${choice.from} ${choice.to}`, choice]));
  const pairKey = pairs.has(chosenPair.value ?? "") ? chosenPair.value! : [...pairs.keys()][0];
  const ofPair = choices.filter(({ from, to }) => `${from} ${to}` === pairKey);
  const choice = ofPair.find(({ series }) => series === chosenSeries.value) ?? ofPair[0];
  const { covariations } = hearts;
  const windows = useMemo(
    () => (choice === undefined ? [] : windowsOf(covariations, choice)),
    [covariations, choice?.from, choice?.to, choice?.measure],
  );
  const series = useMemo(() => covariationSeries(windows, zero), [windows, zero]);
  const name = (person: string): string => nameOf(person, people, roleWords);
  const heading = <h3>{heartsText.covariation}</h3>;
  if (choice === undefined)
    return (
      <>
        {heading}
        <p class="hearts-detail">
          {hearts.people.length < 2
            ? heartsText.noPair
            : heartsText.covariationEarly(heartsText.seconds(FIRST_WINDOW_SECONDS))}
        </p>
      </>
    );
  const total = hearts.totals.find(
    ({ measure, from, to }) => measure === choice.measure && from === choice.from && to === choice.to,
  );
  const pair = heartsText.pairOf(name(choice.from), name(choice.to));
  const what = seriesName(choice.series);
  return (
    <>
      {heading}
      <div class="hearts-choices">
        {pairs.size > 1 && (
          <label class="hearts-pair">
            <span>{heartsText.pair}</span>
            <select
              value={pairKey ?? ""}
              onChange={(event) => {
                chosenPair.value = event.currentTarget.value;
              }}
            >
              {[...pairs].map(([key, { from, to }]) => (
                <option key={key} value={key}>
                  {heartsText.pairOf(name(from), name(to))}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="hearts-series">
          <legend class="visually-hidden">{heartsText.series}</legend>
          {ofPair.map((each) => (
            <button
              type="button"
              key={each.measure}
              aria-pressed={each.measure === choice.measure}
              onClick={() => {
                chosenSeries.value = each.series;
              }}
            >
              {seriesName(each.series)}
            </button>
          ))}
        </fieldset>
      </div>
      <NewestWindow window={windows.at(-1)} zero={zero} />
      <h4>{heartsText.overTime}</h4>
      <CovariationCharts
        series={series}
        shape={`${choice.measure} ${choice.from} ${choice.to} ${zero}`}
        label={heartsText.overTimeChart(pair, what, windows.length)}
        placeLabel={heartsText.percentileChart(pair)}
      />
      <p class="hearts-detail">
        {total !== undefined && `${heartsText.counts(total.nWindows, total.nWithoutValue)}. `}
        {heartsText.windowsHint}
      </p>
      <h4>{heartsText.byState}</h4>
      {total === undefined || total.byLayer.length === 0 ? (
        <p class="hearts-detail">{heartsText.noStates}</p>
      ) : (
        <StateTable total={total} nameOf={name} />
      )}
    </>
  );
}

/** A window of half a minute, with its lags and delays. */
const FIRST_WINDOW_SECONDS = 45;

const seriesName = (series: string): string =>
  (heartsText.seriesNames as Readonly<Record<string, string>>)[series] ?? series;

function NewestWindow({ window, zero }: { window: CovariationOfWindow | undefined; zero: number }) {
  if (window === undefined) return null;
  const { start, end, z, coverage, lead, nullPercentile, nNull } = window;
  const place = placeOf(window);
  return (
    <article class="covariation-now" data-place={place}>
      <p class="hearts-detail">
        {heartsText.newest(clockText(start - zero), clockText(end - zero))} ·{" "}
        {heartsText.known(heartsText.percent(coverage))}
      </p>
      <p class="covariation-number">
        {z === null ? (
          <strong class="heart-none" data-number="z">
            {heartsText.noValue}
          </strong>
        ) : (
          <>
            <strong data-number="z">{z.toFixed(2).replace("-", "−")}</strong> <span>{heartsText.z}</span>
          </>
        )}
        {place !== "unknown" && <em>{heartsText[place]}</em>}
      </p>
      <p data-number="percentile">
        {z === null
          ? heartsText.zUnknown(heartsText.percent(coverage))
          : nullPercentile === null
            ? heartsText.percentileUnknown(nNull)
            : heartsText.percentile(heartsText.percent(nullPercentile), nNull)}
      </p>
      <p>
        <span data-number="lead">{heartsText.lead(lead)}</span>.{" "}
        {z !== null && <span class="hearts-quiet">{heartsText.leadHint}</span>}
      </p>
    </article>
  );
}
