import type { HeartOfPerson, Hearts } from "@attune/wire/page";
import { describe, expect, test } from "vitest";
import { hello } from "./documents.test-support.ts";
import { mergeHearts } from "./merge-hearts.ts";
import { SessionStore } from "./session-store.ts";

const beat = (at: number, verdict = "ok", corrected: number | null = 800) => ({
  at,
  interval: 800,
  verdict,
  corrected,
});
const heart = (change: Partial<HeartOfPerson> = {}): HeartOfPerson => ({
  person: "adult",
  statusAt: 100,
  rate: 75,
  signalQuality: 0.97,
  coverage: 1,
  correctedShare: 0,
  rsa: null,
  rmssd: null,
  rsaTrend: [],
  intervals: [],
  ...change,
});
const window = (start: number, z: number | null = 0.2): Hearts["covariations"][number] => ({
  measure: "m",
  series: "interbeat-interval",
  from: "adult",
  to: "infant",
  start,
  end: start + 30,
  nValid: 30,
  coverage: 1,
  z,
  lagSeconds: 2,
  lead: "adult leads infant by 2 s",
  nullPercentile: null,
  nNull: 3,
});
const hearts = (at: number, change: Partial<Hearts> = {}): Hearts => ({
  kind: "hearts",
  at,
  isWhole: false,
  people: [heart()],
  covariations: [],
  totals: [],
  turns: [],
  ...change,
});

describe("what is known of hearts and what comes", () => {
  test("rows of intervals, RSA and windows are added in order, newest values replace", () => {
    const first = hearts(100, {
      isWhole: true,
      people: [heart({ intervals: [beat(98), beat(98.8)], rsaTrend: [{ at: 80, value: 4 }] })],
      covariations: [window(50)],
    });
    const merged = mergeHearts(
      first,
      hearts(101, {
        people: [heart({ rate: 80, intervals: [beat(99.6)], rsaTrend: [{ at: 81, value: null }] })],
        covariations: [window(60, null)],
      }),
    );
    expect(merged.isWhole).toBe(true);
    expect(merged.at).toBe(101);
    expect(merged.people[0]!.rate).toBe(80);
    expect(merged.people[0]!.intervals.map(({ at }) => at)).toEqual([98, 98.8, 99.6]);
    expect(merged.people[0]!.rsaTrend).toEqual([
      { at: 80, value: 4 },
      { at: 81, value: null },
    ]);
    expect(merged.covariations.map(({ start, z }) => [start, z])).toEqual([
      [50, 0.2],
      [60, null],
    ]);
    expect(first.people[0]!.intervals).toHaveLength(2);
  });

  test("a whole one begins anew, and what is told twice stands there once, as it was told last", () => {
    const known = hearts(100, { isWhole: true, people: [heart({ intervals: [beat(98)] })] });
    const twice = mergeHearts(
      known,
      hearts(101, { people: [heart({ intervals: [beat(98, "ok", 790), beat(98, "merged")] })] }),
    );
    expect(twice.people[0]!.intervals.map(({ verdict, corrected }) => [verdict, corrected])).toEqual([
      ["ok", 790],
      ["merged", 800],
    ]);
    const anew = mergeHearts(
      twice,
      hearts(102, { isWhole: true, people: [heart({ intervals: [beat(101)] })] }),
    );
    expect(anew.people[0]!.intervals.map(({ at }) => at)).toEqual([101]);
  });

  test("intervals are forgotten after two and a half minutes, windows are not", () => {
    let known = hearts(0, { isWhole: true, covariations: [window(0)] });
    for (let at = 1; at <= 400; at++)
      known = mergeHearts(known, hearts(at, { people: [heart({ intervals: [beat(at)] })] }));
    expect(known.people[0]!.intervals[0]!.at).toBe(250);
    expect(known.covariations).toHaveLength(1);
  });

  test("the store keeps them, and another session forgets them", () => {
    const store = new SessionStore({ onReply: () => {}, onPong: () => {} });
    store.take(hello());
    store.take(hearts(100, { isWhole: true }));
    store.take(hearts(101, { people: [heart({ rate: 90 })] }));
    expect(store.hearts.value!.people[0]!.rate).toBe(90);
    store.take(hello({ session: "dyad-008" }));
    expect(store.hearts.value).toBeUndefined();
  });
});
