import type { Hearts, Hello, Timeline } from "@attune/wire/page";
import { nameOf } from "../coupling/read-evidence.ts";
import { toneOf } from "../parts/tone.ts";
import { roleWords } from "../texts/drawing.ts";
import { heartsText } from "../texts/hearts.ts";
import { PersonMark } from "./heart-card.tsx";
import { InterbeatChart } from "./interbeat-chart.tsx";
import { type BeatMark, interbeatLine } from "./interbeat-line.ts";
import { RsaChart } from "./rsa-chart.tsx";
import { bandLayers } from "./strips.ts";
import { Strips } from "./strips-view.tsx";
import "./recent-hearts.css";

const SECONDS = 120;
const KINDS = ["ectopic", "missed", "merged", "unused"] as const satisfies readonly BeatMark[];

/** Two minutes of everything that is known of hearts, voices and states, on one axis of time. */
export function RecentHearts({
  hearts,
  people,
  intervals,
  zero,
}: {
  hearts: Hearts;
  people: Hello["people"];
  intervals: Timeline["intervals"];
  zero: number;
}) {
  const to = hearts.at;
  const from = to - SECONDS;
  const name = (person: string): string => nameOf(person, people, roleWords);
  const lines = hearts.people.map((heart) => ({
    person: heart.person,
    tone: toneOf(people, heart.person),
    line: interbeatLine(heart.intervals, from),
    trend: heart.rsaTrend,
  }));
  const names = lines.map(({ person }) => name(person));
  const marks = lines.flatMap(({ line }) => line.marks.map(({ mark }) => mark));
  const speakers = [...new Set(hearts.turns.flatMap(({ first, second }) => [first, second]))];
  return (
    <>
      <h3>{heartsText.recent}</h3>
      {lines.length > 0 && (
        <figure class="hearts-figure">
          <figcaption>
            {heartsText.intervals}
            {lines.map(({ person, tone }) => (
              <span class="hearts-key" key={person} data-tone={tone}>
                <PersonMark tone={tone} /> {name(person)}
              </span>
            ))}
          </figcaption>
          <InterbeatChart
            label={heartsText.intervalsChart(names, marks.length)}
            lines={lines}
            from={from}
            to={to}
            zero={zero}
          />
        </figure>
      )}
      <Strips
        intervals={intervals}
        layers={bandLayers(hearts.totals)}
        speakers={speakers.map((person) => ({ person, name: name(person), tone: toneOf(people, person) }))}
        nameOf={name}
        from={from}
        to={to}
      />
      {lines.length > 0 && (
        <>
          <ul class="hearts-legend" aria-label={heartsText.marks}>
            {KINDS.map((kind) => (
              <li key={kind} data-kind={kind}>
                <BeatMarkIcon kind={kind} /> {heartsText.verdicts[kind]}
                <b class="hearts-count">{marks.filter((mark) => mark === kind).length}</b>
              </li>
            ))}
            <li>{heartsText.gap}</li>
          </ul>
          <figure class="hearts-figure">
            <figcaption>{heartsText.rsaOverTime}</figcaption>
            <RsaChart label={heartsText.rsaChart(names)} lines={lines} from={from} to={to} zero={zero} />
          </figure>
          <p class="hearts-detail">{heartsText.rsaDelay}</p>
        </>
      )}
    </>
  );
}

function BeatMarkIcon({ kind }: { kind: BeatMark }) {
  const path = {
    ectopic: "M7 2 12 7 7 12 2 7Z",
    missed: "M2 2H12L7 12Z",
    merged: "M3 3H11V11H3Z",
    unused: "M2 2 12 12M12 2 2 12",
  }[kind];
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
