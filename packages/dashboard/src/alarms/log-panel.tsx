import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { signedTenths } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { AlarmLine, MOST_SHOWN as MOST_IN_STRIP } from "./alarm-strip.tsx";
import { sourceName } from "./present-alarms.ts";

type Filter = "all" | "warnings" | "alarms";
const FILTERS: readonly Filter[] = ["all", "warnings", "alarms"];
/** Newest first; older ones stand in the file. */
const MOST_SHOWN = 300;
const ICONS = { info: "info", warning: "warning", alarm: "stop" } as const;

/** Everything that happened, newest on top. */
export function LogPanel({ page }: { page: PageModel }) {
  const [filter, setFilter] = useState<Filter>("all");
  const entries = page.session.log.value;
  const zero = page.zero.value;
  const shown = entries
    .filter(
      ({ level }) => filter === "all" || level === "alarm" || (filter === "warnings" && level === "warning"),
    )
    .slice(-MOST_SHOWN)
    .reverse();
  const hello = page.session.hello.value;
  const alarms = page.alarms.value;
  return (
    <div class="log">
      {alarms.length > MOST_IN_STRIP && (
        <ul class="alarm-list is-whole" aria-label={texts.alarms.label}>
          {alarms.map((alarm) => (
            <AlarmLine key={alarm.id} alarm={alarm} onSeen={() => page.markSeen(alarm.id)} />
          ))}
        </ul>
      )}
      <fieldset class="segments" aria-label={texts.log.filter}>
        {FILTERS.map((each) => (
          <button
            key={each}
            type="button"
            class="segment"
            aria-pressed={filter === each}
            onClick={() => setFilter(each)}
          >
            {texts.log[each]}
          </button>
        ))}
      </fieldset>
      {shown.length === 0 ? (
        <p class="hint">{entries.length === 0 ? texts.log.empty : texts.log.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        <ol class="log-list scroll" tabIndex={0} aria-label={texts.log.title}>
          {shown.map(({ id, at, level, source, message }) => (
            <li key={id} class={`log-line is-${level}`}>
              <time class="log-time">{signedTenths(at - zero)}</time>
              <Icon name={ICONS[level]} size={16} />
              <span>
                <span class="visually-hidden">{texts.alarms.levels[level]}: </span>
                <b class="log-source">{sourceName(hello, source)}</b> {message}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p class="hint">{texts.log.file}</p>
    </div>
  );
}
