import type { Checks } from "@attune/wire/page";
import { expect, test } from "vitest";
import { checkKey, gateOf, groupChecks } from "./gate-groups.ts";

const check = (name: string, verdict: "green" | "amber" | "red", about = "cap") => ({
  check: name,
  about,
  verdict,
  message: "found so",
});
const checks = (change: Partial<Checks> = {}): Checks => ({
  kind: "checks",
  at: 1,
  checks: [],
  taps: [],
  ...change,
});
const tap = (confirmed: boolean) => ({
  person: "infant",
  streamId: "cap/eeg",
  label: "infant's EEG",
  confirmed,
});

test("the gate is closed until the first checks have come", () => {
  expect(gateOf(undefined, new Map()).isOpen).toBe(false);
  expect(gateOf(checks({ checks: [check("rate", "green"), check("disk", "amber")] }), new Map()).isOpen).toBe(
    true,
  );
});

test("every red check needs a reason of its own, of some letters", () => {
  const known = checks({ checks: [check("rate", "red", "a"), check("rate", "red", "b")] });
  const reasons = new Map([[checkKey({ check: "rate", about: "a" }), " known "]]);
  expect(gateOf(known, reasons)).toMatchObject({ isOpen: false, nReasons: 1 });
  reasons.set(checkKey({ check: "rate", about: "b" }), "  x ");
  expect(gateOf(known, reasons).isOpen).toBe(false);
  reasons.set(checkKey({ check: "rate", about: "b" }), "also known");
  expect(gateOf(known, reasons)).toMatchObject({
    isOpen: true,
    overrides: [
      { check: "rate", about: "a", reason: "known" },
      { check: "rate", about: "b", reason: "also known" },
    ],
  });
});

test("a reason for what is red no more is not sent", () => {
  const reasons = new Map([[checkKey({ check: "rate", about: "cap" }), "known"]]);
  expect(gateOf(checks({ checks: [check("rate", "green")] }), reasons).overrides).toEqual([]);
});

test("an electrode that was not tapped keeps the gate closed", () => {
  expect(gateOf(checks({ taps: [tap(false), tap(true)] }), new Map())).toMatchObject({
    isOpen: false,
    nTaps: 1,
  });
  expect(gateOf(checks({ taps: [tap(true)] }), new Map()).isOpen).toBe(true);
});

test("every check stands in one group, and one that nobody foresaw among the others", () => {
  const all = ["people", "rate", "disk", "analysis", "moon"].map((name) => check(name, "green"));
  expect(groupChecks(all).map(({ group, checks: of }) => [group, of.length])).toEqual([
    ["people", 1],
    ["streams", 1],
    ["recording", 1],
    ["analysis", 1],
    ["other", 1],
  ]);
});
