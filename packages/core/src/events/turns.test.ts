import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stream, streamOfSteps } from "./example-streams.test-support.ts";
import { observedTime } from "./interval-algebra.ts";
import { serveAndReturn } from "./serve-and-return.ts";
import { turnTaking, turnTakingByKind } from "./turns.ts";

const wholeStreams = () =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 })
    .map(streamOfSteps);

const observed = observedTime(0, 60);

describe("turn-taking", () => {
  test("counts switches each way, their offsets, overlap and chains", () => {
    const infant = stream([1, 2], [5, 6], [20, 21], [30, 31]);
    const adult = stream([2.5, 4], [5.5, 7], [22, 23], [40, 41]);
    const turns = turnTaking(infant, adult, { gapSeconds: 2, observed });
    expect(turns).toMatchObject({
      firstToSecond: 3,
      secondToFirst: 1,
      switchesPerMinute: 4,
      medianTransferOffset: 0.75,
      overlapShare: 0.25,
      nUnknown: 0,
    });
    expect([...turns.transferOffsets]).toEqual([0.5, 1, -0.5, 1]);
    expect([...turns.chainLengths]).toEqual([4, 2]);
    expect(turnTaking(infant, adult, { gapSeconds: 2, overlapSeconds: 0.4, observed }).firstToSecond).toBe(2);
  });

  test("a pause by the same speaker and a gap that is too long make no turn", () => {
    const turns = turnTaking(stream([1, 2], [3, 4]), stream([7, 8]), { gapSeconds: 2, observed });
    expect([turns.firstToSecond, turns.secondToFirst, turns.chainLengths.length]).toEqual([0, 0, 0]);
    expect(turns.medianTransferOffset).toBeNaN();
    expect(
      turnTaking(stream([1, 2], [3, 4]), stream([6, 8]), { gapSeconds: 2, observed }).firstToSecond,
    ).toBe(1);
  });

  test("no switch is asserted across time in which nobody could hear", () => {
    const hole = observedTime(0, 60, stream([2.2, 2.4], [30, 40]));
    const turns = turnTaking(stream([1, 2], [40, 41]), stream([3, 4], [29, 30]), {
      gapSeconds: 20,
      observed: hole,
    });
    expect(turns).toMatchObject({ firstToSecond: 0, secondToFirst: 0, nUnknown: 2 });
  });

  test("exchanging the two exchanges the counts", () => {
    fc.assert(
      fc.property(wholeStreams(), wholeStreams(), fc.constantFrom(1, 2, 5), (a, b, gapSeconds) => {
        // Who comes first at exactly the same time is a convention: here nobody begins so.
        const late = stream(
          ...Array.from(b.onsets, (onset, i) => [onset + 0.25, b.offsets[i] + 0.25] as const),
        );
        const wide = observedTime(-1, 61);
        const one = turnTaking(a, late, { gapSeconds, observed: wide });
        const other = turnTaking(late, a, { gapSeconds, observed: wide });
        expect([one.firstToSecond, one.secondToFirst]).toEqual([other.secondToFirst, other.firstToSecond]);
        expect([...one.transferOffsets]).toEqual([...other.transferOffsets]);
        expect([...one.chainLengths]).toEqual([...other.chainLengths]);
        expect(one.chainLengths.reduce((sum, length) => sum + length - 1, 0)).toBe(
          one.transferOffsets.length,
        );
      }),
    );
  });

  test("an answer after a cry is the cry's and not the protophone's before it", () => {
    const protophones = stream([1, 1.5], [10, 11]);
    const cries = stream([2, 3]);
    const adult = stream([2.5, 4], [11.4, 12]);
    const [toProtophones, toCries] = turnTakingByKind([protophones, cries], adult, {
      gapSeconds: 5,
      observed,
    });
    expect([toProtophones.firstToSecond, toProtophones.overlapShare]).toEqual([1, 0]);
    expect([toCries.firstToSecond, toCries.overlapShare]).toEqual([1, 1]);
    expect(turnTaking(protophones, adult, { gapSeconds: 5, observed }).firstToSecond).toBe(2);
  });
});

describe("serve and return", () => {
  test("act, reply, act", () => {
    const infant = stream([1, 2], [5, 6], [20, 21], [30, 31], [31.5, 32]);
    const adult = stream([3, 4], [22, 23], [33, 34]);
    expect(serveAndReturn(infant, adult, { observed })).toEqual({
      nServes: 5,
      nReplies: 3,
      nJudgedReplies: 3,
      nReturns: 1,
      replyShare: 3 / 5,
      returnShare: 1 / 3,
      medianReplySeconds: 1,
      medianReturnSeconds: 1,
    });
  });

  test("no reply serves two acts", () => {
    fc.assert(
      fc.property(wholeStreams(), wholeStreams(), fc.constantFrom(1, 2, 5), (infant, adult, replySeconds) => {
        const result = serveAndReturn(infant, adult, { replySeconds, observed: observedTime(-1, 99) });
        expect(result.nReplies).toBeLessThanOrEqual(adult.onsets.length);
        expect(result.nReturns).toBeLessThanOrEqual(result.nJudgedReplies);
        expect(result.nServes).toBe(infant.onsets.length);
      }),
    );
  });

  test("what happens at the session's end is not judged", () => {
    const short = observedTime(0, 10);
    expect(serveAndReturn(stream([8, 9]), stream([9.5, 9.7]), { observed: short }).nServes).toBe(0);
    expect(serveAndReturn(stream([6, 7]), stream([8, 9]), { observed: short })).toMatchObject({
      nReplies: 1,
      nJudgedReplies: 0,
      returnShare: Number.NaN,
    });
  });
});
