import { describe, expect, test } from "vitest";
import { conditionalGranger } from "./conditional-granger.ts";
import { informationFlow } from "./information-flow.ts";
import { modelOf, randomModel } from "./test-models.ts";

const pair = modelOf({
  nChannels: 2,
  terms: [
    [1, 0, 0, 0.6],
    [1, 0, 1, 0.5],
    [1, 1, 1, 0.8],
  ],
});

describe("information flow", () => {
  test("row is the sink; for two channels it is rate F / (2 ln 2) bits per second", () => {
    const flow = informationFlow(pair, { samplingRate: 200 });
    const f = conditionalGranger(pair);
    expect(flow[0 * 2 + 1]).toBeCloseTo((200 * f[0 * 2 + 1]) / (2 * Math.LN2), 9);
    expect(Object.is(flow[1 * 2 + 0], 0)).toBe(true);
    expect([flow[0], flow[3]]).toEqual([0, 0]);
  });

  test("is proportional to the sampling rate", () => {
    const [slow, fast] = [50, 200].map((samplingRate) => informationFlow(pair, { samplingRate })[1]);
    expect(fast / slow).toBeCloseTo(4, 12);
  });

  test("bands that tile the axis add up to the whole", () => {
    const model = randomModel(3, 3, 8);
    const whole = informationFlow(model, { samplingRate: 200 });
    const sum = new Float64Array(9);
    for (const [low, high] of [
      [0, 3],
      [3, 6],
      [6, 9],
      [9, 100],
    ])
      informationFlow(model, { samplingRate: 200, low, high }).forEach((v, q) => {
        sum[q] += v;
      });
    for (let q = 0; q < 9; q++) expect(sum[q]).toBeCloseTo(whole[q], 9);
  });

  test("bands outside the axis are refused, degenerate models are NaN", () => {
    expect(() => informationFlow(pair, { samplingRate: 200, low: 6, high: 101 })).toThrow(/0\.\.100/);
    expect(() => informationFlow(pair, { samplingRate: 200, low: 9, high: 6 })).toThrow(/must rise/);
    expect(() => informationFlow(pair, { samplingRate: 200, steps: 3 })).toThrow(/even/);
    const singular = { ...pair, noiseCovariance: new Float64Array(4).fill(1) };
    expect(informationFlow(singular, { samplingRate: 200 })[1]).toBeNaN();
  });
});
