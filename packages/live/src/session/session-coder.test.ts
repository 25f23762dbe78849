import { codedIntervals } from "@attune/device-coder";
import type { PointEvent, StateChange } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { parseSession } from "../session-file/read-session.ts";
import { pairSession } from "./scripted-session.test-support.ts";
import { SessionCoder } from "./session-coder.ts";

const layers = `
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
    - { person: infant, layer: voice, mode: hold, initial: silent, states: { vocalising: v } }
`;

function coding(keyReleases: boolean) {
  const clock = { now: 10 };
  const states: string[] = [];
  const events: PointEvent[] = [];
  const coder = new SessionCoder(
    parseSession(pairSession(layers), "session.yaml").coding,
    keyReleases,
    () => clock.now,
    (input: StateChange | PointEvent) => {
      if (input.kind === "state") states.push(`${input.layer} ${input.state}`);
      else events.push(input);
    },
  );
  coder.start();
  states.length = 0;
  return { coder, clock, states, events };
}

describe("coding in a session", () => {
  test("a coder who joins has a track of his own: in the log, numbered through, and never in the session's states", () => {
    const { coder, clock, states, events } = coding(true);
    coder.press("d");
    clock.now = 12;
    coder.join("anna");
    coder.press("a", 13, "anna");
    coder.press("d", 14, "anna");
    coder.undo(15, "anna");
    coder.press("a", 16);
    coder.undo(17);
    expect(states).toEqual(["gaze direct", "gaze averted", "gaze direct"]);
    expect(coder.coders).toEqual(["coder", "anna"]);
    expect(coder.rows.map(({ index }) => index)).toEqual(coder.rows.map((_, k) => k));
    expect(events).toHaveLength(coder.rows.length);
    for (const { kind, corrects, coder: who, state, previous } of coder.rows) {
      if (kind !== "correction") continue;
      // What is taken back is a row of the same coder, and what held before it holds again.
      expect(coder.rows[corrects!]).toMatchObject({ coder: who, state: previous, previous: state });
    }
    const anna = codedIntervals(coder.rows, { coder: "anna", until: 20 }).filter(
      ({ layer }) => layer === "gaze",
    );
    expect(anna.map(({ state, onset }) => [state, onset])).toEqual([
      ["unknown", 12],
      ["averted", 13],
    ]);
    coder.join("anna");
    expect(coder.stateOf("adult", "gaze", "anna")).toBe("averted");
  });

  test("beside a terminal, which sees no releases, a page's held key still ends what it began", () => {
    const { coder, states } = coding(false);
    coder.press("v");
    coder.press("V");
    coder.release("V");
    coder.press("d");
    coder.release("d");
    expect(states).toEqual(["voice vocalising", "voice silent", "gaze direct"]);
  });

  test("a state without a key is coded like one with a key, where somebody codes that layer", () => {
    const { coder, states } = coding(true);
    expect(coder.set({ person: "adult", layer: "gaze", state: "averted" })).toBe("adult gaze: averted");
    expect(coder.set({ person: "adult", layer: "gaze", state: "averted" })).toBeUndefined();
    expect(coder.set({ person: "adult", layer: "posture", state: "upright" })).toBeUndefined();
    expect(coder.stateOf("adult", "posture")).toBeUndefined();
    expect(states).toEqual(["gaze averted"]);
  });
});
