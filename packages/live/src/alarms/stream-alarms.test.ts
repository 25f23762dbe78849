import { describe, expect, test } from "vitest";
import type { LogEntry } from "../session/session-log.ts";
import { parseSession } from "../session-file/read-session.ts";
import { ALARM_LIMITS, alarmLimits } from "./limits.ts";
import { LossWatch } from "./loss-watch.ts";
import { StreamAlarms, type WatchedStream } from "./stream-alarms.ts";

function watched(): { said: string[]; look: (change: Partial<WatchedStream>) => void } {
  const said: string[] = [];
  const alarms = new StreamAlarms(ALARM_LIMITS, (level, _, message) => said.push(`${level} ${message}`));
  const quiet = {
    streamId: "a",
    device: "cap",
    silentSeconds: 0,
    recentLostPercent: 0,
    isKnownToBeGone: false,
  };
  return { said, look: (change) => alarms.look([{ ...quiet, ...change }]) };
}

describe("alarms of a stream", () => {
  test("silence is a warning after one second, an alarm after three, and told again when it is over", () => {
    const { said, look } = watched();
    for (const silentSeconds of [0.9, 1, 2.9, 3, 60, 0.1, 0.2]) look({ silentSeconds });
    expect(said).toEqual([
      "warning no samples for 1.0 s",
      "alarm no samples for 3.0 s: check cable, battery and distance",
      "info was silent for 60.0 s: samples are flowing again",
    ]);
  });

  test("all that befalls a device is one trouble, which is over with its last silent stream", () => {
    const spells: (LogEntry["spell"] | undefined)[] = [];
    const alarms = new StreamAlarms(ALARM_LIMITS, (_level, _stream, _message, spell) => spells.push(spell));
    const look = (...silent: number[]) =>
      alarms.look(
        silent.map((silentSeconds, k) => ({
          streamId: `cap/${k}`,
          device: "cap",
          silentSeconds,
          recentLostPercent: 0,
          isKnownToBeGone: false,
        })),
      );
    for (const both of [
      [1, 1],
      [3, 3],
      [0, 4],
      [0, 0],
      [1, 0],
    ])
      look(...both);
    expect(spells).toEqual([
      ...Array.from({ length: 5 }, () => ({ id: 1, isOver: false })),
      { id: 1, isOver: true },
      { id: 2, isOver: false },
    ]);
  });

  test("what is missing after silence was not lost on the way", () => {
    const watch = new LossWatch();
    const chunk = (firstSample: number) =>
      ({ kind: "samples", streamId: "a", firstSample, nSamples: 10 }) as Parameters<LossWatch["take"]>[0];
    for (let k = 0; k < 50; k++) watch.take(chunk(10 * k), k / 10);
    watch.take(chunk(2500), 25);
    expect(watch.lostPercent(25)).toBe(0);
    watch.take(chunk(2520), 25.1);
    expect(watch.lostPercent(25.1)).toBeGreaterThan(0);
  });

  test("a device that has said itself that it is gone is told of no second time", () => {
    const { said, look } = watched();
    for (const silentSeconds of [1, 5, 9]) look({ silentSeconds, isKnownToBeGone: true });
    look({ silentSeconds: 0.1 });
    expect(said).toEqual(["info was silent for 9.0 s: samples are flowing again"]);
  });

  test("losses are a warning from 1 %, an alarm from 5 %, once a spell, which ends below half a percent", () => {
    const { said, look } = watched();
    for (const recentLostPercent of [Number.NaN, 0.9, 1, 2, 0.6, 1.2, 5, 7, 0.6, 0.4, 1])
      look({ recentLostPercent });
    expect(said.map((each) => each.replace(/ of its.*/, ""))).toEqual([
      "warning 1.0 %",
      "alarm 5.0 %",
      "info lost up to 7.0 %",
      "warning 1.0 %",
    ]);
  });

  test("losses are counted over the last ten seconds, and not known where nothing came for so long", () => {
    const watch = new LossWatch();
    const chunk = (firstSample: number) =>
      ({ kind: "samples", streamId: "a", firstSample, nSamples: 10 }) as Parameters<LossWatch["take"]>[0];
    for (let k = 0; k < 50; k++) watch.take(chunk(10 * k + (k >= 25 ? 50 : 0)), k / 10);
    expect(watch.lostPercent(1.9)).toBeNaN();
    expect(watch.lostPercent(5)).toBeCloseTo((100 * 50) / 550, 9);
    expect(watch.lostPercent(13)).toBe(0);
    expect(watch.lostPercent(16)).toBeNaN();
    // It began to count anew: nothing was lost.
    watch.take(chunk(0), 17);
    expect(watch.lostPercent(17)).toBe(0);
  });

  test("the session file says from where on the disk is too small", () => {
    const file = (minutes: number) =>
      parseSession(
        `{ session: a, people: [{ id: adult, role: adult }], devices: {}, streams: [], recording: { minimumDiskMinutes: ${minutes} } }`,
        "session.yaml",
      );
    expect(alarmLimits(file(90)).diskMinutes).toEqual({ amber: 90, red: 15 });
    expect(alarmLimits(file(10)).diskMinutes).toEqual({ amber: 10, red: 10 });
  });
});
