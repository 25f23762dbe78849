import { expect, test } from "vitest";
import { hello, standing, stream } from "../session/documents.test-support.ts";
import { AlarmCourse } from "./alarm-course.ts";
import { spokenOf } from "./alarm-strip.tsx";
import { presentAlarms } from "./present-alarms.ts";

type Change = Parameters<typeof stream>[0];
type Log = Parameters<typeof presentAlarms>[2];

function course() {
  const followed = new AlarmCourse();
  return (at: number, change: Change, log: Log = []) =>
    followed
      .follow(presentAlarms(hello(), standing({ at, streams: [stream(change)] }), log), at)
      .map(({ level, message }) => `${level}: ${message}`);
}

test("an alarm does not step down while its cause lasts, whatever sign of it is left", () => {
  const at = course();
  expect(at(10, { silentSeconds: 2 })).toEqual(["warning: Adult EEG: no samples for 2.0 s"]);
  expect(at(12, { silentSeconds: 4 })).toEqual(["alarm: Adult EEG: no samples for 4.0 s"]);
  expect(at(13, { silentSeconds: 1.2 })).toEqual(["alarm: Adult EEG: no samples for 1.2 s"]);
  expect(at(14, { silentSeconds: 0.1, lifecycle: "stalled" })).toEqual(["alarm: Adult EEG is stalled"]);
});

test("what is over is told calmly in the past tense for a minute, once, and not again by the log", () => {
  const at = course();
  const log: Log = [{ id: 1, at: 12, level: "alarm", source: "cap/eeg", message: "no samples for 3.1 s" }];
  at(14, { silentSeconds: 5 }, log);
  expect(at(15, {}, log)).toEqual(["past: Adult EEG had no samples for 5.0 s"]);
  expect(at(60, {}, log)).toEqual(["past: Adult EEG had no samples for 5.0 s"]);
  expect(at(90, {}, log)).toEqual([]);
});

test("a trouble of the log that is over by its newest entry is calm", () => {
  const at = course();
  const entry = { id: 1, at: 12, level: "alarm", source: "clock", message: "it is late" } as const;
  const begun = { ...entry, spell: { id: 4, isOver: false } };
  expect(at(13, {}, [begun])).toEqual(["alarm: clock: it is late"]);
  const over = { id: 2, at: 14, level: "info", source: "clock", message: "it was late for 2 s" } as const;
  expect(at(15, {}, [begun, { ...over, spell: { id: 4, isOver: true } }])).toEqual([
    "past: clock: it was late for 2 s",
  ]);
});

test("what a screen reader says has its numbers, and they do not count on", () => {
  const said = (change: Change) =>
    presentAlarms(hello(), standing({ streams: [stream(change)] }), []).map(spokenOf);
  const silent = "Adult EEG: no samples for more than 3 s, check cable, battery and distance";
  expect(said({ silentSeconds: 4.4 })).toEqual([silent]);
  expect(said({ silentSeconds: 9 })).toEqual([silent]);
  expect(said({ recentLostPercent: 8.1 })).toEqual([
    "Adult EEG: more than 5 % lost in the last 10 s, bring the receiver nearer",
  ]);
});
