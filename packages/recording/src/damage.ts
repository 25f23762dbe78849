/** One place where a recording is not what it should be, and what was done about it. */
export interface DamageEntry {
  /** Byte offset in the file (in the decompressed bytes of a compressed one). */
  readonly offset: number;
  readonly bytes: number;
  /** `RecordedStream.id`, where it is known which stream was hit. */
  readonly streamId?: string;
  /** Estimate; 0 when nothing was lost, undefined when there is no way to tell. */
  readonly samplesLost?: number;
  readonly what: string;
}

const MAX_ENTRIES = 2000;

/** Collects damage; equal findings one after the other become one entry, and the list is bounded. */
export class DamageReport {
  readonly #entries: DamageEntry[] = [];

  get entries(): readonly DamageEntry[] {
    return this.#entries;
  }

  add(entry: DamageEntry): void {
    const last = this.#entries.at(-1);
    const same = last !== undefined && last.what === entry.what && last.streamId === entry.streamId;
    if (last === undefined || !(same || this.#entries.length >= MAX_ENTRIES)) {
      this.#entries.push(entry);
      return;
    }
    const samplesLost =
      last.samplesLost === undefined && entry.samplesLost === undefined
        ? {}
        : { samplesLost: (last.samplesLost ?? 0) + (entry.samplesLost ?? 0) };
    const { samplesLost: _, streamId, ...rest } = last;
    this.#entries[this.#entries.length - 1] = {
      ...rest,
      ...(same && streamId !== undefined ? { streamId } : {}),
      ...samplesLost,
      bytes: last.bytes + entry.bytes,
      what: same ? last.what : "more damage of several kinds",
    };
  }
}
