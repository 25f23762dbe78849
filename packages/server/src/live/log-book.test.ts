import type { LogEntry } from "@attune/live";
import { expect, test } from "vitest";
import { LogBook } from "./log-book.ts";

test("one trouble is one alarm of the summary, however often it was told, and says when it was over", () => {
  const book = new LogBook();
  const add = (at: number, level: LogEntry["level"], message: string, spell?: LogEntry["spell"]): void =>
    book.add({ at, level, source: "heart", message, ...(spell && { spell }) });
  add(10, "warning", "no samples for 1.0 s", { id: 1, isOver: false });
  add(12, "alarm", "no samples for 3.0 s", { id: 1, isOver: false });
  add(13, "alarm", "stalled -> reconnecting", { id: 1, isOver: false });
  add(30, "info", "was silent for 21.0 s: samples are flowing again", { id: 1, isOver: true });
  add(40, "alarm", "the disk is full");
  add(50, "alarm", "no samples for 3.0 s", { id: 2, isOver: false });
  expect(book.alarms).toEqual([
    { at: 12, source: "heart", message: "no samples for 3.0 s; over after 18.0 s", overAt: 30 },
    { at: 40, source: "heart", message: "the disk is full" },
    { at: 50, source: "heart", message: "no samples for 3.0 s" },
  ]);
  expect(book.whole()[0]!.entries[3]).toMatchObject({ spell: { id: 1, isOver: true } });
});
