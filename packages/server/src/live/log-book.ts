import type { LogEntry } from "@attune/live";
import type { PageLog } from "@attune/wire/page";

const KEPT = 3000;
const ENTRIES_PER_DOCUMENT = 500;
const LONGEST_MESSAGE = 2000;

type Entry = PageLog["entries"][number];

/** Every alarm, marker, note and override, numbered for pages. */
export class LogBook {
  #entries: Entry[] = [];
  #fresh: Entry[] = [];
  #nextId = 1;
  readonly alarms: LogEntry[] = [];

  add(entry: LogEntry): void {
    const message = entry.message.slice(0, LONGEST_MESSAGE);
    const numbered: Entry = { ...entry, message, id: this.#nextId++ };
    this.#entries.push(numbered);
    if (this.#entries.length > 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
    this.#fresh.push(numbered);
    if (entry.level === "alarm" && this.alarms.length < KEPT) this.alarms.push(entry);
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
