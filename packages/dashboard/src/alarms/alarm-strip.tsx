import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { texts } from "../texts/texts.ts";
import type { Alarm } from "./present-alarms.ts";

const MOST_SHOWN = 3;

/** What is wrong now. The strip takes no room while all is well; only alarms are said aloud by a screen reader. */
export function AlarmStrip({ page }: { page: PageModel }) {
  const alarms = page.alarms.value;
  const isAlarmed = alarms.some(({ level }) => level === "alarm");
  useEffect(() => page.sound.setAlarmed(isAlarmed), [isAlarmed]);
  const { faults, isSilent, connection, lossReason } = page.session;
  const fault = faults.value;
  const shown = alarms.slice(0, MOST_SHOWN);
  return (
    <section class="alarms" aria-label={texts.alarms.label}>
      <ul class="alarm-list">
        {shown.map((alarm) => (
          <AlarmLine key={alarm.id} alarm={alarm} onSeen={() => page.markSeen(alarm.id)} />
        ))}
        {alarms.length > MOST_SHOWN && (
          <li class="alarm-more">
            <button type="button" class="button is-quiet" onClick={() => page.show("log")}>
              {texts.alarms.more(alarms.length - MOST_SHOWN)}
            </button>
          </li>
        )}
        {isSilent.value && connection.value === "open" && (
          <li class="alarm is-warning">
            <Icon name="warning" />
            <strong>{texts.alarms.levels.warning}</strong>
            <span>{texts.connection.silent}</span>
          </li>
        )}
        {connection.value === "lost" && lossReason.value === "over" && (
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
      </ul>
      <p class="visually-hidden" role="alert">
        {alarms
          .filter(({ level }) => level === "alarm")
          .map(spoken)
          .join(". ")}
      </p>
    </section>
  );
}

/** Without the seconds that count on: a screen reader would say it four times a second. */
const spoken = ({ message, toDo }: Alarm): string =>
  `${message.replace(/[\d.:]+ ?s\b/, "").trim()}${toDo === "" ? "" : `, ${toDo}`}`;

function AlarmLine({ alarm, onSeen }: { alarm: Alarm; onSeen: () => void }) {
  const { level, message, toDo, isPast } = alarm;
  return (
    <li class={`alarm is-${level}`} data-alarm={alarm.id}>
      <Icon name={level === "alarm" ? "stop" : "warning"} />
      <strong>{texts.alarms.levels[level]}</strong>
      <span>
        {message}
        {toDo !== "" && <span class="alarm-to-do">: {toDo}</span>}
      </span>
      {isPast && (
        <button type="button" class="button is-quiet" onClick={onSeen}>
          {texts.alarms.dismiss}
        </button>
      )}
    </li>
  );
}
