import type { Timeline } from "@attune/wire/page";

export interface Note {
  readonly at: number;
  readonly text: string;
  readonly isRetracted: boolean;
}

const NOTE = "note ";
const RETRACTED = /^retracted ([\d.]+) note ([\s\S]*)$/;

/** Notes among the events of a session, oldest first. One that was taken back stays, and says so. */
export function notesOf({ events }: Pick<Timeline, "events">): Note[] {
  const retracted = new Set<string>();
  for (const { label } of events) {
    const match = RETRACTED.exec(label);
    if (match !== null) retracted.add(`${match[1]} ${match[2]}`);
  }
  return events
    .filter(({ label }) => label.startsWith(NOTE))
    .map(({ at, label }) => {
      const text = label.slice(NOTE.length);
      return { at, text, isRetracted: retracted.has(`${at.toFixed(3)} ${text}`) };
    });
}
