import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random/index.ts";
import { boutStatistics } from "./bouts.ts";
import { stream, streamOfSteps } from "./example-streams.test-support.ts";
import { observedTime, uniteIntervals } from "./interval-algebra.ts";
import { jointStates } from "./joint-states.ts";
import { mutualGazeStatistics } from "./mutual-gaze.ts";
import { offsetHazard } from "./offset-hazard.ts";
import { rateRatio } from "./rate-ratio.ts";
import { ratesByState } from "./rates-by-state.ts";
import { responseLatencies } from "./response-latency.ts";

const wholeStreams = () =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 })
    .map(streamOfSteps);

describe("bouts", () => {
  test("what the edge of the view cuts counts in time and not in length", () => {
    const observed = observedTime(0, 100, stream([40, 50]));
    const bouts = boutStatistics(stream([0, 4], [10, 12], [20, 26], [35, 55], [70, 70], [95, 100]), observed);
    expect(bouts).toMatchObject({
      observedSeconds: 90,
      seconds: 4 + 2 + 6 + 5 + 5 + 5,
      nOnsets: 5,
      medianBoutSeconds: 4,
      meanBoutSeconds: 4,
      nCensored: 4,
      firstLatencySeconds: 0,
    });
    expect([...bouts.boutSeconds]).toEqual([2, 6]);
    expect(bouts.share).toBeCloseTo(27 / 90, 14);
    expect(bouts.onsetsPerMinute).toBeCloseTo(5 / 1.5, 14);
    expect(boutStatistics(stream([12, 13]), observedTime(10, 20)).firstLatencySeconds).toBe(2);
    expect(boutStatistics(stream([2, 3]), observedTime(10, 20)).firstLatencySeconds).toBeNaN();
  });
});

describe("mutual gaze", () => {
  test("who looked first, who looked away, and how long the other was waited for", () => {
    const adult = stream([0, 5], [10, 20], [30, 35], [40, 50], [60, 70], [80, 99]);
    const infant = stream([2, 4], [12, 22], [28, 33], [40, 50], [55, 75], [85, 100]);
    const gaze = mutualGazeStatistics(adult, infant, observedTime(0, 100, stream([65, 66])));
    // 2-4, 12-20, 30-33, 40-50, 60-65, 66-70, 85-99; the adult's first look was on before anybody could see.
    expect(gaze.firstLooker).toEqual({ first: 3, second: 2, together: 1, unknown: 1 });
    expect(gaze.brokenBy).toEqual({ first: 3, second: 2, together: 1, unknown: 1 });
    expect(gaze.medianJoinSeconds).toEqual({ first: 3.5, second: 3.5 });
    expect(gaze.mutual.seconds).toBe(2 + 8 + 3 + 10 + 5 + 4 + 14);
    expect(gaze.firstGivenSecond).toBeCloseTo(46 / 61, 14);
    expect(gaze.secondGivenFirst).toBeCloseTo(46 / 58, 14);
    expect(gaze.expectedShare).toBeCloseTo((58 / 99) * (61 / 99), 14);
    expect(gaze.second.firstLatencySeconds).toBe(2);
  });

  test("exchanging the two exchanges everything", () => {
    fc.assert(
      fc.property(wholeStreams(), wholeStreams(), fc.integer({ min: 1, max: 58 }), (a, b, hole) => {
        const observed = observedTime(0, 60, stream([hole, hole + 1]));
        const one = mutualGazeStatistics(a, b, observed);
        const other = mutualGazeStatistics(b, a, observed);
        const turned = ({ first, second, ...rest }: typeof one.brokenBy) => ({
          first: second,
          second: first,
          ...rest,
        });
        expect(one.firstLooker).toEqual(turned(other.firstLooker));
        expect(one.brokenBy).toEqual(turned(other.brokenBy));
        expect(one.mutual).toEqual(other.mutual);
        expect(one.firstGivenSecond).toEqual(other.secondGivenFirst);
        expect(one.medianJoinSeconds.first).toEqual(other.medianJoinSeconds.second);
        const n = one.mutual.boutSeconds.length + one.mutual.nCensored;
        for (const who of [one.firstLooker, one.brokenBy])
          expect(who.first + who.second + who.together + who.unknown).toBe(n);
      }),
    );
  });
});

describe("joint states", () => {
  test("unknown is not away: it is in no row and no column", () => {
    const partner = stream([0, 10], [30, 40]);
    const away = stream([10, 20]);
    const voice = stream([5, 15], [22, 28], [39, 50]);
    const observed = observedTime(0, 60, stream([20, 30]));
    const joint = jointStates([partner, away], [voice], observed);
    expect([...joint.seconds]).toEqual([6, 5]);
    expect([...joint.rowSeconds]).toEqual([20, 10]);
    expect([...joint.columnSeconds]).toEqual([21]);
    expect([...joint.expectedSeconds]).toEqual([(20 * 21) / 50, (10 * 21) / 50]);
  });
});

