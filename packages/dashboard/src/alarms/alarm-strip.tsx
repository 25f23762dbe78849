import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { SILENT_SECONDS } from "../session/page-session.ts";
import type { PageModel } from "../shell/page-model.ts";
import { age } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { Alarm } from "./present-alarms.ts";

export const MOST_SHOWN = 3;
const ICONS = { alarm: "stop", warning: "warning", past: "check-circle" } as const;

/** What is wrong now. The strip takes no room while all is well; only alarms are said aloud by a screen reader. */
export function AlarmStrip({ page }: { page: PageModel }) {
  const alarms = page.alarms.value;
  const isAlarmed = alarms.some(({ level }) => level === "alarm");
  useEffect(() => page.sound.setAlarmed(isAlarmed), [isAlarmed]);
  const { faults, silentSeconds, connection, lossReason } = page.session;
  const fault = faults.value;
  const silence = connection.value === "open" ? silentSeconds.value : 0;
  const isOver = connection.value === "lost" && lossReason.value === "over";
  const nOfPage = Number(silence > 0) + Number(isOver) + Number(fault.count > 0);
  const shown = alarms.slice(0, MOST_SHOWN - nOfPage);
  const past = alarms.filter(({ isPast }) => isPast);
  const nMore = alarms.length - shown.length;
  return (
    <section class="alarms" aria-label={texts.alarms.label}>
      <ul class="alarm-list">
        {silence > 0 && (
          <li
            class={`alarm is-${silence >= SILENT_SECONDS.alarm ? "alarm" : "warning"}`}
            data-alarm="no answer"
          >
            <Icon name="unknown" />
            <span>{texts.connection.silent(age(silence))}</span>
          </li>
        )}
        {isOver && (
          <li class="alarm is-warning">
            <Icon name="unplugged" />
            <span>{texts.connection.over}</span>
          </li>
        )}
        {fault.count > 0 && (
          <li class="alarm is-warning">
            <Icon name="warning" />
            <strong>{texts.alarms.levels.warning}</strong>
            <span>{texts.connection.fault(fault.count, fault.last)}</span>
            <button type="button" class="button is-quiet" onClick={() => location.reload()}>
              {texts.connection.reload}
            </button>
          </li>
        )}
        {shown.map((alarm) => (
          <AlarmLine key={alarm.id} alarm={alarm} onSeen={() => page.markSeen(alarm.id)} />
        ))}
      </ul>
      {(nMore > 0 || past.length > 1) && (
        <p class="alarm-tools">
          {past.length > 1 && (
            <button
              type="button"
              class="button is-quiet"
              onClick={() => page.markSeen(...past.map(({ id }) => id))}
            >
              {texts.alarms.dismissAll}
            </button>
          )}
          {nMore > 0 && (
            <button type="button" class="button is-quiet" onClick={() => page.show("log")}>
              {texts.alarms.more(nMore)}
            </button>
          )}
        </p>
      )}
      <p class="visually-hidden" role="alert">
        {alarms
          .filter(({ level }) => level === "alarm")
          .map(spokenOf)
          .join(". ")}
      </p>
    </section>
  );
}

/** Without numbers that count on: a screen reader would say them four times a second. */
export const spokenOf = ({ spoken, toDo }: Alarm): string => `${spoken}${toDo === "" ? "" : `, ${toDo}`}`;

export function AlarmLine({ alarm, onSeen }: { alarm: Alarm; onSeen: () => void }) {
  const { level, message, toDo, isPast } = alarm;
  return (
    <li class={`alarm is-${level}`} data-alarm={alarm.id}>
      <Icon name={ICONS[level]} />
      <strong>{texts.alarms.levels[level]}</strong>
      <span>
        {message}
        {toDo !== "" && <span class="alarm-to-do"> – {toDo}</span>}
      </span>
      {isPast && (
        <button type="button" class="button is-quiet" onClick={onSeen}>
          {texts.alarms.dismiss}
        </button>
      )}
    </li>
  );
}
