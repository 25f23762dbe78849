import { expect, test } from "vitest";
import { eventMarks, freeLabels, shortLabel } from "./event-marks.ts";

const event = (at: number, label = "x") => ({ at, label });

test("events that follow one another closely are one mark, whatever order they came in", () => {
  const marks = eventMarks([event(5), event(1, "door"), event(5.2), event(5.1)], 0.15);
  expect(marks).toEqual([
    { from: 1, to: 1, count: 1, label: "door" },
    { from: 5, to: 5.2, count: 3, label: "" },
  ]);
  const hundreds = Array.from({ length: 400 }, (_, n) => event(n * 0.05));
  expect(eventMarks(hundreds, 0.1)).toHaveLength(1);
});

test("labels are short: of a structured marker its values, of a long one its beginning", () => {
  expect(shortLabel("fuss")).toBe("fuss");
  expect(shortLabel('{"person":"adult","layer":"gaze","state":"direct"}')).toBe("adult gaze direct");
  expect(shortLabel("{not json, and quite a lot longer than that")).toBe("{not json, and quite a…");
  expect(shortLabel("experimenter enters the room").length).toBeLessThanOrEqual(24);
});

test("no label lies on another, and a single event has its place before a count of many", () => {
  const labels = [0, 10, 40, 45, 90].map((left) => ({ left, width: 38, isFirst: true }));
  expect(freeLabels(labels)).toEqual([true, false, true, false, true]);
  const [count, ...events] = labels;
  expect(freeLabels([{ ...count!, isFirst: false }, ...events])).toEqual([false, true, false, false, true]);
});
