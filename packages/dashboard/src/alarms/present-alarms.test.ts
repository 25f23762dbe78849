import { expect, test } from "vitest";
import { hello, standing, stream } from "../session/documents.test-support.ts";
import { LIMITS, levelOf, presentAlarms } from "./present-alarms.ts";

const alarmsOf = (change: Parameters<typeof standing>[0], log: Parameters<typeof presentAlarms>[2] = []) =>
  presentAlarms(hello(), standing(change), log).map(({ id, level }) => `${level} ${id}`);

test("a session in which all is well has no alarms", () => {
  expect(alarmsOf({})).toEqual([]);
});

test("silence is a warning after one second and an alarm after three", () => {
  expect(alarmsOf({ streams: [stream({ silentSeconds: 0.9 })] })).toEqual([]);
  expect(alarmsOf({ streams: [stream({ silentSeconds: 1 })] })).toEqual(["warning silent cap/eeg"]);
  expect(alarmsOf({ streams: [stream({ silentSeconds: 3, lifecycle: "stalled" })] })).toEqual([
    "alarm silent cap/eeg",
  ]);
});

test("a stream without a rate may be silent, one that failed may not", () => {
  const markers = { streamId: "gaze/markers", silentSeconds: 500 };
  expect(alarmsOf({ streams: [stream(markers)] })).toEqual([]);
  expect(alarmsOf({ streams: [stream({ ...markers, lifecycle: "reconnecting" })] })).toEqual([
    "alarm lifecycle gaze/markers",
  ]);
});

test("losses, disk and late writing are told, the worst first", () => {
  const recording = { ...standing().recording!, lastWriteAgeSeconds: 6, diskMinutes: 40 };
  expect(alarmsOf({ recording, streams: [stream({ recentLostPercent: 2 })] })).toEqual([
    "alarm write",
    "warning disk",
    "warning lost cap/eeg",
  ]);
  expect(alarmsOf({ recording: { ...recording, state: "full" } })).toEqual(["alarm recording"]);
});

test("an alarm of the log stays a minute; warnings of the log stay in the log", () => {
  const line = (at: number, level: "alarm" | "warning") => ({
    id: at,
    at,
    level,
    source: "clock",
    message: "jumped",
  });
  expect(alarmsOf({ at: 100 }, [line(20, "alarm"), line(90, "alarm"), line(95, "warning")])).toEqual([
    "alarm log 90",
  ]);
});

test("after the end, and in a replay, nothing alarms any more", () => {
  const streams = [stream({ silentSeconds: 60 })];
  expect(alarmsOf({ stage: "ended", streams })).toEqual([]);
  expect(presentAlarms(hello({ mode: "replay" }), standing({ streams }), [])).toEqual([]);
});

test("what is not known is neither good nor bad, and drift counts in both directions", () => {
  expect(levelOf(null, LIMITS.driftPpm)).toBe("unknown");
  expect(levelOf(-300, LIMITS.driftPpm)).toBe("caution");
  expect(levelOf(40, LIMITS.driftPpm)).toBe("good");
});

test("the limits are those that the session tells, and the page has some for a session that tells none", () => {
  const limits = {
    silentSeconds: { amber: 5, red: 9 },
    lostPercent: { amber: 10, red: 20 },
    diskMinutes: { amber: 8, red: 4 },
  };
  const told = (change: Parameters<typeof standing>[0]) =>
    presentAlarms(hello({ limits }), standing(change), []).map(({ id, level }) => `${level} ${id}`);
  const lossy = { streams: [stream({ recentLostPercent: 6, silentSeconds: 4 })] };
  expect(alarmsOf(lossy)).toEqual(["alarm silent cap/eeg", "alarm lost cap/eeg"]);
  expect(told(lossy)).toEqual([]);
  expect(told({ streams: [stream({ recentLostPercent: 12, silentSeconds: 9 })] })).toEqual([
    "alarm silent cap/eeg",
    "warning lost cap/eeg",
  ]);
  const recording = { ...standing().recording!, diskMinutes: 7 };
  expect(alarmsOf({ recording })).toEqual(["alarm disk"]);
  expect(told({ recording })).toEqual(["warning disk"]);
});
