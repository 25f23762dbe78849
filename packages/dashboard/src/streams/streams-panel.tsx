import type { Hello, Standing } from "@attune/wire/page";
import { type Level, LIMITS, levelOf, limitsOf } from "../alarms/present-alarms.ts";
import { Verdict } from "../parts/dialog.tsx";
import { toneOf } from "../parts/tone.ts";
import type { PageModel } from "../shell/page-model.ts";
import { age, clockTime, hertz, percent, ppm, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

type StandingStream = Standing["streams"][number];

const LIFECYCLES: Readonly<Record<string, Level>> = {
  streaming: "good",
  ready: "good",
  stalled: "caution",
  connecting: "caution",
  configuring: "caution",
  reconnecting: "alarm",
  failed: "alarm",
};

/** How each stream stands, and how much of the phase can be used: what decides whether to go on. */
export function StreamsPanel({ page }: { page: PageModel }) {
  const { hello, standing } = page.session;
  const known = hello.value;
  const now = standing.value;
  if (known === undefined || now === undefined) return <p class="hint">{texts.loading}</p>;
  const { columns } = texts.streams;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section class="streams scroll" tabIndex={0} aria-label={texts.streams.title}>
      <Usable hello={known} standing={now} />
      <h3>{texts.streams.title}</h3>
      {now.streams.length === 0 ? (
        <p class="hint">{texts.streams.none}</p>
      ) : (
        <ul class="stream-list">
          {now.streams.map((each) => (
            <StreamCard key={each.streamId} hello={known} stream={each} columns={columns} />
          ))}
        </ul>
      )}
      <Windows standing={now} />
    </section>
  );
}

interface StreamCardProps {
  readonly hello: Hello;
  readonly stream: StandingStream;
  readonly columns: typeof texts.streams.columns;
}

function StreamCard({ hello, stream, columns }: StreamCardProps) {
  const about = hello.streams.find(({ id }) => id === stream.streamId);
  const isRegular = (about?.samplingRate ?? 0) > 0;
  const limits = limitsOf(hello);
  const silence = isRegular ? levelOf(stream.silentSeconds, limits.silentSeconds) : "good";
  const loss = levelOf(stream.recentLostPercent, limits.lostPercent);
  const drift = stream.driftPpm === null ? "good" : levelOf(stream.driftPpm, LIMITS.driftPpm);
  const lifecycle = LIFECYCLES[stream.lifecycle] ?? "unknown";
  const level = worst([silence, loss, drift, lifecycle]);
  // A stream that streams, and loses or drifts all the same: the word beside the red sign is what is wrong.
  const word =
    lifecycle === level || level === "good"
      ? stream.lifecycle
      : silence === level
        ? texts.streams.troubles.silence
        : loss === level
          ? texts.streams.troubles.loss
          : texts.streams.troubles.drift;
  const persons = [
    ...new Set(about?.channels.flatMap(({ person }) => (person === null ? [] : [person])) ?? []),
  ];
  return (
    <li class={`stream is-${level}`} data-stream={stream.streamId} data-level={level}>
      <p class="stream-head">
        <b class="stream-name">{about?.name ?? stream.streamId}</b>
        {persons.map((person) => (
          <span key={person} class={`stream-person tone-${toneOf(hello.people, person)}`}>
            {person}
          </span>
        ))}
        <Verdict level={level} word={word} />
      </p>
      <dl class="stream-figures">
        <Datum
          name={columns.rate}
          value={isRegular ? `${hertz(stream.measuredSamplingRate)} Hz` : "–"}
          note={isRegular ? `${columns.announced} ${about?.samplingRate}` : ""}
        />
        <Datum name={columns.silent} value={age(stream.silentSeconds)} level={silence} />
        <Datum name={columns.lost} value={`${percent(stream.recentLostPercent)} %`} level={loss} />
        <Datum
          name={columns.lostAll}
          value={`${percent(stream.lostPercent, 2)} %`}
          note={texts.streams.samples(stream.nLost)}
        />
        <Datum
          name={columns.drift}
          value={stream.driftPpm === null ? "–" : `${ppm(stream.driftPpm)} ppm`}
          level={drift}
        />
        <Datum name={columns.reconnects} value={`${stream.nReconnects}`} />
      </dl>
    </li>
  );
}

interface DatumProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly level?: Level;
}

const Datum = ({ name, value, note = "", level = "good" }: DatumProps) => (
  <div class={`datum is-${level}`}>
    <dt>{name}</dt>
    <dd>
      {value}
      {note !== "" && <span class="datum-note"> {note}</span>}
      {(level === "caution" || level === "alarm") && (
        <span class="visually-hidden"> {texts.streams.levels[level]}</span>
      )}
    </dd>
  </div>
);

function Usable({ hello, standing }: { hello: Hello; standing: Standing }) {
  const { usable, phase } = standing;
  if (usable.length === 0) return null;
  const length = phase?.plannedSeconds ?? Math.max(...usable.map(({ phaseSeconds }) => phaseSeconds));
  const name = phase === null ? texts.streams.thisPhase : readable(phase.name);
  const parts = usable.map(({ person, cleanSeconds }) => `${person} ${clockTime(cleanSeconds)}`).join(", ");
  return (
    <section class="usable" aria-label={texts.streams.usable}>
      <h3>{texts.streams.usable}</h3>
      <p class="usable-text">{texts.streams.usableText(name, parts, clockTime(length))}</p>
      {usable.map(({ person, cleanSeconds }) => (
        <div key={person} class={`usable-row tone-${toneOf(hello.people, person)}`}>
          <span class="usable-person">{person}</span>
          <progress max={Math.max(length, 1)} value={cleanSeconds} aria-label={person} />
          <span class="usable-time">{clockTime(cleanSeconds)}</span>
        </div>
      ))}
    </section>
  );
}

function Windows({ standing }: { standing: Standing }) {
  const { windows, conditions } = standing;
  const reasons = Object.entries(windows.rejected).sort(([, a], [, b]) => b - a);
  return (
    <section class="windows" aria-label={texts.streams.windows}>
      <h3>{texts.streams.windows}</h3>
      <p>{texts.streams.windowsText(windows.nAccepted, windows.nWindows, windows.nLate)}</p>
      {conditions.length > 0 && (
        <dl class="pairs">
          {conditions.map(({ condition, nWindows, cleanSeconds }) => (
            <div key={condition}>
              <dt>{readable(condition)}</dt>
              <dd>{texts.streams.conditionText(nWindows, clockTime(cleanSeconds))}</dd>
            </div>
          ))}
        </dl>
      )}
      {reasons.length > 0 && (
        <>
          <h4>{texts.streams.rejected}</h4>
          <dl class="pairs">
            {reasons.map(([reason, count]) => (
              <div key={reason}>
                <dt>{readable(reason)}</dt>
                <dd>{count}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

const ORDER: readonly Level[] = ["good", "unknown", "caution", "alarm"];
const worst = (levels: readonly Level[]): Level =>
  levels.reduce((most, each) => (ORDER.indexOf(each) > ORDER.indexOf(most) ? each : most), "good");
