import type { Summary } from "@attune/wire/page";
import { sourceName } from "../alarms/present-alarms.ts";
import { Verdict } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { toneOf } from "../parts/tone.ts";
import type { PageModel } from "../shell/page-model.ts";
import { clockTime, readable, signedTenths } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

/** The sheet before the family leaves: what was had, what is missing, and how far its times can be trusted. */
export function SummaryPanel({ page }: { page: PageModel }) {
  const summary = page.session.summary.value;
  const people = page.session.hello.value?.people ?? [];
  if (summary === undefined)
    return (
      <section class="summary is-waiting" aria-label={texts.summary.title}>
        <h2>{texts.summary.title}</h2>
        <p class="hint">{page.mayOnlyLook ? texts.summary.elsewhere : texts.summary.waiting}</p>
      </section>
    );
  const { recording, isComplete } = summary;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section class="summary scroll" tabIndex={0} aria-label={texts.summary.title}>
      <header class="summary-head">
        <div>
          <h2>{texts.summary.title}</h2>
          <p class="hint">{texts.summary.intro}</p>
        </div>
        <Verdict
          level={recording === null ? "unknown" : isComplete ? "good" : "alarm"}
          word={
            recording === null
              ? texts.summary.unrecorded
              : isComplete
                ? texts.summary.complete
                : texts.summary.incomplete
          }
        />
      </header>
      <div class="summary-figures">
        <div class="card is-figure">
          <h3>{texts.summary.duration}</h3>
          <p class="big">{clockTime(summary.durationSeconds)}</p>
        </div>
        {summary.usable.map(({ person, cleanSeconds }) => (
          <div key={person} class={`card is-figure tone-${toneOf(people, person)}`}>
            <h3>
              {texts.summary.usable}: {person}
            </h3>
            <p class="big">
              {clockTime(cleanSeconds)}{" "}
              <span class="of">
                {texts.summary.of} {clockTime(summary.durationSeconds)}
              </span>
            </p>
          </div>
        ))}
      </div>
      <div class="summary-grid">
        <Phases summary={summary} />
        <div class="card">
          <h3>{texts.summary.conditions}</h3>
          <dl class="pairs">
            {summary.conditions.map(({ condition, nWindows, cleanSeconds }) => (
              <div key={condition}>
                <dt>{readable(condition)}</dt>
                <dd>
                  {clockTime(cleanSeconds)}, {texts.summary.windows(nWindows)}
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <Alarms summary={summary} page={page} />
        <Files summary={summary} />
      </div>
      <div class="card">
        <h3>{texts.summary.timing}</h3>
        <pre class="passport">{summary.timing}</pre>
      </div>
    </section>
  );
}

function Phases({ summary }: { summary: Summary }) {
  return (
    <div class="card">
      <h3>{texts.summary.phases}</h3>
      <ul class="phase-list">
        {summary.phases.map(({ name, seconds, plannedSeconds, isMissing }) => {
          const isShort = plannedSeconds !== null && seconds < plannedSeconds - 1;
          const level = isMissing ? "alarm" : isShort ? "caution" : "good";
          const word = isMissing ? texts.summary.missing : isShort ? texts.summary.short : texts.summary.done;
          return (
            <li key={name}>
              <Verdict level={level} word={word} />
              <b>{readable(name)}</b>
              <span>
                {clockTime(seconds)}
                {plannedSeconds !== null && ` ${texts.summary.of} ${clockTime(plannedSeconds)}`}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Alarms({ summary, page }: { summary: Summary; page: PageModel }) {
  const zero = page.zero.value;
  const { alarms, overrides } = summary;
  return (
    <div class="card">
      <h3>{texts.summary.alarms}</h3>
      {alarms.length === 0 ? (
        <p class="hint">{texts.summary.noAlarms}</p>
      ) : (
        <ul class="alarm-history">
          {alarms.map(({ at, source, message, overAt }) => (
            <li key={`${at} ${source} ${message}`}>
              <time class="log-time">
                {signedTenths(at - zero)}
                {overAt !== undefined && ` – ${signedTenths(overAt - zero)}`}
              </time>
              <Icon name="stop" size={16} />
              <span>
                <b>{sourceName(page.session.hello.value, source)}</b> {message}
              </span>
            </li>
          ))}
        </ul>
      )}
      {overrides.length > 0 && (
        <>
          <h3>{texts.summary.overrides}</h3>
          <ul class="alarm-history">
            {overrides.map(({ check, about, reason }) => (
              <li key={`${check} ${about}`}>
                <Icon name="warning" size={16} />
                <span>
                  <b>
                    {check} {about}
                  </b>
                  : {reason}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** By their names: the folder is the same for all and stands above them. */
function Files({ summary }: { summary: Summary }) {
  const { files } = summary;
  const folder = /^(.*[\\/])[^\\/]+$/.exec(files[0]?.name ?? "")?.[1] ?? "";
  const isCommon = files.every(({ name }) => name.startsWith(folder));
  return (
    <div class="card">
      <h3>{texts.summary.files}</h3>
      {files.length === 0 && <p class="hint">{texts.summary.noFiles}</p>}
      {isCommon && folder !== "" && (
        <p class="hint">
          <code class="folder">{folder}</code>
        </p>
      )}
      <ul class="files">
        {files.map(({ name, holds }) => (
          <li key={name}>
            <code>{isCommon ? name.slice(folder.length) : name}</code>
            <span>{holds}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
