import { useSignal } from "@preact/signals";
import { bandOf } from "../coupling/chosen-band.ts";
import { isOfPair, PairChooser, pairOf } from "../coupling/chosen-pair.tsx";
import {
  directionsOf,
  largestCorrected,
  nameOf,
  shownCondition,
  verdictOf,
} from "../coupling/read-evidence.ts";
import type { SessionView } from "../session/session-view.ts";
import { couplingText, headsText, lightWords, roleWords } from "../texts/drawing.ts";
import { electrodeWords, Light, troubleWords } from "./electrode-mark.tsx";
import { type Electrode, electrodesOf } from "./electrodes.ts";
import { Head } from "./head.tsx";
import { Link, linkWords } from "./link.tsx";
import "./heads.css";

const RADIUS = { adult: 142, child: 132, infant: 126 } as const;
const GAP = 176;
const MARGIN = 26;
const HEIGHT = 384;
const lights = ["good", "fair", "poor", "unknown"] as const;

/** Heads from above with a light at each electrode, and between them how much each predicts the other. */
export function HeadsPanel({ view }: { view: SessionView }) {
  const pointed = useSignal<{ person: string; electrode: Electrode } | undefined>(undefined);
  const hello = view.hello.value;
  if (hello === undefined || hello.people.length === 0)
    return (
      <section class="panel heads-panel" aria-label={headsText.title}>
        <p class="heads-hint">{headsText.empty}</p>
      </section>
    );
  const pair = pairOf(view);
  const evidence = view.evidence.value;
  const band = bandOf(view);
  const shown = evidence === undefined ? { condition: null, holds: false } : shownCondition(evidence);
  const values =
    evidence === undefined
      ? []
      : directionsOf(evidence, band, shown.condition).filter((e) => isOfPair(pair, e));
  const full = evidence === undefined ? 0 : largestCorrected(evidence, band);

  let x = MARGIN;
  const people = hello.people
    .filter(({ id }) => pair === undefined || pair.includes(id))
    .sort((a, b) => RADIUS[b.role] - RADIUS[a.role])
    .map((person) => {
      const radius = RADIUS[person.role];
      const place = { x: x + radius, y: 178, radius };
      x += 2 * radius + GAP;
      return { ...person, place, electrodes: electrodesOf(person.id, hello, view.quality.value) };
    });
  const width = x - GAP + MARGIN;
  const elsewhere = people.flatMap(({ id, role, electrodes }) =>
    electrodes.filter(({ position }) => position === undefined).map((electrode) => ({ id, role, electrode })),
  );
  const troubled = people
    .flatMap(({ id, role, electrodes }) =>
      electrodes
        .filter(({ light, position }) => position !== undefined && (light === "poor" || light === "fair"))
        .map((electrode) => ({ id, role, electrode })),
    )
    .sort((a, b) => Number(b.electrode.light === "poor") - Number(a.electrode.light === "poor"));
  const bandName = hello.analysis?.bands.find(({ name }) => name === band);
  const name = (id: string): string => nameOf(id, hello.people, roleWords);
  const links = values.flatMap((value) => {
    const a = people.findIndex(({ id }) => id === value.from);
    const b = people.findIndex(({ id }) => id === value.to);
    if (Math.abs(a - b) !== 1 || a < 0 || b < 0) return [];
    const [left, right] = a < b ? [people[a]!, people[b]!] : [people[b]!, people[a]!];
    const near = left.place.x + left.place.radius + 22;
    const far = right.place.x - right.place.radius - 22;
    return [
      { value, role: people[a]!.role, from: a < b ? near : far, to: a < b ? far : near, isAbove: a < b },
    ];
  });
  return (
    <section class="panel heads-panel" aria-label={headsText.title}>
      <p class="heads-condition">
        <strong>{headsText.links}</strong>
        {bandName !== undefined && ` · ${couplingText.bandOf(bandName.name, bandName.low, bandName.high)}`}
        {shown.condition !== null &&
          ` · ${shown.holds ? headsText.condition(shown.condition) : headsText.lastKnown(shown.condition)}`}
      </p>
      <PairChooser view={view} />
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no element of its own for this */}
      <svg class="heads-drawing" viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label={headsText.title}>
        {links.map(({ value, role, from, to, isAbove }) => (
          <Link
            key={`${value.from}-${value.to}`}
            evidence={value}
            role={role}
            from={from}
            to={to}
            y={isAbove ? 152 : 204}
            full={full}
            isAbove={isAbove}
            words={couplingText.direction(name(value.from), name(value.to))}
          />
        ))}
        {people.map(({ id, role, place, electrodes }) => (
          <Head
            key={id}
            role={role}
            name={name(id)}
            place={place}
            electrodes={electrodes}
            pointed={pointed.value?.person === id ? pointed.value.electrode : undefined}
            onPoint={(electrode) => {
              pointed.value = electrode === undefined ? undefined : { person: id, electrode };
            }}
          />
        ))}
      </svg>
      {links.length > 0 && (
        <ul class="heads-links">
          {links.map(({ value, role }) => (
            <li key={`${value.from}-${value.to}`} data-role={role} data-verdict={verdictOf(value)}>
              <b>{couplingText.direction(name(value.from), name(value.to))}</b> {linkWords(value).join(", ")}
            </li>
          ))}
        </ul>
      )}
      {troubled.length > 0 && (
        <ul class="heads-troubles" aria-label={headsText.troubles}>
          {troubled.map(({ id, role, electrode }) => (
            <li key={`${id} ${electrode.label}`} data-role={role}>
              <svg viewBox="-11 -11 22 22" width="18" height="18" aria-hidden="true">
                <Light light={electrode.light} />
              </svg>
              <b>{name(id)}</b> {troubleWords(electrode)}
            </li>
          ))}
        </ul>
      )}
      {elsewhere.length > 0 && (
        <ul class="heads-elsewhere" aria-label={headsText.elsewhere}>
          {elsewhere.map(({ id, role, electrode }) => (
            <li key={`${id} ${electrode.label}`} data-role={role} title={electrodeWords(electrode)}>
              <svg viewBox="-11 -11 22 22" width="20" height="20" aria-hidden="true">
                <Light light={electrode.light} />
              </svg>
              {`${name(id)} ${electrode.label}`}
              <span class="visually-hidden">{electrodeWords(electrode)}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="heads-hint" aria-live="polite">
        {pointed.value === undefined
          ? headsText.hint
          : `${name(pointed.value.person)} ${electrodeWords(pointed.value.electrode)}`}
      </p>
      <ul class="heads-legend" aria-label={headsText.legend}>
        {lights.map((light) => (
          <li key={light}>
            <svg viewBox="-11 -11 22 22" width="18" height="18" aria-hidden="true">
              <Light light={light} />
            </svg>
            {lightWords[light]}
          </li>
        ))}
        {full > 0 && <li class="heads-width">{headsText.width(full.toFixed(3))}</li>}
      </ul>
    </section>
  );
}
