import type { LogEntry } from "@attune/live";
import type { PageLog, Summary } from "@attune/wire/page";

const KEPT = 3000;
const ENTRIES_PER_DOCUMENT = 500;
const LONGEST_MESSAGE = 2000;

type Entry = PageLog["entries"][number];

/** Every alarm, marker, note and override, numbered for pages. */
export class LogBook {
  #entries: Entry[] = [];
  #fresh: Entry[] = [];
  #nextId = 1;
  readonly #alarms: Summary["alarms"] = [];
  readonly #ofSpell = new Map<number, Summary["alarms"][number]>();

  add(entry: LogEntry): void {
    const message = entry.message.slice(0, LONGEST_MESSAGE);
    const numbered: Entry = { ...entry, message, id: this.#nextId++ };
    this.#entries.push(numbered);
    if (this.#entries.length > 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
    this.#fresh.push(numbered);
    this.#noteAlarm(entry);
  }

  /** One row for one trouble: told as what it was once it is over. */
  get alarms(): Summary["alarms"] {
    return this.#alarms.map((alarm) => ({ ...alarm }));
  }

  #noteAlarm({ at, level, source, message, spell }: LogEntry): void {
    const known = spell && this.#ofSpell.get(spell.id);
    if (known !== undefined && spell?.isOver) {
      known.overAt = at;
      known.message = `${known.message}; over after ${(at - known.at).toFixed(1)} s`;
    }
    if (level !== "alarm" || known !== undefined || this.#alarms.length >= KEPT) return;
    const alarm = { at, source, message };
    this.#alarms.push(alarm);
    if (spell !== undefined) this.#ofSpell.set(spell.id, alarm);
  }

  whole(): PageLog[] {
    const kept = this.#entries.slice(-KEPT);
    const nDocuments = Math.ceil(kept.length / ENTRIES_PER_DOCUMENT);
    return Array.from({ length: nDocuments }, (_, k) => ({
      kind: "log",
      entries: kept.slice(k * ENTRIES_PER_DOCUMENT, (k + 1) * ENTRIES_PER_DOCUMENT),
    }));
  }

  increment(): PageLog | undefined {
    if (this.#fresh.length === 0) return undefined;
    const entries = this.#fresh.slice(-ENTRIES_PER_DOCUMENT);
    this.#fresh = [];
    return { kind: "log", entries };
  }
}
