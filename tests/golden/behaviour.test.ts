import { readFileSync } from "node:fs";
import {
  type Contingency,
  contingency,
  eventCrossCorrelogram,
  type Intervals,
  intersectIntervals,
  lagTables,
  mutualGazeStatistics,
  observedTime,
  serveAndReturn,
  testEvents,
  tidyIntervals,
  totalSeconds,
  turnTaking,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import { describeWithShared, readSharedJson, sharedPath } from "../support/shared.ts";

type Pairs = [number, number][];
interface Events {
  readonly T: number;
  readonly infantVoc: Pairs;
  readonly adultVoc: Pairs;
  readonly infantGaze: Pairs;
  readonly adultGaze: Pairs;
  readonly contingency: Record<string, Record<string, number>>;
  readonly adultFirst2: Record<string, number>;
  readonly bins1s: {
    readonly lag0_4: Record<string, { readonly table: [Pairs[0], Pairs[0]] } & Record<string, number>>;
  };
  readonly turns: Record<string, Record<string, number>>;
  readonly mutualGaze: { readonly intervals: Pairs } & Record<string, number>;
}

const streamOf = (pairs: Pairs, end: number): Intervals =>
  tidyIntervals(
    pairs.map(([onset]) => onset),
    pairs.map(([, offset]) => offset),
    { start: 0, end },
  ).intervals;

/** The reference prints ten digits. */
function near(got: number, expected: number | undefined): void {
  expect(expected).toBeTypeOf("number");
  expect(Math.abs(got - Number(expected))).toBeLessThanOrEqual(1e-9 + 1e-9 * Math.abs(Number(expected)));
}

describeWithShared("behaviour agrees with the reference", () => {
  const events = readSharedJson("golden", "physiology", "physio_golden.json").events as Events;
  const observed = observedTime(0, events.T);
  const [infant, adult, infantGaze, adultGaze] = [
    events.infantVoc,
    events.adultVoc,
    events.infantGaze,
    events.adultGaze,
  ].map((pairs) => streamOf(pairs, events.T)) as [Intervals, Intervals, Intervals, Intervals];

  function sameContingency(got: Contingency, expected: Record<string, number> | undefined): void {
    expect(got.nActs).toBe(expected?.n);
    expect(got.nCensored).toBe(0);
    near(got.pResponse, expected?.pRgivenA);
    near(got.baseRate, expected?.pBase);
    near(got.deltaP, expected?.deltaP);
    near(got.withoutShare, expected?.notAshare);
    near(got.pWithout, expected?.pRnotA);
    near(got.operantDeltaP, expected?.operantDeltaP);
  }

  test.each([1, 2, 5])("contingency with base rates, %d s after the infant's offset", (windowSeconds) => {
    sameContingency(
      contingency(infant, adult, { windowSeconds, observed }),
      events.contingency[`w${windowSeconds}.0`],
    );
  });

  test("the other direction", () => {
    sameContingency(contingency(adult, infant, { windowSeconds: 2, observed }), events.adultFirst2);
  });

  test("tables of 1 s bins: counts exactly, association to ten digits", () => {
    const tables = lagTables(infant, adult, { observed });
    expect(tables).toHaveLength(5);
    for (const { lag, counts, ...table } of tables) {
      const expected = events.bins1s.lag0_4[lag];
      expect(counts).toEqual(expected?.table.flat());
      near(table.yuleQ, expected?.Q);
      near(table.logOddsRatio, expected?.logOR);
      near(table.standardError, expected?.seLogOR);
      near(table.phi, expected?.phi);
      near(table.allisonLikerZ, expected?.z);
    }
  });

  test.each([1, 2, 5])("turns with a gap of %d s", (gapSeconds) => {
    const expected = events.turns[`gap${gapSeconds}.0`];
    const turns = turnTaking(infant, adult, { gapSeconds, observed });
    expect(turns.firstToSecond).toBe(expected?.AB);
    expect(turns.secondToFirst).toBe(expected?.BA);
    near(turns.medianTransferOffset, expected?.medianFTO);
    near(turns.overlapShare, expected?.overlapShare);
  });

  test("mutual gaze and time in which both vocalise", () => {
    const expected = events.mutualGaze;
    const both = intersectIntervals(adultGaze, infantGaze);
    expect(Array.from(both.onsets, (onset, i) => [onset, both.offsets[i]])).toEqual(expected.intervals);
    const gaze = mutualGazeStatistics(adultGaze, infantGaze, observed);
    near(gaze.mutual.seconds, expected.total_s);
    near(gaze.mutual.share, expected.shareOfT);
    near(gaze.first.seconds, expected.adult_s);
    near(gaze.second.seconds, expected.infant_s);
    near(gaze.expectedShare, expected.expectedShare);
    near(totalSeconds(intersectIntervals(infant, adult)), expected.coVocal_s);
  });

  test("the simulated adult answers the infant: every null says so, and not the other way round", () => {
    const test_ = (acts: Intervals, responses: Intervals, kind: "circular-shift" | "shuffled-gaps") =>
      testEvents(
        responses,
        (surrogate) => contingency(acts, surrogate, { windowSeconds: 2, observed }).deltaP,
        { observed, null: kind, seed: 1, key: "2 s" },
      );
    for (const kind of ["circular-shift", "shuffled-gaps"] as const) {
      expect(test_(infant, adult, kind).p).toBe(0.001);
      expect(test_(adult, infant, kind).p).toBeGreaterThan(0.05);
    }
    const correlogram = eventCrossCorrelogram(infant, adult, {
      binSeconds: 1,
      maximumLagSeconds: 8,
      observed,
      seed: 1,
    });
    expect(correlogram.peakLag).toBeGreaterThan(0);
    expect(correlogram.peakP).toBeLessThan(0.05);
  });
});

describeWithShared("real mothers and infants, still-face recordings", () => {
  const visits = ["t0809", "t2509", "t2518", "t2709"];

  /** Intervals as tabulated, beside runs of the 30 Hz flags from which the table was made. */
  function recording(visit: string) {
    const rows = readFileSync(sharedPath("recordings", "derived", `klein_${visit}_events.tsv`), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split("\t"));
    const nFrames =
      readFileSync(sharedPath("recordings", "klein-mother-infant", `F0_infant_${visit}.csv`), "utf8")
        .trim()
        .split("\n").length - 1;
    const end = nFrames / 30;
    const of = (who: string) => {
      const own = rows.filter(([, , participant]) => participant === who);
      return tidyIntervals(
        own.map(([onset]) => Number(onset)),
        own.map(([onset, duration]) => Number(onset) + Number(duration)),
        { start: 0, end },
      );
    };
    return { nRows: rows.length, mother: of("mother"), infant: of("infant"), end };
  }

  describe.each(visits)("%s", (visit) => {
    const { nRows, mother, infant, end } = recording(visit);
    const observed = observedTime(0, end);

    test("every row is kept: nothing is invalid, outside, open or without length", () => {
      expect(mother.intervals.onsets.length + infant.intervals.onsets.length).toBe(nRows);
      for (const { nInvalid, nOutside, nUnclosed, openAtEnd, nZeroLength, nJoined } of [mother, infant])
        expect([nInvalid, nOutside, nUnclosed, openAtEnd, nZeroLength, nJoined]).toEqual([
          0,
          0,
          0,
          false,
          0,
          0,
        ]);
    });

    test("the base rate is the share of a fine grid of windows, and answers are counted one by one", () => {
      for (const windowSeconds of [1, 2, 5]) {
        const [acts, responses] = [mother.intervals, infant.intervals];
        const result = contingency(acts, responses, { windowSeconds, observed });
        const onsets = [...responses.onsets];
        const contains = (start: number) =>
          onsets.some((onset) => onset > start + 1e-9 && onset <= start + windowSeconds + 1e-9);
        const whole = [...acts.offsets].filter((offset) => offset <= end - windowSeconds);
        expect(result.nActs).toBe(whole.length);
        expect(result.nAnswered).toBe(whole.filter(contains).length);
        let hits = 0;
        const step = 0.01;
        const nSteps = Math.floor((end - windowSeconds) / step);
        for (let i = 0; i < nSteps; i++) if (contains((i + 0.5) * step)) hits++;
        expect(Math.abs(result.baseRate - hits / nSteps)).toBeLessThan(2e-3);
      }
    });

    test("turns are the same whoever is named first, and a longer gap loses none", () => {
      let before = 0;
      for (const gapSeconds of [1, 2, 5]) {
        const one = turnTaking(mother.intervals, infant.intervals, { gapSeconds, observed });
        const other = turnTaking(infant.intervals, mother.intervals, { gapSeconds, observed });
        expect([one.firstToSecond, one.secondToFirst]).toEqual([other.secondToFirst, other.firstToSecond]);
        const n = one.firstToSecond + one.secondToFirst;
        expect(n).toBeGreaterThanOrEqual(before);
        before = n;
        const serves = serveAndReturn(infant.intervals, mother.intervals, {
          replySeconds: gapSeconds,
          observed,
        });
        expect(serves.nReturns).toBeLessThanOrEqual(serves.nReplies);
      }
    });
  });
});