describe("rates by state", () => {
  test("are over the exposure to their own state", () => {
    const voice = stream([0, 3], [5, 6], [12, 14], [25, 26], [58, 60]);
    const direct = stream([0, 13]);
    const averted = stream([13, 60]);
    const [inDirect, inAverted] = ratesByState(
      voice,
      [direct, averted],
      observedTime(0, 60, stream([20, 30])),
    );
    expect(inDirect).toEqual({
      seconds: 13,
      count: 2,
      perMinute: 120 / 13,
      activeSeconds: 5,
      activeShare: 5 / 13,
    });
    expect(inAverted).toEqual({
      seconds: 37,
      count: 1,
      perMinute: 60 / 37,
      activeSeconds: 3,
      activeShare: 3 / 37,
    });
    expect(ratesByState(voice, [stream()], observedTime(0, 60))[0].perMinute).toBeNaN();
  });

  test("the interval of a ratio covers the truth as often as it says", () => {
    // 10 and 20 events expected: simulated Poisson counts by exponential gaps.
    const uniform = mulberry32(5);
    const poisson = (expected: number) => {
      let n = -1;
      for (let sum = 0; sum < expected; n++) sum -= Math.log(1 - uniform());
      return n;
    };
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const { low, high } = rateRatio(poisson(10), 50, poisson(20), 200);
      if (low <= 2 && 2 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(940);
    expect(covered).toBeLessThanOrEqual(995);
  });

  test("ratios at the borders", () => {
    // p in [0.0825, 0.4564] for 6 of 27 minus rounding: Clopper and Pearson's limits through p / (1 - p).
    expect(rateRatio(3, 10, 0, 10)).toMatchObject({
      ratio: Number.POSITIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    expect(rateRatio(0, 10, 3, 10)).toMatchObject({ ratio: 0, low: 0 });
    expect(rateRatio(0, 10, 0, 10)).toEqual({ ratio: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY });
    expect(rateRatio(1, 0, 3, 10).ratio).toBeNaN();
    const one = rateRatio(7, 30, 11, 90);
    const other = rateRatio(11, 90, 7, 30);
    expect(one.low).toBeCloseTo(1 / other.high, 9);
    expect(one.ratio).toBeCloseTo(7 / 30 / (11 / 90), 14);
  });
});

describe("touch", () => {
  test("latency from a cry to touch; touch that is there already has none", () => {
    const cries = stream([0, 2], [5, 8], [20, 25], [40, 41], [57, 59]);
    const touch = stream([6, 9], [19, 22], [52, 53]);
    const observed = observedTime(0, 60);
    expect(responseLatencies(cries, touch, { withinSeconds: 10, observed })).toEqual({
      nSignals: 2,
      nAlready: 1,
      nCensored: 2,
      latencies: Float64Array.of(1),
      answeredShare: 0.5,
      medianSeconds: 1,
    });
    expect([...responseLatencies(cries, touch, { withinSeconds: 12, observed }).latencies]).toEqual([1, 12]);
    expect(responseLatencies(cries, touch, { withinSeconds: 5, from: "offset", observed }).nSignals).toBe(3);
  });

  test("a cry ends per minute of crying, after touch and otherwise", () => {
    const cry = stream([10, 30], [40, 60], [80, 100]);
    const touch = Float64Array.of(20, 70, 90);
    const hazard = offsetHazard(cry, touch, { observed: observedTime(0, 100) });
    // At risk after touch: 20-30, 80-85 of 70-85, 90-100; the last cry is cut by the end and has not ended.
    expect(hazard.after).toEqual({ nOffsets: 1, seconds: 25, perMinute: 2.4 });
    expect(hazard.otherwise).toEqual({ nOffsets: 1, seconds: 35, perMinute: 60 / 35 });
    expect(hazard.ratio.ratio).toBeCloseTo(35 / 25, 12);
  });

  test("all crying is at risk in one of the two parts", () => {
    fc.assert(
      fc.property(
        wholeStreams(),
        wholeStreams(),
        fc.integer({ min: 1, max: 20 }),
        (cry, touch, withinSeconds) => {
          const observed = observedTime(-1, 61);
          const { after, otherwise } = offsetHazard(cry, touch.onsets, { withinSeconds, observed });
          // Neighbours that touch are two cries of which the first has ended.
          const seconds = boutStatistics(cry, observed).seconds;
          expect(after.seconds + otherwise.seconds).toBeCloseTo(seconds, 9);
          expect(after.nOffsets + otherwise.nOffsets).toBe(
            cry.onsets.filter((onset, i) => cry.offsets[i] > onset).length,
          );
          expect(uniteIntervals(cry).onsets.length).toBeLessThanOrEqual(cry.onsets.length);
        },
      ),
    );
  });
});
