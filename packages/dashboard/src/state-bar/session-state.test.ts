import { expect, test } from "vitest";
import { hello, standing } from "../session/documents.test-support.ts";
import { knownState, phaseRemaining, sessionState, tabTitle } from "./session-state.ts";

const recording = standing().recording!;

test.each([
  ["idle", standing({ stage: "idle", recording: null }), "IDLE", ""],
  ["monitoring", standing({ stage: "monitoring", recording: null }), "MONITORING", "NOT RECORDING"],
  ["recording", standing(), "RECORDING", ""],
  ["running", standing({ recording: null }), "RUNNING", "NOT RECORDING"],
  ["paused", standing({ isPaused: true }), "PAUSED", ""],
  ["stopped", standing({ recording: { ...recording, state: "full" } }), "RECORDING STOPPED", "DISK FULL"],
  [
    "stopped",
    standing({ isPaused: true, recording: { ...recording, state: "failed" } }),
    "RECORDING STOPPED",
    "WRITING FAILED",
  ],
  ["ended", standing({ stage: "ended", recording: { ...recording, state: "closed" } }), "ENDED", ""],
] as const)("%s is said in words that leave no doubt", (kind, now, word, stress) => {
  expect(sessionState("open", hello(), now)).toMatchObject({ kind, word, stress });
});

test("a lost connection is never shown as recording, and what was known is kept beside it", () => {
  expect(sessionState("lost", hello(), standing()).kind).toBe("disconnected");
  expect(knownState(hello(), standing()).word).toBe("RECORDING");
});

test("a server that does not answer is said in words, first as a warning, and is no recording", () => {
  const at = (seconds: number) => sessionState("open", hello(), standing(), seconds);
  expect(at(1.4).kind).toBe("recording");
  expect(at(1.5)).toMatchObject({ kind: "unanswered", word: "NO ANSWER" });
  expect(at(3)).toMatchObject({ kind: "silent", word: "NO ANSWER" });
  expect(at(12.7).detail).toContain("12 s");
  expect(tabTitle(at(4), "dyad-007", 192)).toBe("NO ANSWER · dyad-007");
  expect(sessionState("open", hello(), standing({ stage: "ended" }), 9).kind).toBe("ended");
});

test("a replay is a replay, whatever its recording once was", () => {
  expect(sessionState("open", hello({ mode: "replay" }), standing()).kind).toBe("replay");
});

test("a recording that stopped is not called complete at the end", () => {
  const ended = standing({ stage: "ended", recording: { ...recording, state: "full" } });
  expect(sessionState("open", hello(), ended).detail).toMatch(/not complete/);
});

test("the tab says state, time and session", () => {
  expect(tabTitle(sessionState("open", hello(), standing()), "dyad-007", 192)).toBe(
    "RECORDING 3:12 · dyad-007",
  );
  const monitoring = sessionState("open", hello(), standing({ stage: "monitoring" }));
  expect(tabTitle(monitoring, "dyad-007", null)).toBe("MONITORING NOT RECORDING · dyad-007");
});

test("what is left of a phase goes below zero when it is over time, and is unknown without a plan", () => {
  expect(phaseRemaining(standing(), 100)).toBe(120);
  expect(phaseRemaining(standing(), 230)).toBe(-10);
  expect(phaseRemaining(standing({ phase: { name: "x", since: 0, plannedSeconds: null } }), 5)).toBeNull();
});
