import { describe, expect, test } from "vitest";
import { detectRPeaks } from "./detect-r-peaks.ts";
import { addNoise, renderEcg, rhythm } from "./synthetic-ecg.test-support.ts";

const SECONDS = 60;
const samplingRate = 250;
const populations = [
  ["adult", 0.8],
  ["infant", 0.43],
] as const;

/** True beats from `from` on of which no found one lies within 50 ms, without those that an artefact covers. */
function missed(
  found: readonly { time: number }[],
  truth: readonly number[],
  from: number,
  artefacts: number[],
) {
  return truth.filter(
    (t) =>
      t > from &&
      t < SECONDS - 0.5 &&
      !artefacts.some((a) => Math.abs(a - t) < 0.3) &&
      !found.some(({ time }) => Math.abs(time - t) < 0.05),
  );
}

describe.each(populations)("artefacts in the trace of an %s", (population, interval) => {
  const truth = rhythm(SECONDS, interval);
  const trace = (): Float64Array => {
    const samples = renderEcg(
      samplingRate,
      SECONDS,
      truth.map((time) => ({ time, shape: population })),
    );
    addNoise(samples, 0.02);
    return samples;
  };
  /** A moment of three samples, so much higher than an R wave. */
  const spike = (samples: Float64Array, at: number, height: number): void => {
    for (let k = 0; k < 3; k++) samples[Math.round(at * samplingRate) + k] += height;
  };

  test("the size learnt from artefacts while the electrodes were put on is forgotten within 10 s", () => {
    const samples = trace();
    const artefacts = [0.3, 0.9, 1.3, 1.9, 2.3, 2.9, 3.3, 3.9];
    for (const at of artefacts) spike(samples, at, 30);
    const found = detectRPeaks(samples, { samplingRate, population });
    expect(missed(found, truth, 16, [])).toEqual([]);
  });

  test("artefacts one soon after the other cost no more than 3.5 s of beats", () => {
    const samples = trace();
    const artefacts = [20, 21.2, 22.5, 23.9];
    for (const at of artefacts) spike(samples, at, 60);
    const found = detectRPeaks(samples, { samplingRate, population });
    const lost = missed(found, truth, 4, artefacts);
    for (const time of lost) expect(time - 23.9).toBeLessThan(3.5);
  });

  test.each([10, 40, 1000])("beats that have grown %i times are found from the fifth on", (growth) => {
    const samples = trace().map((value, n) => (n < 30 * samplingRate ? value : growth * value));
    const found = detectRPeaks(samples, { samplingRate, population });
    const lost = missed(found, truth, 4, []);
    expect(lost.length).toBeLessThanOrEqual(4);
  });
});
