import { expect, test } from "vitest";
import type { WindowVerdict } from "../analysis/messages.ts";
import { RunningTotals } from "./running-totals.ts";

const windowAt = (start: number, condition: string, isUsable = true): WindowVerdict => ({
  index: 0,
  start,
  seconds: 2,
  condition,
  reasons: isUsable ? [] : [{ person: "infant", reason: "amplitude" }],
});

test("clean seconds count every moment once, however far windows overlap", () => {
  const totals = new RunningTotals();
  for (let start = 0; start <= 8; start += 0.5) totals.window(windowAt(start, "direct"));
  for (const start of [20, 22, 30]) totals.window(windowAt(start, "averted"));
  totals.window(windowAt(31, "averted", false));
  totals.window(windowAt(40, "direct"));
  expect(totals.totals.conditions).toMatchObject([
    { condition: "direct", nWindows: 18, cleanSeconds: 12 },
    { condition: "averted", nWindows: 3, cleanSeconds: 6 },
  ]);
});
