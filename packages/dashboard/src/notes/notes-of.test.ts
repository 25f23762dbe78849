import { expect, test } from "vitest";
import { notesOf } from "./notes-of.ts";

const event = (at: number, label: string) => ({ at, label, source: "session" });

test("notes are the events that say so; one that was taken back stays and is marked", () => {
  const events = [
    event(1, "fuss"),
    event(2.5, "note door"),
    event(3, "note retracted by hand"),
    event(4, "retracted 2.500 note door"),
    event(5, "note door"),
  ];
  expect(notesOf({ events })).toEqual([
    { at: 2.5, text: "door", isRetracted: true },
    { at: 3, text: "retracted by hand", isRetracted: false },
    { at: 5, text: "door", isRetracted: false },
  ]);
});
