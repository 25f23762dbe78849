import { type Alarm, LIMITS, sourceOf, worstFirst } from "./present-alarms.ts";

interface Held {
  readonly alarm: Alarm;
  /** Session time at which it was there last. */
  readonly at: number;
}

/**
 * Alarms over time. An alarm stays one until its cause is over, whatever smaller trouble is left of it meanwhile; then it is told
 * calmly, in the past tense, until it is seen or a minute has gone by.
 */
export class AlarmCourse {
  readonly #held = new Map<string, Held>();
  #over: readonly Held[] = [];

  /** @param present what is wrong at `at`, seconds on the session clock; the same moment may be told more than once */
  follow(present: readonly Alarm[], at: number): Alarm[] {
    const now = present.filter(({ isPast }) => !isPast);
    const causes = new Set(now.map(({ cause }) => cause));
    for (const [cause, { alarm, at: last }] of this.#held)
      if (!causes.has(cause)) {
        this.#held.delete(cause);
        this.#over = [...this.#over, { alarm: overOf(alarm, at), at: last }];
      }
    const latched = now.map((alarm) => (this.#held.has(alarm.cause) ? asAlarm(alarm) : alarm));
    for (const alarm of latched) if (alarm.level === "alarm") this.#held.set(alarm.cause, { alarm, at });
    this.#over = this.#over.filter(
      (each) => at - each.at < LIMITS.logSeconds && at >= each.at && !causes.has(each.alarm.cause),
    );
    // The log says the same: that it was so.
    const told = new Set(this.#over.map(({ alarm }) => sourceOf(alarm.cause)));
    const logged = present.filter(({ isPast, cause }) => isPast && !told.has(sourceOf(cause)));
    return worstFirst([...latched, ...logged, ...this.#over.map(({ alarm }) => alarm)]);
  }
}

const asAlarm = (alarm: Alarm): Alarm => ({ ...alarm, level: "alarm" });

const overOf = (alarm: Alarm, at: number): Alarm => ({
  ...alarm,
  id: `over ${alarm.cause} ${at}`,
  level: "past",
  message: alarm.past,
  toDo: "",
  isPast: true,
});
