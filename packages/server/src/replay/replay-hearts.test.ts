import type { HeartOutput } from "@attune/signal";
import { expect, test } from "vitest";
import { Findings, ReplayCursor } from "./replay-cursor.ts";

/** A heart with one beat a second, known 0.2 s late, and its state every second. */
function findingsOf(person: string): { readonly knownAt: number; readonly heart: HeartOutput }[] {
  return Array.from({ length: 60 }, (_, k): { knownAt: number; heart: HeartOutput }[] => [
    {
      knownAt: k + 0.2,
      heart: {
        kind: "interbeat",
        person,
        at: k,
        interval: 1000 + k,
        verdict: k % 7 === 0 ? "ectopic" : "ok",
        missedBeats: 0,
        correctedInterval: 1000,
        correctedAt: k,
      },
    },
    {
      knownAt: k + 0.5,
      heart: {
        kind: "heart-status",
        person,
        at: k + 0.5,
        rate: 60 + k / 10,
        signalQuality: 0.9,
        coverage: 1,
        correctedShare: k < 5 ? Number.NaN : 1 / 7,
      },
    },
  ]).flat();
}

function cursor(): ReplayCursor {
  const findings = new Findings([]);
  findings.add([...findingsOf("adult"), ...findingsOf("infant")].sort((a, b) => a.knownAt - b.knownAt));
  return new ReplayCursor(findings, ["adult", "infant"], 60);
}

test("hearts at a position are the same, however one came there", () => {
  const played = cursor();
  for (let at = 0; at <= 30; at += 0.25) played.moveTo(at);
  const jumped = cursor();
  jumped.moveTo(50);
  jumped.moveTo(30);
  expect(jumped.hearts.whole()).toEqual(played.hearts.whole());
  const adult = played.hearts.whole()?.people.find(({ person }) => person === "adult");
  expect(adult).toMatchObject({ rate: 62.9, statusAt: 29.5, correctedShare: 1 / 7 });
  expect(adult?.intervals.at(-1)).toMatchObject({ at: 29, interval: 1029, verdict: "ok" });
});

test("forwards there are increments that add up to the whole; backwards it is told anew", () => {
  const played = cursor();
  const intervals: number[] = [];
  for (let at = 0; at <= 40; at++) {
    played.moveTo(at);
    const adult = played.hearts.increment()?.people.find(({ person }) => person === "adult");
    for (const interval of adult?.intervals ?? []) intervals.push(interval.at);
  }
  expect(intervals).toEqual(Array.from({ length: 40 }, (_, k) => k));
  const before = played.hearts;
  played.moveTo(41);
  expect(played.hearts).toBe(before);
  played.moveTo(10);
  expect(played.hearts).not.toBe(before);
  expect(played.hearts.whole()?.people[0]?.intervals).toHaveLength(10);
});

test("breathing comes to pages as breaths a minute; somebody with a belt alone is no heart", () => {
  const breathing = (person: string, rate: number): HeartOutput => ({
    kind: "respiration",
    person,
    at: 30,
    windowSeconds: 30,
    nBreaths: 9,
    rate,
    depth: 1,
    coverage: 1,
    band: { low: 0.24, high: 1.04 },
    outsideBand: rate > 1.04,
  });
  const findings = new Findings([]);
  findings.add([
    { knownAt: 1, heart: findingsOf("infant")[0]!.heart },
    { knownAt: 30, heart: breathing("adult", 0.3) },
    { knownAt: 30, heart: breathing("infant", 1.25) },
  ]);
  const played = new ReplayCursor(findings, ["adult", "infant"], 60);
  played.moveTo(31);
  const { people } = played.hearts.whole()!;
  expect(people.map(({ person }) => person)).toEqual(["infant"]);
  expect(people[0]!.respiration).toMatchObject({ at: 30, rate: 75, isOutsideBand: true });
  expect(people[0]!.respiration!.bandLow).toBeCloseTo(14.4, 9);
  expect(played.totals.hearts.newest("adult").respiration?.rate).toBe(0.3);
});
