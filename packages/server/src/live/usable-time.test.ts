import { expect, test } from "vitest";
import { UsableTime } from "./usable-time.ts";

type Verdict = Parameters<UsableTime["window"]>[0];
const window = (start: number, reasons: Verdict["reasons"] = []): Verdict => ({
  index: 0,
  start,
  seconds: 2,
  condition: "direct",
  reasons,
});

test("moments of overlapping windows count once, and only for whose signals were good", () => {
  const usable = new UsableTime(["adult", "infant"]);
  for (const start of [0, 0.5, 1]) usable.window(window(start));
  expect(usable.totalSeconds("adult")).toBe(3);
  usable.window(window(4, [{ person: "infant", reason: "amplitude" }]));
  // What somebody looks at, or how busy the computer is, says nothing about signals.
  usable.window(window(10, [{ person: "adult", reason: "state-switch" }]));
  usable.window(window(12, [{ person: "session", reason: "requirement" }]));
  expect([usable.totalSeconds("adult"), usable.totalSeconds("infant")]).toEqual([9, 7]);
});

test("a phase counts from where it began", () => {
  const usable = new UsableTime(["adult"]);
  usable.window(window(0));
  usable.beginPhase(3);
  usable.window(window(2));
  usable.window(window(4));
  expect(usable.phaseSeconds("adult")).toBe(3);
  expect(usable.totalSeconds("adult")).toBe(6);
});
